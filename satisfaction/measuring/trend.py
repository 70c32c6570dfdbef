"""The index over periods and over surveys that measure again, with its breaks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .. import results
from ..building.mapping import compared
from ..intervals import Estimate, estimate
from ..models import Survey, SurveyVersion
from ..questionnaires import Questionnaire, read
from ..results import ALL, Wanted
from ..versions import current_version
from . import indices
from .comparing import Difference, of_indices
from .definitions import Definition, current


@dataclass(frozen=True)
class TrendPoint:
    """`is_break`: it must not be compared with the point before, and `change` is None."""

    survey: Survey
    period: str
    estimate: Estimate | None
    is_break: bool = False
    change: Difference | None = None


def trend(survey: Survey, wanted: Wanted = ALL) -> list[TrendPoint]:
    """Oldest first: the surveys that this one follows, each by its periods.

    Each point is tested against the one before (`comparing.of_indices`), except over a break:
    another definition of the index, or questions that do not mean the same. Definitions are
    taken as each survey has them now.
    """
    chain = _chain(survey)
    points: list[TrendPoint] = []
    before: tuple[Survey, Questionnaire, Definition] | None = None
    for one in chain:
        version = current_version(one)
        if version is None:
            continue
        questionnaire = read(version.definition)
        definition = current(one, questionnaire)
        is_break = before is not None and _is_break(before, version, questionnaire, definition)
        for period, made in _by_period(one, questionnaire, definition, wanted):
            points.append(_point(points, one, period, made, is_break))
            is_break = False
        before = one, questionnaire, definition
    return points


def _chain(survey: Survey) -> list[Survey]:
    found = [survey]
    while (earlier := found[-1].follows) is not None and earlier not in found:
        found.append(earlier)
    return found[::-1]


def _by_period(
    survey: Survey, questionnaire: Questionnaire, definition: Definition, wanted: Wanted
) -> list[tuple[str, Estimate | None]]:
    moments = results.moments_by(survey, "period", wanted)
    if indices.is_in_moments(definition, questionnaire):
        return [(period, estimate(found)) for period, found in moments.items() if found.n]
    return [
        (
            period,
            indices.index(survey, questionnaire, definition, replace(wanted, period=period)),
        )
        for period in moments
    ]


def _point(
    points: list[TrendPoint], survey: Survey, period: str, made: Estimate | None, is_break: bool
) -> TrendPoint:
    last = points[-1].estimate if points else None
    change = of_indices(made, last) if made and last and not is_break else None
    return TrendPoint(survey, period, made, is_break, change)


def _is_break(
    earlier: tuple[Survey, Questionnaire, Definition],
    version: SurveyVersion,
    questionnaire: Questionnaire,
    definition: Definition,
) -> bool:
    """Where both indices are the questionnaires' own, who mapped the versions has said it."""
    survey, before, old = earlier
    if old.number or definition.number:
        return not alike((before, old), (questionnaire, definition))
    told = (one for one in compared(version) if one.version.survey_id == survey.pk)
    found = next(told, None)
    return found is None or found.is_break


def alike(
    earlier: tuple[Questionnaire, Definition], later: tuple[Questionnaire, Definition]
) -> bool:
    """Whether an index of the one means what that of the other does."""
    (old, before), (new, after) = earlier, later
    rules = [
        (d.items and set(d.items), d.satisfied, d.pooling, d.not_applicable, dict(d.weights))
        for d in (before, after)
    ]
    if rules[0] != rules[1]:
        return False
    return all(
        [(c.code, c.is_no_answer) for c in old.counted[item].choices]
        == [(c.code, c.is_no_answer) for c in new.counted[item].choices]
        for item in before.items
        if item in old.counted and item in new.counted
    )
