"""Counts kept beside the responses: folded in the transaction that writes a response.

Nothing is ever aggregated by reading responses into memory; `refold` recomputes
everything from the responses and `differences` compares.

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
from collections.abc import Iterable

from django.db import connection, transaction

from .models import IndexMoment, Response, ResponseStatus, SurveyVersion, Tally
from .paths import shown
from .questionnaires import Kind, Question, Questionnaire, read

SKIPPED = -1
NOT_SHOWN = -2
ANSWERED = -3

TallyKey = tuple[str, int, int]
MomentKey = tuple[str, int]
Sums = tuple[int, int, int, int, int, int]

# A statement carries at most this many rows: SQLite binds 32,766 values at once.
_ROWS = 500


def moments_of(
    questionnaire: Questionnaire, answers: dict, items: Iterable[str]
) -> tuple[int, int]:
    """(y, x) of one respondent: satisfied answers among rated ones of `items`."""
    satisfied = rated = 0
    for item in items:
        question = questionnaire.counted.get(item)
        choice = question.choice(answers.get(item)) if question else None
        if choice is None or choice.is_na:
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


def _fold(
    questionnaire: Questionnaire, rows: Iterable[tuple[int, dict]]
) -> tuple[Counter[TallyKey], dict[MomentKey, Sums]]:
    """Tallies and moments of (agency, answers) rows."""
    counts: Counter[TallyKey] = Counter()
    sums: dict[MomentKey, Sums] = {}
    scopes = questionnaire.scopes()
    for agency, answers in rows:
        asked = shown(questionnaire, answers).counted
        for name, question in questionnaire.counted.items():
            for code in codes_of(question, answers) if name in asked else (NOT_SHOWN,):
                counts[name, code, agency] += 1
        for scope, items in scopes.items():
            y, x = moments_of(questionnaire, answers, items)
            if x:
                before = sums.get((scope, agency), (0,) * 6)
                one = (1, y, x, y * y, x * y, x * x)
                sums[scope, agency] = tuple(a + b for a, b in zip(before, one, strict=True))
    return counts, sums


def count(response: Response) -> None:
    """Add a valid response to the tallies, inside the caller's transaction."""
    _apply(response, 1)


def uncount(response: Response) -> None:
    """Take a response out of the tallies, inside the caller's transaction."""
    _apply(response, -1)


def _apply(response: Response, sign: int) -> None:
    questionnaire = read(response.version.definition)
    counts, sums = _fold(questionnaire, [(response.agency_id, response.answers)])
    _add(response.version_id, counts, sums, sign)


def _add(
    version_id: int, counts: Counter[TallyKey], sums: dict[MomentKey, Sums], sign: int
) -> None:
    # Keys in one order for every writer: two submissions wait for each other, never in a circle.
    _upsert(
        Tally._meta.db_table,
        ["version_id", "question", "code", "agency_id"],
        ["n"],
        [(version_id, *key, sign * n) for key, n in sorted(counts.items())],
    )
    _upsert(
        IndexMoment._meta.db_table,
        ["version_id", "scope", "agency_id"],
        ["n", "sy", "sx", "syy", "sxy", "sxx"],
        [(version_id, *key, *(sign * s for s in six)) for key, six in sorted(sums.items())],
    )


def _upsert(table: str, keys: list[str], values: list[str], rows: list[tuple]) -> None:
    """INSERT … ON CONFLICT … add; the same statement on both databases."""
    columns = [*keys, *values]
    marks = "(" + ", ".join(["%s"] * len(columns)) + ")"
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in values)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            cursor.execute(
                # Table and column names are ours; every value is bound.
                f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
                f"VALUES {', '.join([marks] * len(part))} "
                f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}",
                [value for row in part for value in row],
            )


def _recomputed(version: SurveyVersion) -> tuple[Counter[TallyKey], dict[MomentKey, Sums]]:
    rows = (
        Response.objects.filter(version=version, status=ResponseStatus.VALID)
        .values_list("agency_id", "answers")
        .iterator(chunk_size=2000)
    )
    return _fold(read(version.definition), rows)


@transaction.atomic
def refold(version: SurveyVersion) -> None:
    """Throw the tallies of a version away and fold its responses anew."""
    Tally.objects.filter(version=version).delete()
    IndexMoment.objects.filter(version=version).delete()
    _add(version.pk, *_recomputed(version), 1)


@transaction.atomic
def differences(version: SurveyVersion) -> list[str]:
    """Where tallies and responses disagree; empty when all is well."""
    counts, sums = _recomputed(version)
    stored_counts = {
        (row.question, row.code, row.agency_id): row.n
        for row in Tally.objects.filter(version=version)
        if row.n
    }
    stored_sums = {
        (row.scope, row.agency_id): (row.n, row.sy, row.sx, row.syy, row.sxy, row.sxx)
        for row in IndexMoment.objects.filter(version=version)
        if row.n
    }
    return [
        f"{key}: stored {stored.get(key, 0)}, recomputed {fresh.get(key, 0)}"
        for stored, fresh in ((stored_counts, dict(counts)), (stored_sums, sums))
        for key in sorted(set(stored) | set(fresh))
        if stored.get(key, 0) != fresh.get(key, 0)
    ]
