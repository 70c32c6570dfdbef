"""What the reader of the dashboard asked for, read from the address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from portal.agencies.models import Agency
from portal.text import clean

from ..models import Channel, Survey
from ..periods import in_words
from ..questionnaires import ONE_CODE, Question, Questionnaire
from ..reporting.printed import CHANNELS
from ..results import Wanted, valid_by

SORTS = ("co-quan", "so-phieu", "chi-so")


@dataclass(frozen=True)
class Filter:
    """One look at a survey. `question` and `code` narrow it to people who gave one answer."""

    period: str | None = None
    channel: str | None = None
    agency: Agency | None = None
    with_flagged: bool = True
    question: Question | None = None
    code: int | None = None
    sort: str = SORTS[0]

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            self.agency.pk if self.agency else None, self.period, self.channel, self.with_flagged
        )

    @property
    def people(self) -> Q | None:
        """The condition on responses that the cells do not know; None: none is asked for."""
        if self.question is None:
            return None
        return Q(**{f"answers__{self.question.code}": self.code})

    def query(self, **changed: str) -> str:
        """The address's question with some of it changed; empty parts are left out."""
        told = {
            "ky": self.period or "",
            "kenh": self.channel or "",
            "co-quan": self.agency.code if self.agency else "",
            "danh-dau": "" if self.with_flagged else "khong",
            "nhom": f"{self.question.code}:{self.code}" if self.question else "",
            "sap-xep": self.sort if self.sort != SORTS[0] else "",
            **changed,
        }
        return urlencode({name: text for name, text in told.items() if text})


def read_filter(
    data: QueryDict, survey: Survey, questionnaire: Questionnaire, agency: Agency | None
) -> Filter:
    """Whatever is not among the choices is not asked for; an agency given stands."""
    asked = {
        name: clean(data.get(name, ""))[:60]
        for name in ("ky", "kenh", "co-quan", "danh-dau", "nhom", "sap-xep")
    }
    if agency is None and asked["co-quan"]:
        agency = Agency.objects.filter(code=asked["co-quan"]).first()
    question, code = _group(asked["nhom"], questionnaire)
    return Filter(
        period=asked["ky"] if asked["ky"] and asked["ky"] in _had(survey)[0] else None,
        channel=asked["kenh"] if asked["kenh"] in Channel.values else None,
        agency=agency,
        with_flagged=asked["danh-dau"] != "khong",
        question=question,
        code=code,
        sort=asked["sap-xep"] if asked["sap-xep"] in SORTS else SORTS[0],
    )


def _had(survey: Survey) -> tuple[list[str], list[str]]:
    """Periods and channels that have answers."""
    had = valid_by(survey, "period", "channel")
    return sorted({period for period, _ in had if period}), sorted({channel for _, channel in had})


def _group(text: str, questionnaire: Questionnaire) -> tuple[Question | None, int | None]:
    name, _, code = text.partition(":")
    question = next((q for q in demographics(questionnaire) if q.code == name), None)
    if question is None or not code.isascii() or not code.isdigit():
        return None, None
    choice = question.choice(int(code))
    return (question, choice.code) if choice else (None, None)


def demographics(questionnaire: Questionnaire) -> list[Question]:
    """Questions that tell groups of people apart: one code each, not of the index."""
    return [
        question
        for question in questionnaire.questions()
        if question.type in ONE_CODE and question.code not in questionnaire.index.items
    ]


def choices_of(survey: Survey, questionnaire: Questionnaire) -> dict[str, list]:
    """What the form of filters offers."""
    periods, channels = _had(survey)
    return {
        "periods": [(period, in_words(period)) for period in periods],
        "channels": [(channel, CHANNELS[Channel(channel)]) for channel in channels],
        "groups": [
            (
                question.label,
                [
                    (f"{question.code}:{choice.code}", choice.label)
                    for choice in question.choices
                    if not choice.is_no_answer
                ],
            )
            for question in demographics(questionnaire)
        ],
    }
