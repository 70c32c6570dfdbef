"""A survey with its pages, and people who answer it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from portal import clock
from satisfaction import drafting, submission
from satisfaction.models import Draft, Response, Survey
from satisfaction.pages import SurveyPage, SurveysPage
from satisfaction.questionnaires import read, template
from satisfaction.reading import read_section
from satisfaction.versions import publish_version
from site_pages import tree

OPENS = datetime.fromisoformat("2026-11-01T00:00:00+07:00")
CLOSES = datetime.fromisoformat("2026-12-01T00:00:00+07:00")
NOON = "2026-11-20 12:00"


def make_survey(code: str = "hai-long", **fields) -> Survey:
    survey = Survey.objects.create(
        code=code,
        title=template("sipas_service")["title"]["vi"],
        **{"opens_at": OPENS, "closes_at": CLOSES, **fields},
    )
    publish_version(survey, template("sipas_service"), survey.opens_at)
    return survey


def make_page(survey: Survey) -> SurveyPage:
    """The survey's page in both languages, in the real tree."""
    tree.lay()
    parent = SurveysPage.objects.get(locale__language_code="vi")
    page = parent.add_child(
        instance=SurveyPage(title=survey.title, slug=survey.code, survey=survey)
    )
    english = parent.get_translations().get()
    tree.publish_translation(page, english.locale, {"title": "How satisfied are you?"})
    return page


def answers(level: int = 4, agency: str = "SNV", **others: str) -> dict[str, str]:
    """A whole form: every item at one level."""
    questionnaire = read(template("sipas_service"))
    items = {item: str(level) for item in questionnaire.index.items}
    return {"agency": agency, **items, **others}


def begin(survey: Survey, data: dict[str, str]) -> tuple[str, Draft]:
    key, draft = drafting.start(survey, uuid.uuid4())
    for section in read(draft.version.definition).sections:
        reading = read_section(section, data)
        draft = drafting.save_section(draft.pk, section, reading.answers)
    return key, draft


def respond(survey: Survey, data: dict[str, str] | None = None, seconds: int = 300) -> Response:
    """One citizen's response through the verbs, `seconds` after beginning."""
    now = clock.now()
    with clock.stopped_at(now - timedelta(seconds=seconds)):
        _key, draft = begin(survey, data or answers())
    with clock.stopped_at(now):
        receipt = submission.submit(draft.pk)
    return Response.objects.get(receipt_code=receipt)


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def labels(vi: str, en: str = "") -> dict[str, str]:
    return {"vi": vi, "en": en or vi}


def choices(*words: str, **flagged: int) -> list[dict]:
    """Choices 1, 2, … with these words, and one more for each flag with its code."""
    plain = [{"code": code, "label": labels(word)} for code, word in enumerate(words, 1)]
    return plain + [
        {"code": code, "label": labels(FLAG_WORDS[flag]), flag: True}
        for flag, code in flagged.items()
    ]


FLAG_WORDS = {
    "na": "Không áp dụng",
    "declined": "Không muốn trả lời",
    "exclusive": "Không có việc nào",
    "other": "Khác <b>ghi rõ</b>",
}


def question(code: str, kind: str, required: bool = False, **entries) -> dict:
    return {
        "code": code,
        "type": kind,
        "label": labels(f"Câu {code}: Đống Đa “thế nào” <i>?</i>", f"Question {code}"),
        "required": required,
        **entries,
    }


def every_kind() -> dict:
    """A definition with a question of each kind, a grid, shuffling and conditions.

    Who did not come (come = 2) is asked neither the visit nor the reasons.
    """
    met = {"op": "is", "question": "come", "codes": [1]}
    scale = choices("Kém", "Khá", "Tốt", na=9)
    reasons = choices("Nộp hồ sơ", "Hỏi", "Khiếu nại", declined=99, exclusive=8, other=7)
    return {
        "title": labels("Mọi loại câu hỏi", "Every kind of question"),
        "intro": labels("Xin mời ông/bà trả lời.", "Please answer."),
        "basis": "Điều 7 khoản 3 Quy chế",
        "scales": {"ba-muc": {"choices": scale}},
        "sections": [
            {
                "code": "S1",
                "slug": "bat-dau",
                "title": labels("Bắt đầu", "Beginning"),
                "questions": [
                    question("agency", "agency", True),
                    question("come", "single", True, choices=choices("Có", "Không")),
                ],
            },
            {
                "code": "S2",
                "slug": "lan-den",
                "title": labels("Lần đến", "The visit"),
                "show_if": met,
                "scored": True,
                "grids": {"G": {"label": labels("Đánh giá", "Your rating")}},
                "questions": [
                    question("g1", "scale", True, scale="ba-muc", grid="G"),
                    question("g2", "scale", True, scale="ba-muc", grid="G"),
                    question("day", "date", min="2026-01-01", max="2026-11-30"),
                    question("wait", "number", min=0, max=1440, decimals=1, unit=labels("phút")),
                ],
            },
            {
                "code": "S3",
                "slug": "ly-do",
                "title": labels("Lý do", "Reasons"),
                "shuffle": True,
                "questions": [
                    question(
                        "why", "multiple", True, choices=reasons, shuffle=True, min=1, max=2,
                        show_if=met,
                    ),
                    question(
                        "order", "ranking", choices=choices("Nhanh", "Rẻ", "Gần"), shuffle=True
                    ),
                    question(
                        "score", "rating", True, choices=[],
                        ends={"low": labels("Rất tệ"), "high": labels("Rất tốt")},
                    ),
                ],
            },
            {
                "code": "S4",
                "slug": "loi-cuoi",
                "title": labels("Lời cuối", "Last words"),
                "questions": [
                    question(
                        "late", "short", max_length=80,
                        show_if={"op": "at_least", "question": "wait", "value": 60},
                    ),
                    question("words", "text", max_length=500, hint=labels("Không bắt buộc.")),
                ],
            },
        ],
        "index": {
            "version": "ba-muc/1",
            "items": ["g1", "g2"],
            "satisfied": [3],
            "decimals": 2,
            "basis": "Tỷ lệ mức Tốt",
        },
    }  # fmt: skip


def full_form(**others) -> dict:
    """Answers to every question of `every_kind`, as a form sends them."""
    return {
        "agency": "SNV", "come": "1",
        "g1": "3", "g2": "2",
        "day.day": "7", "day.month": "11", "day.year": "2026", "wait": "1.234,5",
        "why": ["1", "7"], "why.other": "Trả lại <b>tờ khai</b>",
        "order.1": "2", "order.2": "", "order.3": "1", "score": "8",
        "late": "Đợi   lâu", "words": "Cảm ơn\ncán bộ",
        **others,
    }  # fmt: skip


def make_full_survey(code: str = "moi-loai", definition: dict | None = None, **fields) -> Survey:
    survey = Survey.objects.create(
        code=code, title="Mọi loại câu hỏi", **{"opens_at": OPENS, "closes_at": CLOSES, **fields}
    )
    publish_version(survey, definition or every_kind(), survey.opens_at)
    return survey
