"""Before and after: the figure that an action rests on, measured again."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from portal.rules.values import value

from .. import results
from ..intervals import Moments, estimate
from ..models import Action, Survey
from ..periods import in_words, period_of
from ..questionnaires import Question, read
from ..reporting.figures import change, summed
from ..results import Wanted
from ..versions import current_version
from .targets import AGENCY, CRITERION, ITEM


@dataclass(frozen=True)
class Later:
    """A measurement after the one an action rests on: a survey that follows, or a period."""

    survey: Survey
    period: str | None
    label: str

    @property
    def name(self) -> str:
        return f"{self.survey.pk}:{self.period or ''}"

    @classmethod
    def named(cls, action: Action, name: str) -> Later | None:
        return next((later for later in cls.of(action) if later.name == name), None)

    @classmethod
    def of(cls, action: Action) -> list[Later]:
        """Surveys that follow this one, and later periods of a survey cut into periods."""
        first = _period_of_edition(action)
        periods = [
            cls(action.survey, period, in_words(period))
            for (period,) in results.valid_by(action.survey, "period")
            if first and period > first
        ]
        return periods + [cls(survey, None, survey.title) for survey in _followers(action.survey)]


def _followers(survey: Survey) -> list[Survey]:
    made: list[Survey] = []
    wave = [survey]
    while wave:
        wave = list(
            Survey.objects.filter(follows__in=wave).exclude(pk__in=[row.pk for row in made])
        )
        made += wave
    return made


def _period_of_edition(action: Action) -> str:
    """The period in which the edition was made; empty for a survey that is one period."""
    day = timezone.localdate(action.edition.made_at)
    return period_of(action.survey.period_kind, day)


def compare(action: Action, later: Later) -> dict | None:
    """Figures of both measurements with their difference; None below the threshold.

    An item or a criterion is compared among those who answered about the responsible
    agency where both groups are large enough, and among all otherwise.
    """
    k = value("survey.suppression_k").integer
    period = _period_of_edition(action) if later.period else None
    own = action.agency_id
    for agency in [own] if action.target.startswith(AGENCY) else [own, None]:
        before = _moments(action.survey, action.target, Wanted(agency=agency, period=period))
        after = _moments(later.survey, action.target, Wanted(agency=agency, period=later.period))
        if min(before.n, after.n) >= k:
            was, now = estimate(before), estimate(after)
            return {
                "about": "agency" if agency else "all",
                "later": later.label,
                "before": summed(was, before),
                "after": summed(now, after),
                "change": change(was, now),
            }
    return None


def _moments(survey: Survey, target: str, wanted: Wanted) -> Moments:
    kind, _, code = target.partition(":")
    if kind == ITEM:
        return _item_moments(survey, code, wanted)
    scope = code if kind == CRITERION else ""
    return results.moments_by_scope(survey, wanted).get(scope, Moments())


def _item_moments(survey: Survey, code: str, wanted: Wanted) -> Moments:
    """One item a person: y is 0 or 1 and x is 1."""
    questionnaire = read(current_version(survey).definition)
    question: Question | None = questionnaire.counted.get(code)
    if question is None:
        return Moments()
    counts = results.counts_by_question(survey, wanted).get(code, {})
    levels = [choice.code for choice in question.choices if not choice.is_no_answer]
    n = sum(counts.get(level, 0) for level in levels)
    y = sum(counts.get(level, 0) for level in levels if level in questionnaire.index.satisfied)
    return Moments(n, y, n, y, y, n)
