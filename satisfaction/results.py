"""Reading a survey's results from the tallies: what reports and the admin show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from portal.agencies.models import Agency

from .intervals import Estimate, Moments, estimate
from .models import IndexMoment, Response, ResponseStatus, Survey, Tally
from .questionnaires import Question, Questionnaire
from .tallies import NOT_SHOWN, SKIPPED
from .versions import pooled

_SUMS = ("n", "sy", "sx", "syy", "sxy", "sxx")
_TOTALS = {f"total_{name}": Sum(name) for name in _SUMS}


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
    not_shown: int

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


def moments_by_scope(survey: Survey) -> dict[str, Moments]:
    """Sums of each scope, over the versions that mean the same as the current one."""
    rows = IndexMoment.objects.filter(version__in=pooled(survey)).values("scope")
    totals = rows.annotate(**_TOTALS).order_by("scope")
    return {row["scope"]: _moments(row) for row in totals}


def moments_by_agency(survey: Survey) -> dict[Agency, Moments]:
    """The whole index of each agency that has responses, in official order."""
    rows = IndexMoment.objects.filter(version__in=pooled(survey), scope="").values("agency")
    by_agency = {row["agency"]: _moments(row) for row in rows.annotate(**_TOTALS).order_by()}
    return {
        agency: by_agency[agency.pk]
        for agency in Agency.objects.filter(pk__in=by_agency)
        if by_agency[agency.pk].n
    }


def _moments(row: dict) -> Moments:
    return Moments(*(row[f"total_{name}"] for name in _SUMS))


def estimates(moments: dict) -> dict[object, Estimate | None]:
    return {key: estimate(value) for key, value in moments.items()}


def counts_by_question(survey: Survey) -> dict[str, dict[int, int]]:
    """Number of valid responses by question and code, over all agencies, as `pooled`."""
    rows = Tally.objects.filter(version__in=pooled(survey)).values_list("question", "code")
    counts: dict[str, dict[int, int]] = {}
    for question, code, n in rows.annotate(total=Sum("n")).order_by("question", "code"):
        counts.setdefault(question, {})[code] = n
    return counts


def item_counts(survey: Survey, questionnaire: Questionnaire) -> list[ItemCounts]:
    counts = counts_by_question(survey)
    items = []
    for question in questionnaire.counted.values():
        if question.code not in questionnaire.index.items:
            continue
        codes = counts.get(question.code, {})
        items.append(
            ItemCounts(
                question,
                [codes.get(choice.code, 0) for choice in question.choices if not choice.is_na],
                sum(codes.get(choice.code, 0) for choice in question.choices if choice.is_na),
                codes.get(SKIPPED, 0),
                codes.get(NOT_SHOWN, 0),
            )
        )
    return items
