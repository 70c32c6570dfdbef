"""Figures that come from measuring and sampling: ranking, importance, trend, weights, rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..intervals import Estimate
from ..measuring import figures as measured
from ..measuring import weighting
from ..measuring.importance import Matrix
from ..measuring.trend import TrendPoint, trend
from ..periods import in_words
from ..sampling.progress import RateRow, hidden_channels, response_rates
from ..suppression import hidden
from ..themes.queries import approved
from .index_parts import satisfied_share

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
    secret = of.hidden_agencies
    return {
        "comparisons": max(0, len(made.ranked) - 1),
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
    """Items by how they go with the rest of the scale; none where an item is hidden. Beside it
    what people themselves called important, where the questionnaire asks that."""
    derived = None
    if all(item["levels"] is not None for item in of.items):
        # Where levels on both sides of "satisfied" are merged, the share would part them.
        among = {item["code"] for item in of.items if satisfied_share(item) is not None}
        derived = measured.derived_importance(
            of.survey, of.questionnaire, of.definition, among=among
        )
    stated = _stated(of)
    if derived is None and stated is None:
        return None
    return (_matrix(derived) if derived else {}) | ({"stated": stated} if stated else {})


def _stated(of: Measured) -> dict | None:
    criteria, items = of.hidden_parts
    made = measured.stated_importance(of.survey, of.questionnaire, of.definition, of.k)
    if made is None or any(one.point.code in criteria | items for one in made.placed):
        return None
    return _matrix(made)


def _matrix(made: Matrix) -> dict:
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
    secret = _hidden_points(found, of.k)
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


def _hidden_points(found: list[TrendPoint], k: int) -> set[int]:
    """Periods of a survey stand beside that survey's own index: each survey hides its own."""
    by_survey: dict[int, dict[int, int]] = {}
    for place, point in enumerate(found):
        n = point.estimate.n if point.estimate else 0
        by_survey.setdefault(point.survey.pk, {})[place] = n
    return {place for sizes in by_survey.values() for place in hidden(sizes, k)}


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
    secret, _items = of.hidden_parts
    return {
        "number": row.number,
        "method": row.get_method_display(),
        "source": row.source,
        **{name: row.report.get(name) for name in ("n", "deff", "effective_n", "definition")},
        "margins": [_label(of, code) for code in row.questions],
        "rows": [
            {
                "code": scope,
                "title": titles.get(scope, "Chỉ số chung"),
                **of_estimate(None if scope in secret else made.get(scope), of.k),
            }
            for scope in of.questionnaire.scopes()
        ],
    }


def _label(of: Measured, code: str) -> str:
    return next((q.label for q in of.questionnaire.questions() if q.code == code), code)


def rates(of: Measured) -> list[dict]:
    """What became of those who were reached, by channel: figures about forms. Valid answers of
    a channel are people whose index is hidden or shown elsewhere: hidden alike."""
    rows = response_rates(of.survey)
    secret = hidden_channels(rows, of.k)
    return [_rate(row, is_hidden=row.channel in secret) for row in rows]


def _rate(row: RateRow, *, is_hidden: bool) -> dict:
    if is_hidden:
        nothing = dict.fromkeys(("opened", "begun", "refused", "valid", "rejected", "rate"))
        return {"channel": str(row.channel.value), "invited": row.invited, **nothing}
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
