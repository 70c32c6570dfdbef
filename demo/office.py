"""The Board's own work in the demonstration: plan, orders, a meeting, training, proposals."""

from __future__ import annotations

from datetime import timedelta

from editorial import meetings, orders, planning, proposals, reminders, training
from editorial.models import (
    Appointment,
    Collaborator,
    Course,
    Meeting,
    NoticeKind,
    Participation,
    PlanTopic,
    Proposal,
    ProposalKind,
    YearPlan,
)
from portal import clock
from portal.accounts.models import User
from site_pages.models import CategoryPage

TOPICS = [
    ("Kết quả đo lường sự hài lòng theo cơ quan", "tinh-hinh-ket-qua", 4),
    ("Một cửa phi địa giới hành chính", "tinh-hinh-ket-qua", 4),
    ("Mô hình phường không giấy tờ", "kinh-nghiem-mo-hinh", 3),
]
WANTED = "Bài viết có số liệu, ghi rõ nguồn; ảnh do cơ quan cung cấp."


def load() -> None:
    """By the verbs that people use; each part once."""
    if not YearPlan.objects.exists():
        _plan()
    if not Meeting.objects.exists():
        _meeting()
    if not Course.objects.exists():
        _training()
    if not Proposal.objects.exists():
        _proposals()


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _plan() -> None:
    """An approved plan with three orders: one late, one to be answered, one to be agreed."""
    group, writer = _user("tocongtac"), Collaborator.objects.get(user__username="bientap")
    now = clock.now()
    with clock.stopped_at(now - timedelta(days=6)):
        plan = planning.begin(clock.today().year, "Mỗi quý một chuyên đề (minh họa).", group)
        for name, slug, quarter in TOPICS:
            section = CategoryPage.objects.get(slug=slug, locale__language_code="vi")
            planning.add_topic(plan.pk, name, section, WANTED, quarter, group)
        planning.submit(plan.pk, group)
        planning.approve(plan.pk, "03/KH-BBT", clock.today(), _user("truongban"))
        first, second, third = PlanTopic.objects.filter(plan=plan).order_by("number")
        late = orders.place(first.pk, writer, WANTED, now - timedelta(hours=30), group)
        orders.agree(late.pk, writer.user)
        asked = orders.place(second.pk, writer, WANTED, now + timedelta(days=9), group)
        note = "Chờ số liệu của đơn vị."
        orders.ask_for(asked.pk, now + timedelta(days=14), note, writer.user)
    orders.place(third.pk, writer, WANTED, now + timedelta(days=12), group)
    reminders.remind_all()


def _meeting() -> None:
    """A meeting ahead whose notice one member has acknowledged."""
    group = _user("tocongtac")
    posts = {row.user.username: row for row in Appointment.objects.select_related("user")}
    starts = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=6)
    meeting = meetings.prepare(
        by=group,
        title="Họp Ban Biên tập về kế hoạch năm tới (minh họa)",
        notice_kind=NoticeKind.INVITATION,
        starts_at=starts,
        place="Phòng họp tầng 3, Sở Nội vụ",
        link="",
        chair=posts["truongban"],
        secretary=posts["tocongtac"],
        signer=posts["truongban"],
    )
    lines = [("Kết quả thực hiện kế hoạch năm", "Tổ Công tác"), ("Dự thảo kế hoạch năm tới", "")]
    meetings.set_agenda(meeting.pk, lines, group)
    meetings.invite(meeting.pk, posts.values(), group)
    meetings.notify(meeting.pk, group)
    meetings.acknowledge(meeting.pk, _user("thanhvien"))


def _training() -> None:
    group, day = _user("tocongtac"), clock.today() - timedelta(days=20)
    course = training.record(
        by=group,
        subject="Viết tin, bài về cải cách hành chính (minh họa)",
        organiser="Sở Nội vụ",
        starts_on=day,
        ends_on=day,
        hours=8,
        note="",
    )
    training.enrol(course.pk, [_user("bientap"), group], group)
    certified = Participation.objects.get(course=course, user__username="bientap")
    training.certify(course.pk, certified, "Số 01/CN (minh họa)", group)


def _proposals() -> None:
    proposals.propose(
        ProposalKind.FUNCTION,
        "Bộ lọc theo xã, phường ở trang văn bản",
        "Người dân tìm văn bản của địa phương mình nhanh hơn (minh họa).",
        _user("thanhvien"),
    )
    answered = proposals.propose(
        ProposalKind.CONTENT,
        "Chuyên mục hỏi nhanh, đáp gọn",
        "Mỗi tuần ba câu hỏi thường gặp (minh họa).",
        _user("phoban"),
    )
    reply = "Đồng ý, giao Tổ Công tác thực hiện trong quý tới (minh họa)."
    proposals.accept(answered.pk, reply, _user("truongban"))
