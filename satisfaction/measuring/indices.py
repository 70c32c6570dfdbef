"""The index of a definition, with its respondent-level interval.

Each pool p (all answers, an item, a criterion) has the ratio R_p = Y_p/X_p over respondents;
the index is θ = Σ w_p R_p. Pools that nobody rated are left out and the other shares scaled
up. Its standard error is that of the linearised variable of a respondent j (Taylor series;
Wolter 2007, ch. 6; Särndal, Swensson and Wretman 1992, 5.5)

    z_j = Σ_p w_p (y_pj − R_p x_pj) / X_p,     SE = √( n/(n−1) · Σ z_j² ),

which for one pool is the ratio estimator of `intervals.ratio_se`. R_p comes from the
tallies; Σ z² takes one walk in the database over the responses, except where all answers
are one pool with the items and levels of the questionnaire: that stands in the moments.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext as _

from portal.agencies.models import Agency

from .. import results
from ..intervals import Estimate, Moments, around, estimate
from ..models import NotApplicable, Pooling, Survey
from ..questionnaires import Question, Questionnaire
from ..results import ALL, Wanted
from . import columns
from .definitions import Definition, criteria, parts


@dataclass(frozen=True)
class Item:
    """Levels of an item as the definition sees them."""

    satisfied: frozenset[int]
    rated: frozenset[int]

    def sums(self, counts: Mapping[int, int]) -> tuple[int, int]:
        """(Y, X) of all respondents."""
        return (
            sum(counts.get(code, 0) for code in self.satisfied),
            sum(counts.get(code, 0) for code in self.rated),
        )


def is_in_moments(definition: Definition, questionnaire: Questionnaire) -> bool:
    """Whether the sums kept beside the responses are those of this definition."""
    index = questionnaire.index
    return (
        definition.pooling == Pooling.ANSWERS
        and definition.not_applicable == NotApplicable.LEFT_OUT
        and set(definition.items) == set(index.items)
        and definition.satisfied == index.satisfied
    )


def running_words(questionnaire: Questionnaire, *, has_definition: bool) -> str:
    """By which definition the figures are that are kept up with every response."""
    version = questionnaire.index.version
    if not has_definition:
        return _("Index by definition %(version)s, answers pooled.") % {"version": version}
    return _(
        "Kept up with every response, the figures here are by the questionnaire's own definition "
        "(%(version)s, answers pooled). Reports are computed by the definition that was laid down "
        "for the survey and may differ: see “How it is measured”."
    ) % {"version": version}


def index(
    survey: Survey, questionnaire: Questionnaire, definition: Definition, wanted: Wanted = ALL
) -> Estimate | None:
    """The index of the responses that are asked for; None when nobody rated anything."""
    if is_in_moments(definition, questionnaire):
        found = results.moments_by_scope(survey, wanted).get("")
        return estimate(found) if found else None
    counts = results.counts_by_question(survey, wanted)
    return _linearised(survey, questionnaire, definition, wanted, counts)


def by_scope(
    survey: Survey, questionnaire: Questionnaire, definition: Definition, wanted: Wanted = ALL
) -> dict[str, Estimate | None]:
    """The index ("") and each of its criteria; a criterion pools the answers to its items."""
    inside = criteria(questionnaire, definition.items)
    if is_in_moments(definition, questionnaire):
        found = results.moments_by_scope(survey, wanted)
        return {scope: estimate(found.get(scope, Moments())) for scope in ("", *inside)}
    counts = results.counts_by_question(survey, wanted)
    made = {"": _linearised(survey, questionnaire, definition, wanted, counts)}
    for scope, items in inside.items():
        part = replace(definition, items=items, pooling=Pooling.ANSWERS, weights={})
        made[scope] = _linearised(survey, questionnaire, part, wanted, counts)
    return made


def by_agency(
    survey: Survey, questionnaire: Questionnaire, definition: Definition, wanted: Wanted = ALL
) -> dict[Agency, Estimate | None]:
    """The index of each agency that has responses, in official order."""
    moments = results.moments_by_agency(survey, wanted)
    if is_in_moments(definition, questionnaire):
        return results.estimates(moments)
    return {
        agency: index(survey, questionnaire, definition, replace(wanted, agency=agency.pk))
        for agency in moments
    }


def item_of(question: Question, definition: Definition) -> Item:
    levels = {choice.code for choice in question.choices if not choice.is_no_answer}
    if definition.not_applicable == NotApplicable.NOT_SATISFIED:
        levels |= {choice.code for choice in question.choices if choice.is_na}
    return Item(definition.satisfied & levels, frozenset(levels))


def _linearised(
    survey: Survey,
    questionnaire: Questionnaire,
    definition: Definition,
    wanted: Wanted,
    counts: Mapping[str, Mapping[int, int]],
) -> Estimate | None:
    items = {code: item_of(questionnaire.counted[code], definition) for code in definition.items}
    pools = []
    for share, codes in parts(definition, questionnaire).values():
        pairs = [items[code].sums(counts.get(code, {})) for code in codes]
        y, x = (sum(side) for side in zip(*pairs, strict=True))
        if x and share:
            pools.append((share, codes, y, x))
    if not pools:
        return None
    total = sum(share for share, *_rest in pools)
    theta = sum((share * Fraction(y, x) for share, _codes, y, x in pools), Fraction()) / total
    terms = {
        code: (float(share / total / x), float(share / total * Fraction(y, x) / x))
        for share, codes, y, x in pools
        for code in codes
    }
    n, squares = _squares(survey, items, terms, wanted)
    se = math.sqrt(n / (n - 1) * squares) if n > 1 else 0.0
    # Sums of floats leave a trace where everybody agrees.
    return around(theta, se if se > 1e-9 else 0.0, n)


def _squares(
    survey: Survey,
    items: Mapping[str, Item],
    terms: Mapping[str, tuple[float, float]],
    wanted: Wanted,
) -> tuple[int, float]:
    """(n, Σ z²) of the respondents who rated any of the items."""
    table, params = columns.answers(survey, terms, wanted)
    cases = " + ".join(
        f"CASE WHEN {columns.among(code, items[code].satisfied)} THEN {a - b!r} "
        f"WHEN {columns.among(code, items[code].rated)} THEN {-b!r} ELSE 0.0 END"
        for code, (a, b) in terms.items()
    )
    anything = " OR ".join(columns.among(code, items[code].rated) for code in terms)
    ((n, squares),) = columns.rows(
        "SELECT COUNT(*), SUM(q.z * q.z) "  # noqa: S608
        f"FROM (SELECT CAST({cases} AS double precision) AS z FROM {table} t WHERE {anything}) q",
        params,
    )
    return n, float(squares or 0)
