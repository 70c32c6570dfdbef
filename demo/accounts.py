"""People of the demonstration: one for each role, with the same password for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Group
from wagtail.models import Page

from editorial import appointing, assigning, collaborating
from editorial.models import Appointment, BoardDecision, CollaboratorKind, Post
from portal import clock
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.agencies import membership
from portal.agencies.models import Agency, AgencyKind

# Printed on the terminal of a demonstration and refused everywhere else (see the command).
PASSWORD = "Ha-Noi-thu-nghiem-2026"  # noqa: S105


@dataclass(frozen=True)
class Person:
    username: str
    last_name: str
    first_name: str
    what: str
    role: Role | None


PEOPLE = [
    Person("quantri", "Quản trị", "(demo)", "quản trị hệ thống, toàn quyền", None),
    Person(
        "tocongtac", "Nguyễn Minh", "Châu (demo)", "nội dung, khảo sát, báo cáo", Role.WORKING_GROUP
    ),
    Person("truongban", "Phạm Đức", "Minh (demo)", "Trưởng Ban Biên tập", Role.BOARD_HEAD),
    Person("phoban", "Vũ Thị", "Lan (demo)", "Phó Trưởng ban Thường trực", Role.BOARD_MEMBER),
    Person("thanhvien", "Đỗ Quốc", "Bình (demo)", "duyệt hai chuyên mục", Role.BOARD_MEMBER),
    Person("bientap", "Trần Thu", "Hà (demo)", "cộng tác viên viết tin, bài", Role.COLLABORATOR),
    Person("lanhdao", "Lê Quang", "Vinh (demo)", "xem và công bố báo cáo", Role.LEADERSHIP),
    Person(
        "canbo.stp",
        "Hoàng Thu",
        "Trang (demo)",
        "cán bộ Sở Tư pháp: góp ý thay cơ quan, trả lời ý kiến",
        Role.AGENCY_OFFICER,
    ),
]
# Posts and contracts of the demonstration begin here; the access follows from them.
DECISION = ("01/QĐ-UBND", "Thành lập Ban Biên tập Trang thông tin (minh họa)")
FIRST_DAY = date(2026, 10, 1)
OFFICES = {
    "truongban": (Post.HEAD, "Giám đốc Sở Nội vụ"),
    "phoban": (Post.STANDING_DEPUTY, "Phó Giám đốc Sở Nội vụ"),
    "thanhvien": (Post.MEMBER, "Phó Giám đốc Sở Khoa học và Công nghệ"),
    "tocongtac": (Post.WORKING_GROUP, "Trưởng phòng Cải cách hành chính, Sở Nội vụ"),
}
PAPER = "Thông báo số 02/TB-BBT ngày 01/10/2026"
AGENCIES = {"canbo.stp": ("STP", "Văn bản cử cán bộ (minh họa)")}
IN_CHARGE = {"thanhvien": ["tinh-hinh-ket-qua", "kinh-nghiem-mo-hinh"]}


def load() -> None:
    """Make one account for each role."""
    for person in PEOPLE:
        user, created = User.objects.get_or_create(
            username=person.username,
            defaults={
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": f"{person.username}@demo.example",
                "is_superuser": person.role is None,
                "is_staff": person.role is None,
            },
        )
        # Of a site laid earlier: nobody signed in with it yet.
        if created or not user.has_usable_password():
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        if person.role == Role.LEADERSHIP:
            user.groups.add(Group.objects.get(name=person.role.value))


def load_board() -> None:
    """Appoint, assign and take in a collaborator by the same verbs that people use."""
    by = User.objects.get(username="quantri")
    number, about = DECISION
    first_day = min(FIRST_DAY, clock.today())
    decision = BoardDecision.objects.filter(number=number).first()
    decision = decision or appointing.record_decision(number, first_day, about, by)
    for name, (post, office) in OFFICES.items():
        user = User.objects.get(username=name)
        if not user.appointments.exists():
            made = appointing.appoint(user, post, decision, office, decision.issued_on, by)
            _put_in_charge(made, name, by)
    writer = User.objects.get(username="bientap")
    if not writer.collaborations.exists():
        agency = Agency.objects.valid_on(first_day).filter(kind=AgencyKind.WARD).first()
        kind, paper = CollaboratorKind.OFFICIAL, "Công văn số 15/UBND-VP ngày 01/10/2026"
        collaborating.start(writer, kind, paper, first_day, by, agency)


def load_officials() -> None:
    """Officials of agencies, who may act for them from the first day on."""
    load()
    by = User.objects.get(username="quantri")
    for name, (code, paper) in AGENCIES.items():
        user, agency = User.objects.get(username=name), Agency.objects.get(code=code)
        if not user.memberships.filter(agency=agency).exists():
            membership.grant(user, agency, paper, min(FIRST_DAY, clock.today()), by)


def _put_in_charge(appointment: Appointment, name: str, by: User) -> None:
    for slug in IN_CHARGE.get(name, []):
        section = Page.objects.get(slug=slug, locale__language_code="vi", depth=3)
        assigning.assign(appointment.pk, section, PAPER, appointment.valid_from, by)


def table() -> str:
    """The accounts as `make run` prints them."""
    lines = [f"  {person.username:<11} {person.what}" for person in PEOPLE]
    return "\n".join([*lines, f"  Mật khẩu chung: {PASSWORD}"])
