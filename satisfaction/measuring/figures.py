"""Figures of a survey beyond its index: reliability, cross-tabs, ranking, importance.

Everything is added up in the database; what is exact here is not yet fit for the public:
see `suppression`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from django.db.models import Sum

from portal.agencies.models import Agency
from portal.rules.values import value

from .. import results
from ..models import Cell, IndexMoment, Survey, Tally
from ..questionnaires import ONE_CODE, Questionnaire
from ..results import ALL, Wanted
from ..suppression import is_parted
from ..versions import pooled
from . import columns, indices, shares
from .crosstabs import CrossTab
from .definitions import Definition
from .importance import Matrix, Point, matrix
from .ranking import Ranking, rank, rank_moments
from .reliability import ItemSums, Reliability, cronbach


def reliability(
    survey: Survey, questionnaire: Questionnaire, items: Sequence[str], wanted: Wanted = ALL
) -> Reliability:
    """Cronbach's alpha of items over the people who rated them all, by their codes as scores."""
    levels = {
        code: {c.code for c in questionnaire.counted[code].choices if not c.is_no_answer}
        for code in items
    }
    table, params = columns.answers(survey, items, wanted)
    complete = " AND ".join(columns.among(code, found) for code, found in levels.items())
    total = " + ".join(f"t.{columns.column(code)}" for code in items)
    sums = ", ".join(
        f"SUM(q.{name}), SUM(q.{name} * q.{name}), SUM(q.{name} * q.total)"
        for name in map(columns.column, items)
    )
    ((n, *numbers),) = columns.rows(
        f"SELECT COUNT(*), {sums} FROM "  # noqa: S608
        f"(SELECT t.*, {total} AS total FROM {table} t WHERE {complete} {columns.barrier()}) q",
        params,
    )
    three = [[int(x or 0) for x in numbers[at : at + 3]] for at in range(0, len(numbers), 3)]
    return cronbach(n, [ItemSums(code, *part) for code, part in zip(items, three, strict=True)])


def crosstab(
    survey: Survey, questionnaire: Questionnaire, row: str, column: str, wanted: Wanted = ALL
) -> CrossTab:
    """People who answered both questions, by their codes; what is no answer is left out."""
    levels = {code: _levels(questionnaire, code) for code in (row, column)}
    table, params = columns.answers(survey, [row, column], wanted)
    first, second = columns.column(row), columns.column(column)
    found = columns.rows(
        f"SELECT t.{first}, t.{second}, COUNT(*) FROM {table} t "  # noqa: S608
        f"WHERE {columns.among(row, levels[row])} AND {columns.among(column, levels[column])} "
        f"GROUP BY t.{first}, t.{second}",
        params,
    )
    counts = {(a, b): n for a, b, n in found}
    return CrossTab(tuple(levels[row]), tuple(levels[column]), counts)


def _levels(questionnaire: Questionnaire, code: str) -> list[int]:
    question = questionnaire.counted[code]
    if question.type not in ONE_CODE:
        raise ValueError(f"{code} is not answered with one code")
    return [choice.code for choice in question.choices if not choice.is_no_answer]


def ranking(
    survey: Survey, questionnaire: Questionnaire, definition: Definition, wanted: Wanted = ALL
) -> Ranking[Agency]:
    """Agencies by their index; those below the law's smallest sample are unranked."""
    fewest = value("survey.min_agency_sample").integer
    if indices.is_in_moments(definition, questionnaire):
        return rank_moments(results.moments_by_agency(survey, wanted), fewest, definition.printed)
    made = indices.by_agency(survey, questionnaire, definition, wanted)
    whole = indices.index(survey, questionnaire, definition, wanted)
    return rank(made, fewest, definition.printed, lambda _agency: whole)


def derived_importance(
    survey: Survey,
    questionnaire: Questionnaire,
    definition: Definition,
    wanted: Wanted = ALL,
    among: Collection[str] | None = None,
) -> Matrix | None:
    """Items by how they go with the rest of the scale and by the share of the satisfied.

    `among`: the items that may be shown; the axes are their means.
    """
    fits = reliability(survey, questionnaire, definition.items, wanted)
    counts = results.counts_by_question(survey, wanted)
    points = []
    for fit in fits.items:
        if among is not None and fit.code not in among:
            continue
        item = indices.item_of(questionnaire.counted[fit.code], definition)
        y, x = item.sums(counts.get(fit.code, {}))
        if x and fit.r is not None:
            label = questionnaire.counted[fit.code].label
            points.append(Point(fit.code, label, max(0.0, fit.r), y / x))
    return matrix(points)


def stated_importance(
    survey: Survey,
    questionnaire: Questionnaire,
    definition: Definition,
    k: int = 0,
    wanted: Wanted = ALL,
) -> Matrix | None:
    """What people said is important, beside how satisfied they are with it.

    By the questions that the questionnaire links to a criterion or an item (`importance_of`):
    importance is the share of their levels `most`, satisfaction the criterion's index or the
    item's share of the satisfied. None where it links nothing. A point is left out where a share
    would part levels that are merged for having fewer than k answers.
    """
    asking = [question for question in questionnaire.questions() if question.importance]
    if not asking:
        return None
    counts = results.counts_by_question(survey, wanted)
    made = indices.by_scope(survey, questionnaire, definition, wanted)
    titles = {section.code: section.title for section in questionnaire.sections}
    points = []
    for question in asking:
        part, most = question.importance.part, question.importance.most
        given, levels = counts.get(question.code, {}), _levels(questionnaire, question.code)
        said = shares.top_box(given, levels, most)
        if part in definition.items:
            label = questionnaire.counted[part].label
            found, is_shown = _felt(counts.get(part, {}), questionnaire, definition, part, k)
        else:
            label, one = titles.get(part, part), made.get(part)
            found, is_shown = one and one.value, bool(one and one.n >= k)
        if found is not None and said.of and is_shown and _is_told(given, levels, most, k):
            points.append(Point(part, label, float(said.value), float(found)))
    return matrix(points)


def _felt(
    given: Mapping[int, int],
    questionnaire: Questionnaire,
    definition: Definition,
    code: str,
    k: int,
) -> tuple[Fraction | None, bool]:
    """An item's share of the satisfied, and whether it may be shown."""
    item = indices.item_of(questionnaire.counted[code], definition)
    is_shown = _is_told(given, _levels(questionnaire, code), item.satisfied, k)
    return shares.share(*item.sums(given)).value, is_shown


def _is_told(
    given: Mapping[int, int], levels: Sequence[int], chosen: Collection[int], k: int
) -> bool:
    places = {place for place, code in enumerate(levels) if code in chosen}
    return is_parted([given.get(code, 0) for code in levels], places, k)


def data_sha256(survey: Survey) -> str:
    """What the figures were made of: SHA-256 over the counts behind them, in one order.

    Lines: responses by cell, then counts by agency, question and code, then the five sums by
    agency and scope; zero rows left out. Equal tallies give an equal hash.
    """
    versions = pooled(survey)
    digest = hashlib.sha256()

    def take(kind: str, rows) -> None:
        for row in rows.iterator(chunk_size=5000):
            digest.update(";".join([kind, *map(str, row)]).encode() + b"\n")

    cells = Cell.objects.filter(version__in=versions, n__gt=0)
    key = ("version__number", "agency__code", "period", "channel", "is_flagged")
    take("n", cells.order_by(*key).values_list(*key, "n"))
    for kind, model, names, sums in (
        ("c", Tally, ("question", "code"), ("n",)),
        ("m", IndexMoment, ("scope",), ("n", "sy", "sx", "syy", "sxy", "sxx")),
    ):
        key = ("cell__agency__code", *names)
        totals = {f"total_{name}": Sum(name) for name in sums}
        rows = model.objects.filter(cell__version__in=versions).values_list(*key)
        rows = rows.annotate(**totals).filter(total_n__gt=0).order_by(*key)
        take(kind, rows)
    return digest.hexdigest()
