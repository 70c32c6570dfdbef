"""What the demonstration's people say of its drafts, and one consultation answered to the end.

Everybody here is made up; the consultations say so in their titles.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from editorial.models import Ground
from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency, Membership

from . import inviting, window
from .commenting import drafting, sending
from .commenting.subjects import WHOLE, Subject, newest_text
from .models import (
    Consultation,
    Exclusion,
    Opinion,
    OpinionState,
    RespondentKind,
    Result,
    SynthesisRow,
)
from .moderation import deciding
from .synthesis import answering, publishing, sorting
from .synthesis.answering import Answer

NOON = timedelta(hours=12)
LETTER = "Công văn số 121/SNV-CCHC (minh họa)"


@dataclass(frozen=True)
class Said:
    """One opinion: who, on which provision (words that stand in it), what became of it."""

    kind: str
    name: str
    text: str
    about: str = ""
    wording: tuple[str, str] = ("", "")
    fate: str = OpinionState.PUBLISHED


@dataclass(frozen=True)
class Answered:
    """The answer to the rows whose words hold these."""

    words: str
    result: str
    reasons: str
    where: str = ""


PERSON, BUSINESS = RespondentKind.PERSON, RespondentKind.BUSINESS
ORGANISATION = RespondentKind.ORGANISATION
HURRY = (
    "Đề nghị quy định rõ thời hạn chuyển hồ sơ giữa các cơ quan và trách nhiệm xin lỗi bằng văn "
    "bản khi trễ hạn, vì người dân ở tổ dân phố chúng tôi nhiều lần phải đi lại hỏi kết quả."
)

ON_REGULATION = [
    Said(
        PERSON,
        "Nguyễn Thị Hòa",
        "Thời gian chuyển hồ sơ nên tính cả hồ sơ nộp trực tuyến ngoài giờ, để người đi làm "
        "không phải xin nghỉ.",
        "Thời gian chuyển hồ sơ",
    ),
    Said(
        BUSINESS,
        "Công ty cổ phần Dịch vụ Sông Nhuệ (minh họa)",
        "Đề nghị cơ quan được hỏi ý kiến trả lời trên hệ thống, không yêu cầu doanh nghiệp nộp "
        "thêm bản giấy.",
        "trả lời trong 03 ngày",
        ("03 ngày làm việc", "02 ngày làm việc"),
    ),
    Said(
        ORGANISATION,
        "Hội Người cao tuổi phường Minh Họa",
        "Cần bố trí ghế chờ và người hướng dẫn ngay tại cửa; nhiều cụ không dùng được điện thoại.",
        "người cao tuổi, người khuyết tật",
    ),
    *(
        Said(PERSON, name, f"{HURRY} {more}", "Thời gian chuyển hồ sơ")
        for name, more in (
            ("Trần Văn Lâm", ""),
            ("Lê Thị Nhàn", "Mong Thành phố xem xét."),
            ("Phạm Quang Tú", "Tổ dân phố số 7."),
            ("Đỗ Thị Mai", "Xin cảm ơn."),
        )
    ),
    Said(PERSON, "Vũ Hải Yến", "Tôi gửi nhầm, xin rút lại.", fate=OpinionState.WITHDRAWN),
    Said(
        PERSON,
        "Ngô Đình Sơn",
        "Ông trưởng bộ phận ở phường tôi nhận tiền của người nộp hồ sơ, ai cũng biết.",
        fate=OpinionState.WITHHELD,
    ),
    Said(PERSON, "", "Nên có bản tóm tắt dễ đọc của quy chế này.", fate=OpinionState.WAITING),
]
OF_AGENCY = (
    "Sở Tài chính cơ bản nhất trí; đề nghị bổ sung quy định về kinh phí số hóa hồ sơ khi tiếp "
    "nhận, giao Ủy ban nhân dân xã, phường dự toán hằng năm."
)

ON_RECEIVING = [
    Said(
        PERSON,
        "Hoàng Thị Lý",
        "Hai ngày tiếp công dân một tháng vẫn ít, đề nghị ít nhất mỗi tuần một ngày.",
        "ít nhất hai ngày",
        ("hai ngày", "bốn ngày"),
    ),
    Said(
        ORGANISATION,
        "Ủy ban Mặt trận Tổ quốc phường Minh Họa",
        "Lịch tiếp công dân cần niêm yết tại nhà văn hóa tổ dân phố.",
        "Tại trụ sở",
    ),
    Said(
        BUSINESS,
        "Hợp tác xã Rau sạch Ven Sông (minh họa)",
        "Cho phép đăng ký lịch tiếp trực tuyến trước một ngày.",
        "Trên Trang thông tin điện tử",
    ),
    Said(PERSON, "Bùi Văn Khang", "Tôi hoàn toàn nhất trí với dự thảo."),
]
ANSWERS = [
    Answered(
        "mỗi tuần một ngày",
        Result.PARTLY,
        "Nâng số ngày tiếp công dân của Chủ tịch Ủy ban nhân dân xã, phường lên ba ngày trong một "
        "tháng; chưa quy định bốn ngày để bảo đảm lịch làm việc ở cơ sở.",
        "khoản 1 Điều 5 sửa đổi",
    ),
    Answered(
        "nhà văn hóa tổ dân phố",
        Result.ACCEPTED,
        "Bổ sung nơi niêm yết lịch tiếp công dân là nhà văn hóa thôn, tổ dân phố.",
        "điểm a khoản 2 Điều 5 sửa đổi",
    ),
    Answered(
        "đăng ký lịch tiếp",
        Result.EXPLAINED,
        "Việc đăng ký trực tuyến đã có trong Quy chế hiện hành và không thuộc nội dung sửa đổi "
        "lần này.",
    ),
]


def load_opened(made: Consultation, by: User) -> None:
    """Days are counted from the opening, however long ago that was. Said once."""
    first = _opening(made) + timedelta(days=6)
    is_open = _is_open(made, first + NOON) and _is_open(made, first + timedelta(days=2) + NOON)
    if is_open and not made.opinions.exists():
        _say_all(made, ON_REGULATION, first, by)
        _say_for_agency(made, "STC", first + timedelta(days=2), by)
    if window.of(made).is_open:
        _ask(made, "STP", by)


def load_answered(made: Consultation, by: User) -> None:
    first = _opening(made) + timedelta(days=15)
    answers_at = first + timedelta(days=25) + NOON
    is_over = window.of(made, answers_at).state is window.WindowState.CLOSED
    if _is_open(made, first + NOON) and is_over and not made.opinions.exists():
        _say_all(made, ON_RECEIVING, first, by)
        _answer_all(made, answers_at, by)


def _opening(made: Consultation) -> datetime:
    opens_at = window.of(made).first_moment or clock.start_of_day()
    return opens_at.replace(hour=0, minute=0, second=0, microsecond=0)


def _is_open(made: Consultation, moment: datetime) -> bool:
    return moment < clock.now() and window.of(made, moment).is_open


def _ask(made: Consultation, code: str, by: User) -> None:
    """An agency that has not answered yet: its official may try it."""
    last_day = window.of(made).last_moment.date()
    due_on = min(last_day, clock.today() + timedelta(days=5))
    agency = Agency.objects.get(code=code)
    inviting.invite(made.pk, [agency], document_number=LETTER, due_on=due_on, by=by)


def official(code: str) -> User:
    """Somebody who acts for an agency; signs in only where the demonstration gave an account."""
    made, is_new = User.objects.get_or_create(
        username=f"canbo.{code.lower()}",
        defaults={
            "last_name": "Cán bộ",
            "first_name": f"{code} (demo)",
            "email": f"canbo.{code.lower()}@demo.example",
        },
    )
    if is_new:
        made.set_unusable_password()
        made.save(update_fields=["password"])
        Membership.objects.create(
            user=made,
            agency=Agency.objects.get(code=code),
            valid_from=date(2026, 1, 1),
            decision="Văn bản cử cán bộ (minh họa)",
        )
    return made


def _say_all(made: Consultation, said: list[Said], first: datetime, by: User) -> None:
    for number, one in enumerate(said):
        with clock.stopped_at(first + NOON + timedelta(hours=3 * number)):
            _decide(_say(made, one), one.fate, by)


def _say(made: Consultation, one: Said) -> Opinion:
    subject = _subject(made, one.about)
    before, after = one.wording
    typed = {
        "respondent_kind": one.kind,
        "name": one.name,
        "is_name_shown": bool(one.name),
        "email": "",
        "text": one.text,
        "suggested_text": subject.quoted().replace(before, after) if before else "",
        "answers": {},
    }
    _key, draft = drafting.start(uuid.uuid4(), subject, typed)
    code = sending.send(draft.pk)
    return Opinion.objects.get(receipt_code=code)


def _subject(made: Consultation, about: str) -> Subject:
    text = newest_text(made)
    place = text.provisions.filter(text__contains=about).first() if about and text else None
    return Subject(made, text, place)


def _decide(opinion: Opinion, fate: str, by: User) -> None:
    if fate == OpinionState.PUBLISHED:
        deciding.publish(opinion.pk, by)
    elif fate == OpinionState.WITHHELD:
        reason = (
            "Nội dung nêu hành vi của một người cụ thể chưa được xác minh. Ông/bà có thể gửi tố "
            "cáo đến cơ quan có thẩm quyền."
        )
        deciding.withhold(opinion.pk, by, grounds=[Ground.UNDER_VERIFICATION], reason=reason)
    elif fate == OpinionState.WITHDRAWN:
        sending.withdraw(opinion)


def _say_for_agency(made: Consultation, code: str, day: datetime, by: User) -> None:
    with clock.stopped_at(day + NOON):
        agency = Agency.objects.get(code=code)
        person = official(code)
        due_on = clock.today() + timedelta(days=10)
        rows = inviting.invite(made.pk, [agency], document_number=LETTER, due_on=due_on, by=by)
        for row in rows:
            given = inviting.answer(
                row.pk, person, target=WHOLE, token=uuid.uuid4(), text=OF_AGENCY
            )
            deciding.publish(given.pk, by)


def _answer_all(made: Consultation, moment: datetime, by: User) -> None:
    """Sorted and answered by an official of the drafting agency, published by the group."""
    person = official(made.agency.code)
    with clock.stopped_at(moment):
        sorting.sort_rest(made.pk, person)
        agreeing = made.accounts.filter(opinion__text__contains="hoàn toàn nhất trí")
        keys = list(agreeing.values_list("pk", flat=True))
        note = "Cảm ơn ông/bà đã nhất trí với dự thảo."
        sorting.leave_out(made.pk, keys, Exclusion.AGREES, note, person)
        for row in SynthesisRow.objects.filter(consultation=made, points__isnull=False).distinct():
            given = next(one for one in ANSWERS if one.words in row.summary)
            told = Answer(given.result, given.reasons, given.where, is_ready=True)
            answering.answer(row.pk, row.revision, row.summary, told, person)
        publishing.publish(made.pk, by, document_number="Công văn số 160/STP-VB (minh họa)")
