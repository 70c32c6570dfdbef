"""Two questions of a survey against each other, for who may look over each response.

Nobody else is given such tables: what is hidden in one would follow from another one
(`narrowing`). A table that is to leave the house hides the few by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.http import QueryDict

from portal.reporting.formats import number, percent
from portal.text import clean

from ..disclosure import TOTAL, TwoWay, two_way
from ..measuring import figures
from ..measuring.crosstabs import CrossTab, Test
from ..models import Survey
from ..questionnaires import ONE_CODE, Question, Questionnaire
from ..reporting.printed import HIDDEN, shown_or
from .filters import Filter, demographics

Row = list[str]


@dataclass(frozen=True)
class Crossing:
    """What was asked for: a question in rows, another in columns, the few hidden or not."""

    row: Question
    column: Question
    hides_few: bool = False

    def query(self) -> dict[str, str]:
        """Its part of the address."""
        hiding = {"an": "1"} if self.hides_few else {}
        return {"dong": self.row.code, "cot": self.column.code, **hiding}


def choices_of(questionnaire: Questionnaire) -> list[tuple[str, list[Question]]]:
    """Questions answered with one code, by section."""
    return [
        (section.title, asked)
        for section in questionnaire.sections
        if (asked := [question for question in section.questions if question.type in ONE_CODE])
    ]


def read_crossing(data: QueryDict, questionnaire: Questionnaire) -> Crossing | None:
    """Two different questions; the first of the groups of people in columns where none is named."""
    known = {
        question.code: question for _title, asked in choices_of(questionnaire) for question in asked
    }
    row = known.get(clean(data.get("dong", ""))[:20])
    column = known.get(clean(data.get("cot", ""))[:20])
    if row is None or column is None or row is column:
        return None
    return Crossing(row, column, hides_few=data.get("an") == "1")


def usual(questionnaire: Questionnaire) -> Crossing | None:
    """The first question of the index by the first that tells people apart."""
    people = demographics(questionnaire)
    items = [q for _title, asked in choices_of(questionnaire) for q in asked if q not in people]
    if items and people:
        return Crossing(items[0], people[0])
    return Crossing(people[0], people[1]) if len(people) > 1 else None


@dataclass(frozen=True)
class Crossed:
    crossing: Crossing
    table: CrossTab
    shown: TwoWay
    test: Test | None

    @property
    def header(self) -> Row:
        return [self.crossing.row.label, *_labels(self.crossing.column), "Tổng"]

    @property
    def rows(self) -> list[Row]:
        """Counts, each with its share of the row."""
        return [
            [
                label,
                *(self._with_share(row, column) for column in self._columns),
                self._n(row, TOTAL),
            ]
            for label, row in self._rows
        ]

    def as_file(self) -> tuple[Row, list[Row]]:
        """Counts, then shares of the row: each figure in a cell of its own."""
        labels = _labels(self.crossing.column)
        header = [*self.header, *(f"{label} (% theo dòng)" for label in labels)]
        rows = [
            [
                label,
                *(self._n(row, column) for column in (*self._columns, TOTAL)),
                *(self._share(row, column) for column in self._columns),
            ]
            for label, row in self._rows
        ]
        return header, rows

    @property
    def total(self) -> int | None:
        return self.shown.shown(TOTAL, TOTAL)

    @property
    def _columns(self) -> tuple[object, ...]:
        return self.table.columns

    @property
    def _rows(self) -> list[tuple[str, object]]:
        labels = [*_labels(self.crossing.row), "Tổng"]
        return list(zip(labels, (*self.table.rows, TOTAL), strict=True))

    def _n(self, row: object, column: object) -> str:
        return shown_or(self.shown.shown(row, column))

    def _share(self, row: object, column: object) -> str:
        n, of = self.shown.shown(row, column), self.shown.shown(row, TOTAL)
        if n is None or of is None:
            return HIDDEN
        return percent(Fraction(n, of)) if of else "–"

    def _with_share(self, row: object, column: object) -> str:
        n, share = self._n(row, column), self._share(row, column)
        return n if share in (HIDDEN, "–") else f"{n} ({share})"


def cross(
    survey: Survey, questionnaire: Questionnaire, crossing: Crossing, asked: Filter, k: int
) -> Crossed:
    """k: of a table that hides the few. It tells no test: the statistic would give cells away."""
    table = figures.crosstab(
        survey, questionnaire, crossing.row.code, crossing.column.code, asked.wanted
    )
    cells = {(row, column): table.n(row, column) for row in table.rows for column in table.columns}
    shown = two_way(cells, k if crossing.hides_few else 0)
    return Crossed(crossing, table, shown, None if crossing.hides_few else table.test())


def _labels(question: Question) -> Row:
    return [choice.label for choice in question.choices if not choice.is_no_answer]


def test_words(test: Test) -> dict[str, str]:
    p = "< 0,001" if test.p < 0.001 else f"= {number(test.p, 3)}"
    return {
        "statistic": number(test.statistic, 2),
        "df": str(test.df),
        "p": p,
        "v": number(test.v, 2),
    }
