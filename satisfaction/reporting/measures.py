"""Figures that come from measuring and sampling: ranking, importance, trend, weights, rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..intervals import Estimate
from ..measuring import figures as measured
from ..measuring import weighting
from ..measuring.trend import TrendPoint, trend
from ..periods import in_words
from ..sampling.progress import RateRow, response_rates
from ..suppression import hidden
from ..themes.queries import approved

if TYPE_CHECKING:
    from .figures import Measured


def of_estimate(made: Estimate | None, k: int) -> dict:
    """An estimate in the form of a figure; the share is kept exactly, as a fraction."""
    if made is None or made.n < k:
        return {"n": 0, "sy": 0, "sx": 0, "low": None, "high": None}
    return {
        "n": made.n,
        "sy": made.value.numerator,
        "sx": made.value.denominator,
        "low": f"{made.low:.10f}",
        "high": f"{made.high:.10f}",
    }


def ranking(of: Measured) -> dict:
    """Agencies by place; those that are hidden elsewhere are in no list."""
    made = measured.ranking(of.survey, of.questionnaire, of.definition)
    secret = hidden({agency: m.n for agency, m in of.by_agency.items()}, of.k)
    return {
        "ranked": [
            {
                "code": row.key.code,
                "name": row.key.name,
                "place": row.place,
                "is_tied": row.is_tied,
                "best": row.best,
                "worst": row.worst,
                "group": str(row.group),
                **of_estimate(row.estimate, of.k),
            }
            for row in made.ranked
            if row.key not in secret
        ],
        "unranked": [agency.name for agency in made.unranked if agency not in secret],
    }


def importance(of: Measured) -> dict | None:
    """Items by how they go with the rest of the scale; none where an item is hidden."""
    if any(item["levels"] is None for item in of.items):
        return None
    made = measured.derived_importance(of.survey, of.questionnaire, of.definition)
    if made is None:
        return None
    return {
        "importance": f"{made.importance:.10f}",
        "satisfaction": f"{made.satisfaction:.10f}",
        "placed": [
            {
                "code": one.point.code,
                "label": one.point.label,
                "importance": f"{one.point.importance:.10f}",
                "satisfaction": f"{one.point.satisfaction:.10f}",
                "quadrant": str(one.quadrant),
            }
            for one in made.placed
        ],
    }


def points(of: Measured) -> list[dict]:
    """The surveys that this one follows and their periods, with tests and breaks."""
    found = trend(of.survey)
    secret = hidden(
        {place: point.estimate.n if point.estimate else 0 for place, point in enumerate(found)},
        of.k,
    )
    made = []
    for place, point in enumerate(found):
        is_shown = place not in secret
        row = {
            "code": f"{point.survey.code}:{point.period}",
            "title": _named(point),
            "is_break": point.is_break,
            **of_estimate(point.estimate if is_shown else None, of.k),
        }
        if is_shown and point.change and place - 1 not in secret:
            row["change"] = {
                "by": f"{float(point.change.value):.10f}",
                "low": f"{point.change.low:.10f}",
                "high": f"{point.change.high:.10f}",
                "p": None if point.change.p is None else f"{point.change.p:.10f}",
            }
        made.append(row)
    return made


def _named(point: TrendPoint) -> str:
    period = in_words(point.period)
    return f"{point.survey.title}: {period}" if period else point.survey.title


def weighted(of: Measured) -> dict | None:
    """The index and criteria under the newest weights, beside those without."""
    row = weighting.latest(of.survey)
    if row is None:
        return None
    made = weighting.by_scope(row)
    titles = {section.code: section.title for section in of.questionnaire.sections}
    return {
        "number": row.number,
        "method": row.get_method_display(),
        "source": row.source,
        "deff": row.report.get("deff"),
        "rows": [
            {
                "code": scope,
                "title": titles.get(scope, "Chỉ số chung"),
                **of_estimate(made.get(scope), of.k),
            }
            for scope in of.questionnaire.scopes()
        ],
    }


def rates(of: Measured) -> list[dict]:
    """What became of those who were reached, by channel: figures about forms."""
    return [_rate(row) for row in response_rates(of.survey)]


def _rate(row: RateRow) -> dict:
    return {
        "channel": str(row.channel.value),
        "invited": row.invited,
        "opened": row.opened,
        "begun": row.begun,
        "refused": row.refused,
        "valid": row.valid,
        "rejected": sum(row.rejected.values()),
        "rate": None if row.rate is None else [row.rate.numerator, row.rate.denominator],
    }


def themes(of: Measured) -> list[dict]:
    """Themes that a person approved, with the excerpts that person chose, already masked."""
    labels = {question.code: question.label for question in of.questionnaire.questions()}
    return [
        {
            "code": theme.question,
            "question": labels.get(theme.question, theme.question),
            "name": theme.name,
            "n": theme.responses,
            "quotes": list(theme.quotes),
        }
        for theme in approved(of.survey)
    ]
