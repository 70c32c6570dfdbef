"""Questionnaires: a typed reading of a version's definition.

Answers refer to stable short codes; labels may be translated and corrected,
codes never change (surveys fail when labels are keys).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from django.utils.translation import get_language

from . import conditions
from .conditions import Condition, Size

TEMPLATES = Path(__file__).parent / "data"
RATINGS = range(11)
Labels = dict[str, str]


class Kind(StrEnum):
    AGENCY = "agency"
    SCALE = "scale"
    SINGLE = "single"
    MULTIPLE = "multiple"
    RATING = "rating"
    RANKING = "ranking"
    NUMBER = "number"
    DATE = "date"
    SHORT = "short"
    TEXT = "text"


ONE_CODE = frozenset({Kind.SCALE, Kind.SINGLE, Kind.RATING})
LISTED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING})  # write their own choices
WRITTEN = frozenset({Kind.SHORT, Kind.TEXT})  # kept apart from the codes
COUNTED = frozenset(Kind) - WRITTEN - {Kind.AGENCY}


def in_language(labels: Labels) -> str:
    """The text in the reader's language; Vietnamese where there is no other."""
    return labels.get((get_language() or "vi")[:2]) or labels["vi"]


def other_name(code: str) -> str:
    """What the text beside a choice "other" is kept under."""
    return f"{code}.other"


@dataclass(frozen=True)
class Choice:
    """`is_exclusive`: none of the others may be chosen beside it. `is_other`: asks for words."""

    code: int
    labels: Labels
    is_na: bool = False
    is_declined: bool = False
    is_exclusive: bool = False
    is_other: bool = False

    @property
    def label(self) -> str:
        return in_language(self.labels)

    @property
    def is_no_answer(self) -> bool:
        """In no denominator: it does not apply, or the person would not say."""
        return self.is_na or self.is_declined

    @property
    def stands_alone(self) -> bool:
        return self.is_exclusive or self.is_no_answer

    @property
    def stands_last(self) -> bool:
        return self.stands_alone or self.is_other


@dataclass(frozen=True)
class Importance:
    """What a question says the importance of: a criterion's section or an item, by its code.

    Its importance is the share who chose one of the levels in `most`.
    """

    part: str
    most: frozenset[int]


@dataclass(frozen=True)
class Question:
    """`low` and `high` bound a number, a date, or how many choices may be chosen."""

    code: str
    type: Kind
    labels: Labels
    required: bool
    choices: tuple[Choice, ...] = ()
    max_length: int = 0
    hints: Labels | None = None
    show_if: Condition | None = None
    grid: str = ""
    is_shuffled: bool = False
    low: Size | None = None
    high: Size | None = None
    decimals: int = 0
    units: Labels | None = None
    ends: tuple[Labels, Labels] | None = None
    importance: Importance | None = None

    @property
    def label(self) -> str:
        return in_language(self.labels)

    @property
    def hint(self) -> str:
        return in_language(self.hints) if self.hints else ""

    @property
    def unit(self) -> str:
        return in_language(self.units) if self.units else ""

    @property
    def end_labels(self) -> tuple[str, str] | None:
        """The words for 0 and for 10 of a rating."""
        return self.ends and (in_language(self.ends[0]), in_language(self.ends[1]))

    def choice(self, code: object) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)

    @property
    def other(self) -> Choice | None:
        """The choice that asks for words, if there is one."""
        return next((choice for choice in self.choices if choice.is_other), None)

    def chosen(self, answer: object) -> tuple[int, ...]:
        """Codes that an answer chose; a ranking's in their order."""
        if answer is None or not self.choices:
            return ()
        return tuple(answer) if isinstance(answer, list) else (answer,)

    def asks_other(self, answer: object) -> bool:
        return self.other is not None and self.other.code in self.chosen(answer)


@dataclass(frozen=True)
class Section:
    code: str
    slug: str
    labels: Labels
    questions: tuple[Question, ...]
    is_scored: bool
    show_if: Condition | None = None
    grids: tuple[tuple[str, Labels], ...] = ()
    is_shuffled: bool = False

    @property
    def title(self) -> str:
        return in_language(self.labels)

    def grid_label(self, code: str) -> str:
        return in_language(dict(self.grids)[code])


@dataclass(frozen=True)
class IndexDefinition:
    """Which answers make the index (top-2-box, pooled over answers)."""

    version: str
    items: tuple[str, ...]
    satisfied: frozenset[int]
    decimals: int
    basis: str
    names: Labels | None = None

    @property
    def name(self) -> str:
        """What reports call the index, where it has a name of its own."""
        return in_language(self.names) if self.names else ""


@dataclass(frozen=True)
class Questionnaire:
    """`agency` is the one that every answer is about, where no question asks for it."""

    labels: Labels
    intros: Labels
    basis: str
    sections: tuple[Section, ...]
    index: IndexDefinition
    agency: str = ""

    @property
    def title(self) -> str:
        return in_language(self.labels)

    @property
    def intro(self) -> str:
        return in_language(self.intros)

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions

    @cached_property
    def counted(self) -> dict[str, Question]:
        """Questions that the tallies count, by code."""
        return {
            question.code: question for question in self.questions() if question.type in COUNTED
        }

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)

    @cached_property
    def has_conditions(self) -> bool:
        parts = (*self.sections, *self.questions())
        return any(part.show_if is not None for part in parts)

    def scopes(self) -> dict[str, tuple[str, ...]]:
        """Index items of the whole index ("") and of each scored section."""
        scored = {
            section.code: tuple(
                question.code for question in section.questions if question.code in self.index.items
            )
            for section in self.sections
            if section.is_scored
        }
        return {"": self.index.items, **scored}


def read(definition: dict) -> Questionnaire:
    """The definition of a published version as objects."""
    scales = {
        name: tuple(map(_choice, scale["choices"]))
        for name, scale in definition.get("scales", {}).items()
    }
    index = definition["index"]
    return Questionnaire(
        definition["title"],
        definition["intro"],
        definition["basis"],
        tuple(_section(section, scales) for section in definition["sections"]),
        IndexDefinition(
            index["version"],
            tuple(index["items"]),
            frozenset(index["satisfied"]),
            index["decimals"],
            index["basis"],
            index.get("name"),
        ),
        definition.get("agency", ""),
    )


def _choice(data: dict) -> Choice:
    flags = (data.get(name, False) for name in ("na", "declined", "exclusive", "other"))
    return Choice(data["code"], data["label"], *flags)


def _section(data: dict, scales: dict[str, tuple[Choice, ...]]) -> Section:
    return Section(
        data["code"],
        data["slug"],
        data["title"],
        tuple(_question(question, scales) for question in data["questions"]),
        data.get("scored", False),
        _condition(data),
        tuple((code, grid["label"]) for code, grid in data.get("grids", {}).items()),
        data.get("shuffle", False),
    )


def _question(data: dict, scales: dict[str, tuple[Choice, ...]]) -> Question:
    kind = Kind(data["type"])
    return Question(
        code=data["code"],
        type=kind,
        labels=data["label"],
        required=data["required"],
        choices=_choices(kind, data, scales),
        max_length=data.get("max_length", 0),
        hints=data.get("hint"),
        show_if=_condition(data),
        grid=data.get("grid", ""),
        is_shuffled=data.get("shuffle", False),
        low=_bound(kind, data.get("min")),
        high=_bound(kind, data.get("max")),
        decimals=data.get("decimals", 0),
        units=data.get("unit"),
        ends=(data["ends"]["low"], data["ends"]["high"]) if "ends" in data else None,
        importance=_importance(data.get("importance_of")),
    )


def _importance(data: dict | None) -> Importance | None:
    return Importance(data["part"], frozenset(data["most"])) if data else None


def _choices(kind: Kind, data: dict, scales: dict[str, tuple[Choice, ...]]) -> tuple[Choice, ...]:
    if kind is Kind.SCALE:
        return scales[data["scale"]]
    own = tuple(map(_choice, data.get("choices", [])))
    if kind is Kind.RATING:
        return (*(Choice(n, {"vi": str(n)}) for n in RATINGS), *own)
    return own


def _condition(data: dict) -> Condition | None:
    return conditions.read(data["show_if"]) if "show_if" in data else None


def _bound(kind: Kind, bound: object) -> Size | None:
    if bound is None:
        return None
    return date.fromisoformat(str(bound)) if kind is Kind.DATE else Decimal(str(bound))


def template(name: str) -> dict:
    """A ready-made definition that ships with the portal."""
    return json.loads((TEMPLATES / f"{name}.json").read_text(encoding="utf-8"))
