"""Before and after: the figure that an action rests on, measured again."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from portal.rules.values import value

from .. import results
from ..intervals import Estimate, Moments, estimate
from ..measuring import definitions, indices
from ..measuring.definitions import Definition
from ..models import Action, Survey
from ..periods import in_words, period_of
from ..questionnaires import Question, read
from ..reporting.figures import change
from ..reporting.measures import of_estimate
from ..results import Wanted
from ..suppression import hidden
from ..versions import current_version
from .targets import AGENCY, ITEM


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
    """Figures of both measurements with their difference; None where either is not shown.

    Citizens read them: so they are figures that a report prints, by the definition in force,
    hidden as a report hides them. An agency's own index is compared with itself, everything
    else among all who answered.
    """
    period = _period_of_edition(action) if later.period else None
    before = _measured(action.survey, action.target, period)
    after = _measured(later.survey, action.target, later.period)
    if before is None or after is None:
        return None
    return {
        "about": "agency" if action.target.startswith(AGENCY) else "all",
        "later": later.label,
        "before": of_estimate(before, before.n),
        "after": of_estimate(after, after.n),
        "change": change(before, after),
    }


def _measured(survey: Survey, target: str, period: str | None) -> Estimate | None:
    k = value("survey.suppression_k").integer
    made = {key: m.n for key, m in results.moments_by(survey, "period").items()}
    if period is not None and period in hidden(made, k):
        return None
    questionnaire = read(current_version(survey).definition)
    definition = definitions.current(survey, questionnaire)
    wanted, (kind, _, code) = Wanted(period=period), target.partition(":")
    if kind == ITEM:
        return _of_item(questionnaire.counted.get(code), survey, definition, wanted, k)
    if kind == AGENCY:
        agencies = indices.by_agency(survey, questionnaire, definition, wanted)
        parts = {agency.code: found for agency, found in agencies.items()}
    else:
        parts = indices.by_scope(survey, questionnaire, definition, wanted)
    whole = parts.pop("", None)
    found = parts.get(code) if code else whole
    secret = hidden({key: part.n if part else 0 for key, part in parts.items()}, k)
    return found if found and found.n >= k and code not in secret else None


def _of_item(
    question: Question | None, survey: Survey, definition: Definition, wanted: Wanted, k: int
) -> Estimate | None:
    """One item a person: y is 0 or 1 and x is 1. A few on either side are not told."""
    if question is None:
        return None
    counts = results.counts_by_question(survey, wanted).get(question.code, {})
    y, n = indices.item_of(question, definition).sums(counts)
    if n < k or any(0 < side < k for side in (y, n - y)):
        return None
    return estimate(Moments(n, y, n, y, y, n))
