"""Reading a survey's results from the tallies: what reports and the admin show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from portal.agencies.models import Agency

from .intervals import Estimate, Moments, estimate
from .models import IndexMoment, Response, ResponseStatus, Survey, SurveyVersion, Tally
from .questionnaires import SKIPPED, Question, Questionnaire

_SUMS = ("n", "sy", "sx", "syy", "sxy", "sxx")


@dataclass(frozen=True)
class Received:
    """How many responses came and why some do not count."""

    total: int
    valid: int
    rejected: dict[str, int]


@dataclass(frozen=True)
class ItemCounts:
    """One item's answers: levels in the order of the scale, the rest apart."""

    question: Question
    levels: list[int]
    not_applicable: int
    skipped: int

    @property
    def rated(self) -> int:
        return sum(self.levels)


def received_by_survey(survey_ids: list[int]) -> dict[int, Received]:
    """Counts of several surveys in one query."""
    rows = (
        Response.objects.filter(survey__in=survey_ids)
        .values_list("survey", "status", "reason")
        .annotate(n=Count("pk"))
        .order_by("survey", "status", "reason")
    )
    grouped: dict[int, dict[tuple[str, str], int]] = {}
    for survey, status, reason, n in rows:
        grouped.setdefault(survey, {})[status, reason] = n
    return {survey: _received(counts) for survey, counts in grouped.items()}


def _received(counts: dict[tuple[str, str], int]) -> Received:
    rejected = {
        reason: n for (status, reason), n in counts.items() if status == ResponseStatus.REJECTED
    }
    valid = sum(counts.values()) - sum(rejected.values())
    return Received(sum(counts.values()), valid, rejected)


def received(survey: Survey) -> Received:
    return received_by_survey([survey.pk]).get(survey.pk, Received(0, 0, {}))


def moments_by_scope(version: SurveyVersion) -> dict[str, Moments]:
    rows = IndexMoment.objects.filter(version=version).values("scope")
    totals = rows.annotate(**{f"total_{name}": Sum(name) for name in _SUMS}).order_by("scope")
    return {row["scope"]: Moments(*(row[f"total_{name}"] for name in _SUMS)) for row in totals}


def moments_by_agency(version: SurveyVersion) -> dict[Agency, Moments]:
    """The whole index of each agency that has responses, in official order."""
    rows = (
        IndexMoment.objects.filter(version=version, scope="", n__gt=0)
        .select_related("agency")
        .order_by("agency__kind_order", "agency__official_order", "agency__pk")
    )
    return {row.agency: Moments(*(getattr(row, name) for name in _SUMS)) for row in rows}


def estimates(moments: dict) -> dict[object, Estimate | None]:
    return {key: estimate(value) for key, value in moments.items()}


def counts_by_question(version: SurveyVersion) -> dict[str, dict[int, int]]:
    """Number of valid responses by question and code, over all agencies."""
    rows = Tally.objects.filter(version=version).values_list("question", "code")
    counts: dict[str, dict[int, int]] = {}
    for question, code, n in rows.annotate(total=Sum("n")).order_by("question", "code"):
        counts.setdefault(question, {})[code] = n
    return counts


def item_counts(version: SurveyVersion, questionnaire: Questionnaire) -> list[ItemCounts]:
    counts = counts_by_question(version)
    items = []
    for question in questionnaire.coded_questions():
        if question.code not in questionnaire.index.items:
            continue
        codes = counts.get(question.code, {})
        items.append(
            ItemCounts(
                question,
                [codes.get(choice.code, 0) for choice in question.choices if not choice.is_na],
                sum(codes.get(choice.code, 0) for choice in question.choices if choice.is_na),
                codes.get(SKIPPED, 0),
            )
        )
    return items
