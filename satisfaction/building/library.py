"""What ships ready-made: questionnaires, questions about the person, scales."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..questionnaires import in_language, template
from .codes import own_code
from .structure import Definition, Part, questions

BASIS = "Điều 7 Quy chế hoạt động của Trang thông tin"
INDEX_BASIS = (
    "Tỷ lệ câu trả lời ở mức Hài lòng và Rất hài lòng trên tổng số câu trả lời có đánh giá"
)
INTRO = {
    "vi": "Mời ông/bà trả lời các câu hỏi dưới đây. Phiếu không ghi họ tên hay địa chỉ.",
    "en": "Please answer the questions below. No name or address is recorded.",
}


@dataclass(frozen=True)
class Template:
    """A questionnaire of the library; `name` is its file in satisfaction/data."""

    name: str
    title: str | Promise
    about: str | Promise


TEMPLATES = [
    Template(
        "sipas_2024",
        _("People's satisfaction (SIPAS), whole"),
        _("9 criteria: 4 of policy, 5 of services; 33 items, expectations, about the person"),
    ),
    Template(
        "sipas_service",
        _("People's satisfaction with services (SIPAS, head II)"),
        _("5 criteria, 19 items on the service of an agency"),
    ),
    Template(
        "service_counter",
        _("After a visit to the one-stop counter"),
        _("Short: 5 items, waiting time, overall mark; for QR codes and kiosks"),
    ),
    Template(
        "civil_servants",
        _("Civil servants on administrative reform (Art. 7.2)"),
        _("4 criteria, 13 statements, obstacles and priorities"),
    ),
    Template(
        "website_users",
        _("Users of this portal (Art. 10.2)"),
        _("Content, design, replies; what should be done first"),
    ),
]


@cache
def _ready_made() -> dict:
    return template("ready_made")


def blank(title: str, title_en: str = "") -> Definition:
    """A questionnaire with one empty page that asks for the agency."""
    return {
        "title": {"vi": title, "en": title_en} if title_en else {"vi": title},
        "intro": dict(INTRO),
        "basis": BASIS,
        "scales": {"hai-long-5": scale("hai-long-5")},
        "sections": [
            {
                "code": "S1",
                "slug": "co-quan",
                "title": {"vi": "Cơ quan được đánh giá", "en": "The agency you rate"},
                "questions": [
                    {
                        "code": "agency",
                        "type": "agency",
                        "label": {
                            "vi": "Ông/bà đánh giá cơ quan nào?",
                            "en": "Which agency do you rate?",
                        },
                        "required": True,
                    }
                ],
            }
        ],
        "index": {
            "version": "1",
            "items": [],
            "satisfied": [4, 5],
            "decimals": 2,
            "basis": INDEX_BASIS,
        },
    }


def from_template(name: str) -> Definition:
    if name not in {known.name for known in TEMPLATES}:
        raise ValueError(name)
    return template(name)


def scale(name: str) -> Part:
    """A ready-made scale as a definition holds it."""
    return {"choices": deepcopy(_ready_made()["scales"][name]["choices"])}


def scale_titles() -> dict[str, str]:
    return {name: in_language(row["title"]) for name, row in _ready_made()["scales"].items()}


def ready_questions() -> list[Part]:
    return _ready_made()["questions"]


def ready_for(definition: Definition) -> list[tuple[str, str]]:
    """Code and words of the ready-made questions that the definition does not hold yet."""
    held = {question["code"] for _section, question in questions(definition)}
    return [
        (row["code"], in_language(row["label"]))
        for row in ready_questions()
        if row["code"] not in held
    ]


def ready_copy(code: str, spent: dict) -> Part | None:
    """A ready-made question to put in; numbered where its code was given out before."""
    found = next((row for row in ready_questions() if row["code"] == code), None)
    if found is None:
        return None
    copy = deepcopy(found)
    copy["code"] = own_code(spent, code)
    return copy
