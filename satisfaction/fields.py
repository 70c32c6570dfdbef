"""A section's form as it is drawn: fields, and grids of rows that share a scale."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from portal.agencies.queries import choices_on

from .paths import shuffled
from .questionnaires import Choice, Kind, Question, Questionnaire, Section, other_name
from .reading import DATE_PARTS, Reading, field_names

_TEMPLATES = {
    Kind.AGENCY: "agency",
    Kind.NUMBER: "line",
    Kind.SHORT: "line",
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.RANKING: "ranking",
}


@dataclass(frozen=True)
class Input:
    """One control: a line to write, a part of a date, or a choice with its box or its rank."""

    name: str
    id: str
    value: str
    label: str = ""
    is_wrong: bool = False
    is_chosen: bool = False
    is_apart: bool = False


@dataclass(frozen=True)
class Field:
    question: Question
    reading: Reading

    @property
    def template(self) -> str:
        return f"satisfaction/fields/{_TEMPLATES.get(self.question.type, 'choices')}.html"

    @property
    def id(self) -> str:
        """Where a link to the field's first fault leads, and what its hint is named after."""
        return f"id_{field_names(self.question)[0]}"

    @property
    def errors(self) -> list[str]:
        names = field_names(self.question)
        return [self.reading.errors[name] for name in names if name in self.reading.errors]

    @property
    def describedby(self) -> str:
        """Ids of what explains the field, in the order in which they are read out."""
        parts = [
            (bool(self.question.hint), f"{self.id}-hint"),
            (bool(self.limit) or self.question.type is Kind.TEXT, f"{self.id}-limit"),
            (self.question.ends is not None, f"{self.id}-ends"),
            (bool(self.errors), f"{self.id}-error"),
        ]
        return " ".join(part for is_there, part in parts if is_there)

    @property
    def control(self) -> str:
        """The kind of box of a choice."""
        return "checkbox" if self.question.type is Kind.MULTIPLE else "radio"

    @property
    def layout(self) -> str:
        """How choices stand beside each other where there is room."""
        return {Kind.SCALE: " scale", Kind.RATING: " ten"}.get(self.question.type, "")

    @property
    def line(self) -> Input:
        return self._input(self.question.code)

    @property
    def agencies(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return choices_on()

    @property
    def limit(self) -> str:
        """How many choices may be chosen, where that is bounded."""
        if self.question.type is not Kind.MULTIPLE:
            return ""
        low, high = self.question.low, self.question.high
        told = {"low": low, "high": high}
        if low and high:
            return _("Choose %(low)s to %(high)s answers.") % told
        if high:
            return _("Choose at most %(high)s answers.") % told
        if low and low > 1:
            return _("Choose at least %(low)s answers.") % told
        return _("Choose all that apply.")

    @property
    def choices(self) -> list[Input]:
        code = self.question.code
        typed = self.reading.typed.get(code, [])
        return [
            Input(
                code,
                f"id_{code}" if number == 0 else f"id_{code}-{choice.code}",
                str(choice.code),
                choice.label,
                is_chosen=str(choice.code) in typed,
                is_apart=self._stands_apart(choice),
            )
            for number, choice in enumerate(self.question.choices)
        ]

    def _stands_apart(self, choice: Choice) -> bool:
        return choice.stands_alone if self.control == "checkbox" else choice.is_no_answer

    @property
    def other(self) -> Input | None:
        """The line for what "other" means."""
        if self.question.other is None:
            return None
        label = _("Say what, if you choose “%(choice)s”") % {"choice": self.question.other.label}
        return self._input(other_name(self.question.code), label)

    @property
    def date_parts(self) -> list[Input]:
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        names = field_names(self.question)
        return [
            self._input(name, labels[part]) for name, part in zip(names, DATE_PARTS, strict=True)
        ]

    @property
    def ranks(self) -> list[Input]:
        return [
            self._input(f"{self.question.code}.{choice.code}", choice.label)
            for choice in self.question.choices
        ]

    @property
    def rank_numbers(self) -> list[str]:
        return [str(rank) for rank in range(1, len(self.question.choices) + 1)]

    def _input(self, name: str, label: str = "") -> Input:
        typed = self.reading.typed.get(name, [])
        is_wrong = name in self.reading.errors
        return Input(name, f"id_{name}", typed[0] if typed else "", label, is_wrong)


@dataclass(frozen=True)
class Grid:
    """Rows that are answered on one scale, drawn as a table where there is room."""

    code: str
    label: str
    rows: list[Field]

    template = "satisfaction/fields/grid.html"

    @property
    def levels(self) -> list[Choice]:
        return list(self.rows[0].question.choices)


def drawn(section: Section, reading: Reading) -> list[Field | Grid]:
    """A section's fields in order, with the rows of each grid together."""
    blocks: list[Field | Grid] = []
    for grid, questions in groupby(section.questions, key=lambda question: question.grid):
        fields = [Field(question, reading) for question in questions]
        blocks += [Grid(grid, section.grid_label(grid), fields)] if grid else fields
    return blocks


def section_context(
    path: Questionnaire, section: Section, reading: Reading, seed: str, is_editing: bool
) -> dict:
    """What the page of a section shows, to citizens and to who tries a draft."""
    position, total = path.sections.index(section), len(path.sections)
    errors = [(f"id_{name}", message) for name, message in reading.errors.items()]
    return {
        "section": section,
        "fields": drawn(shuffled(section, seed), reading),
        "errors": errors,
        "has_errors": bool(errors),
        "position": position + 1,
        "total": total,
        "done_width": round(100 * position / total),
        "is_editing": is_editing,
        "extra_crumbs": [(section.title, "")],
    }
