"""Counts kept beside the responses: folded in the transaction that writes a response.

Nothing is ever aggregated by reading responses into memory; `refold` recomputes
everything from the responses and `differences` compares.

Responses are counted by cell: version, agency, period, channel, flagged or not. What is
asked of a part of them adds the cells of that part up (`results.Wanted`).

Every valid response is in exactly one of these rows of a question:
- one code chosen (scale, single, rating; a ranking counts its first place), "not
  applicable" and "declined" among them; or ANSWERED (multiple, number, date);
- SKIPPED: shown and left open;
- NOT_SHOWN: off the person's path.
Questions with several codes have a row for each code chosen besides, and there ANSWERED
leaves out whoever chose that it does not apply or would not say: they are in that code's
row. So ANSWERED is the denominator of each code's share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection, transaction

from .models import Cell, IndexMoment, Response, ResponseStatus, SurveyVersion, Tally
from .paths import shown
from .questionnaires import Kind, Question, Questionnaire, read

SKIPPED = -1
NOT_SHOWN = -2
ANSWERED = -3


class Place(NamedTuple):
    """What a cell is known by."""

    version: int
    agency: int
    period: str
    channel: str
    is_flagged: bool


Sums = tuple[int, int, int, int, int, int]
NOTHING: Sums = (0, 0, 0, 0, 0, 0)

# A statement carries at most this many rows: SQLite binds 32,766 values at once.
_ROWS = 500
_KEYS = ("version_id", "agency_id", "period", "channel", "is_flagged")


@dataclass
class Fold:
    """Counts of responses by place; signed, so that one can be the change of another."""

    people: Counter[Place] = field(default_factory=Counter)
    counts: Counter[tuple[Place, str, int]] = field(default_factory=Counter)
    sums: dict[tuple[Place, str], Sums] = field(default_factory=dict)

    def add(self, questionnaire: Questionnaire, place: Place, answers: dict, sign: int = 1) -> None:
        self.people[place] += sign
        asked = shown(questionnaire, answers).counted
        for name, question in questionnaire.counted.items():
            for code in codes_of(question, answers) if name in asked else (NOT_SHOWN,):
                self.counts[place, name, code] += sign
        for scope, items in questionnaire.scopes().items():
            y, x = moments_of(questionnaire, answers, items)
            if x:
                before = self.sums.get((place, scope), NOTHING)
                one = (1, y, x, y * y, x * y, x * x)
                self.sums[place, scope] = tuple(
                    a + sign * b for a, b in zip(before, one, strict=True)
                )


def moments_of(
    questionnaire: Questionnaire, answers: dict, items: Iterable[str]
) -> tuple[int, int]:
    """(y, x) of one respondent: satisfied answers among rated ones of `items`."""
    satisfied = rated = 0
    for item in items:
        question = questionnaire.counted.get(item)
        choice = question.choice(answers.get(item)) if question else None
        if choice is None or choice.is_no_answer:
            continue
        rated += 1
        satisfied += choice.code in questionnaire.index.satisfied
    return satisfied, rated


def codes_of(question: Question, answers: dict) -> tuple[int, ...]:
    """Rows that the answer to a question that was shown is counted in."""
    answer = answers.get(question.code)
    if answer is None:
        return (SKIPPED,)
    chosen = question.chosen(answer)
    if question.type is Kind.MULTIPLE:
        is_answer = not question.choice(chosen[0]).is_no_answer
        return (*chosen, ANSWERED) if is_answer else chosen
    return chosen[:1] or (ANSWERED,)


def place_of(response: Response) -> Place:
    return Place(
        response.version_id,
        response.agency_id,
        response.period,
        response.channel,
        response.is_flagged,
    )


def count(response: Response) -> None:
    """Add a valid response to the tallies, inside the caller's transaction."""
    _write(_fold([response], 1))


@contextmanager
def recounted(responses: Sequence[Response]) -> Iterator[None]:
    """What is changed and saved inside moves these responses between their cells.

    The caller's transaction has locked them. Status, flag, period, agency, channel and
    answers may change. Use it once in a transaction: that keeps every writer's order of
    keys one order, and nobody waits in a circle.
    """
    change = _fold(responses, -1)
    yield
    _write(_fold(responses, 1, change))


def _fold(responses: Iterable[Response], sign: int, into: Fold | None = None) -> Fold:
    fold = into or Fold()
    read_already: dict[int, Questionnaire] = {}
    for response in responses:
        if response.status != ResponseStatus.VALID:
            continue
        if response.version_id not in read_already:
            read_already[response.version_id] = read(response.version.definition)
        questionnaire = read_already[response.version_id]
        fold.add(questionnaire, place_of(response), response.answers, sign)
    return fold


def _write(fold: Fold) -> None:
    """Add a fold to what is stored: cells, then tallies, then moments, each in order of its
    keys. Two submissions wait for each other, never in a circle.
    """
    cells = _cells(fold.people)
    _upsert(
        Tally._meta.db_table,
        ["cell_id", "question", "code"],
        ["n"],
        sorted(
            (cells[place], question, code, n)
            for (place, question, code), n in fold.counts.items()
            if n
        ),
    )
    _upsert(
        IndexMoment._meta.db_table,
        ["cell_id", "scope"],
        ["n", "sy", "sx", "syy", "sxy", "sxx"],
        sorted(
            (cells[place], scope, *six) for (place, scope), six in fold.sums.items() if any(six)
        ),
    )


def _cells(people: Counter[Place]) -> dict[Place, int]:
    """The cell of each place, made where there is none, its people counted."""
    rows = sorted((*place, n) for place, n in people.items())
    made = _upsert(Cell._meta.db_table, list(_KEYS), ["n"], rows, returning=("id", *_KEYS))
    return {Place(*key[:-1], bool(key[-1])): pk for pk, *key in made}


def _upsert(
    table: str, keys: list[str], values: list[str], rows: list[tuple], returning: Sequence[str] = ()
) -> list[tuple]:
    """INSERT … ON CONFLICT … add; the same statement on both databases."""
    columns = [*keys, *values]
    marks = "(" + ", ".join(["%s"] * len(columns)) + ")"
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in values)
    told: list[tuple] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            cursor.execute(
                # Table and column names are ours; every value is bound.
                f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
                f"VALUES {', '.join([marks] * len(part))} "
                f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"
                + (f" RETURNING {', '.join(returning)}" if returning else ""),
                [value for row in part for value in row],
            )
            told += cursor.fetchall() if returning else []
    return told


def _recomputed(version: SurveyVersion) -> Fold:
    rows = (
        Response.objects.filter(version=version, status=ResponseStatus.VALID)
        .values_list("agency_id", "period", "channel", "is_flagged", "answers")
        .iterator(chunk_size=2000)
    )
    questionnaire, fold = read(version.definition), Fold()
    for *place, answers in rows:
        fold.add(questionnaire, Place(version.pk, *place), answers)
    return fold


@transaction.atomic
def refold(version: SurveyVersion) -> None:
    """Throw the tallies of a version away and fold its responses anew."""
    _lock(version)
    Tally.objects.filter(cell__version=version).delete()
    IndexMoment.objects.filter(cell__version=version).delete()
    Cell.objects.filter(version=version).update(n=0)
    _write(_recomputed(version))


def _lock(version: SurveyVersion) -> None:
    """Wait for the writers of every cell and keep them out; readers go on."""
    cells = Cell.objects.select_for_update().filter(version=version).order_by(*_KEYS)
    list(cells.values_list("pk"))


@transaction.atomic
def differences(version: SurveyVersion) -> list[str]:
    """Where tallies and responses disagree; empty when all is well."""
    fresh, stored = _recomputed(version), _stored(version)
    return [
        f"{_named(key)}: stored {there.get(key, 0)}, recomputed {here.get(key, 0)}"
        for there, here in (
            (stored.people, fresh.people),
            (stored.counts, fresh.counts),
            (stored.sums, fresh.sums),
        )
        for key in sorted(set(there) | set(here))
        if there.get(key, 0) != here.get(key, 0)
    ]


def _named(key: tuple) -> str:
    place, *rest = key if isinstance(key[0], Place) else (key,)
    return f"{tuple(place)} {' '.join(map(str, rest))}".strip()


def _stored(version: SurveyVersion) -> Fold:
    """Rows that came down to nobody are as good as none."""
    places = {
        pk: (Place(*place), n)
        for pk, n, *place in Cell.objects.filter(version=version).values_list("pk", "n", *_KEYS)
    }
    tallies = Tally.objects.filter(cell__version=version).exclude(n=0)
    moments = IndexMoment.objects.filter(cell__version=version).exclude(n=0)
    return Fold(
        Counter({place: n for place, n in places.values() if n}),
        Counter(
            {
                (places[cell][0], question, code): n
                for cell, question, code, n in tallies.values_list(
                    "cell_id", "question", "code", "n"
                )
            }
        ),
        {
            (places[cell][0], scope): tuple(six)
            for cell, scope, *six in moments.values_list(
                "cell_id", "scope", "n", "sy", "sx", "syy", "sxy", "sxx"
            )
        },
    )
