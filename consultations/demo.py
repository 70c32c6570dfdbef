"""Demonstration consultations: four drafts, each handed in and read as an agency's would be.

One is being commented on, one is answered to the end (`demo_opinions`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from site_pages.tree import publish_translation

from . import demo_opinions, drafting, mapping, preparing, scheduling
from .models import Consultation, DraftKind, DraftText

FOLDER = Path(__file__).parent / "demo_drafts"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPENS_AT = timedelta(hours=8)


@dataclass(frozen=True)
class Plan:
    """One consultation of the demonstration; days are counted from today."""

    title: str
    english: str
    abstract: str
    kind: DraftKind
    agency: str
    field: str
    opens: int
    last: int
    versions: list[tuple[str, str]] = field(default_factory=list)
    # In Vietnamese and in English.
    questions: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    extended_to: int | None = None


PLANS = [
    Plan(
        "Dự thảo Quyết định ban hành Quy chế phối hợp giải quyết thủ tục hành chính theo cơ chế "
        "một cửa (minh họa)",
        "Draft regulation on joint handling of administrative procedures (illustration)",
        "Quy định cách các sở, xã, phường chuyển và trả kết quả hồ sơ; rút ngắn thời gian chuyển "
        "hồ sơ và thời hạn hỏi ý kiến.",
        DraftKind.NORMATIVE,
        "SNV",
        "procedures",
        -12,
        15,
        [
            ("quyet-dinh-kem-quy-che.docx", ""),
            (
                "quyet-dinh-kem-quy-che-ban-2.docx",
                "Rút ngắn thời gian chuyển hồ sơ; bổ sung việc tiếp nhận không theo nơi cư trú.",
            ),
        ],
        body=(
            "<p>Người dân, doanh nghiệp chờ ngắn hơn: hồ sơ được chuyển trong ngày và cơ quan "
            "được hỏi ý kiến phải trả lời trong 03 ngày làm việc.</p>"
        ),
    ),
    Plan(
        "Dự thảo Kế hoạch cải cách hành chính năm 2027 (minh họa)",
        "Draft plan of administrative reform for 2027 (illustration)",
        "Mục tiêu, nhiệm vụ và thời hạn của từng cơ quan trong năm 2027.",
        DraftKind.OTHER,
        "SNV",
        "direction",
        -7,
        3,
        [("ke-hoach-co-bang.docx", "")],
    ),
    Plan(
        "Dự thảo Quyết định sửa đổi Quy chế tiếp công dân (minh họa)",
        "Draft decision amending the regulation on receiving citizens (illustration)",
        "Tăng số ngày tiếp công dân ở xã, phường và bổ sung hình thức trực tuyến.",
        DraftKind.NORMATIVE,
        "STP",
        "institutions",
        -45,
        -20,
        [("quyet-dinh-sua-doi.docx", "")],
        extended_to=-15,
    ),
    Plan(
        "Ông/bà muốn cải cách thủ tục nào trước trong năm 2027? (minh họa)",
        "Which procedures should be reformed first in 2027? (illustration)",
        "Ý kiến được dùng để chọn các thủ tục rà soát, đơn giản hóa trong năm 2027.",
        DraftKind.TOPIC,
        "SNV",
        "procedures",
        4,
        34,
        questions=[
            (
                "Thủ tục nào ông/bà thấy mất nhiều thời gian nhất?",
                "Which procedure takes most of your time?",
            ),
            ("Giấy tờ nào theo ông/bà có thể bỏ?", "Which papers could be dropped?"),
            (
                "Nên làm gì trước để việc nộp hồ sơ trực tuyến dễ hơn?",
                "What should come first to make applying online easier?",
            ),
        ],
    ),
]


def load() -> None:
    """By the verbs that people use; a consultation that is there already is left alone."""
    by = User.objects.get(username="tocongtac")
    for plan in PLANS:
        if not Consultation.objects.filter(title=plan.title).exists():
            with transaction.atomic():
                _lay(plan, by)


def load_opinions() -> None:
    """A step of its own: sites that were laid before people spoke in them get it too."""
    by = User.objects.get(username="tocongtac")
    opened, answered = (Consultation.objects.filter(title=PLANS[at].title).first() for at in (0, 2))
    with transaction.atomic():
        if opened:
            demo_opinions.load_opened(opened, by)
        if answered:
            demo_opinions.load_answered(answered, by)


def _lay(plan: Plan, by: User) -> Consultation:
    today = clock.start_of_day()
    begins = today + timedelta(days=plan.opens) + OPENS_AT
    # What opens in the days to come is prepared today.
    with clock.stopped_at(min(begins, clock.now())):
        made = _prepare(plan, by)
        last_day = clock.day_of(today + timedelta(days=plan.last))
        opens_at = begins if begins > clock.now() else None
        scheduling.open_window(made.pk, by, last_day, opens_at)
        _publish_page(made, plan)
    for number, (name, note) in enumerate(plan.versions[1:], 1):
        with clock.stopped_at(begins + timedelta(days=4 * number)):
            _version(made, by, name, note)
    if plan.extended_to is not None:
        _extend(made, by, today, plan)
    return made


def _prepare(plan: Plan, by: User) -> Consultation:
    answers_due = clock.start_of_day() + timedelta(days=plan.last - plan.opens + 30)
    made = preparing.prepare(
        by,
        title=plan.title,
        kind=plan.kind,
        agency=Agency.objects.get(code=plan.agency),
        request_document="Công văn số 120/SNV-CCHC (minh họa)",
        legal_basis="Quy chế hoạt động của Trang thông tin, Điều 7 và điểm b khoản 4 Điều 8",
        reform_field=plan.field,
        answer_due_on=clock.day_of(answers_due),
        questions=[vietnamese for vietnamese, _english in plan.questions],
        questions_en=[english for _vietnamese, english in plan.questions],
        is_demo=True,
    )
    for name, note in plan.versions[:1]:
        _version(made, by, name, note)
    return made


def _version(made: Consultation, by: User, name: str, note: str) -> DraftText:
    text = drafting.new_version(made.pk, by, note)
    content = (FOLDER / name).read_bytes()
    drafting.hand_in(text.pk, by, SimpleUploadedFile(name, content, DOCX))
    drain()
    chosen = {row.pk: (row.kind, row.new_id) for row in text.mappings.all()}
    if chosen:
        mapping.confirm(text.pk, by, chosen)
    return drafting.publish(text.pk, by)


def _publish_page(made: Consultation, plan: Plan) -> None:
    page = preparing.page_of(made)
    page.abstract_text, page.body = plan.abstract, plan.body
    page.save_revision().publish()
    english = page.get_parent().get_translations().filter(locale__language_code="en").first()
    if english:
        publish_translation(page, english.locale, {"title": plan.english})


def _extend(made: Consultation, by: User, today: datetime, plan: Plan) -> None:
    with clock.stopped_at(today + timedelta(days=plan.last - 1) + OPENS_AT):
        scheduling.extend(
            made.pk,
            by,
            clock.day_of(today + timedelta(days=plan.extended_to or 0)),
            "Nhiều xã, phường đề nghị thêm thời gian lấy ý kiến tổ dân phố (minh họa).",
            "Công văn số 135/STP-VB (minh họa)",
        )
