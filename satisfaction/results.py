"""Reading a survey's results from the tallies: what reports and the admin show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from portal.agencies.models import Agency

from .intervals import Estimate, Moments, estimate
from .models import Cell, IndexMoment, Response, ResponseStatus, Survey, Tally
from .questionnaires import Question, Questionnaire
from .tallies import NOT_SHOWN, SKIPPED
from .versions import pooled

_SUMS = ("n", "sy", "sx", "syy", "sxy", "sxx")
_TOTALS = {f"total_{name}": Sum(name) for name in _SUMS}


@dataclass(frozen=True)
class Wanted:
    """Which responses are asked for; what is None is not asked. `agency` is its key."""

    agency: int | None = None
    period: str | None = None
    channel: str | None = None
    with_flagged: bool = True

    def among(self, prefix: str = "") -> Q:
        """The condition on cells, or on responses, which have the same columns."""
        asked: dict[str, object] = {
            f"{prefix}{name}": wanted
            for name in ("agency", "period", "channel")
            if (wanted := getattr(self, name)) is not None
        }
        if not self.with_flagged:
            asked[f"{prefix}is_flagged"] = False
        return Q(**asked)


ALL = Wanted()


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


def received_by_survey(survey_ids: list[int], wanted: Wanted = ALL) -> dict[int, Received]:
    """Counts of several surveys in one query."""
    rows = (
        Response.objects.filter(wanted.among(), survey__in=survey_ids)
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


def received(survey: Survey, wanted: Wanted = ALL) -> Received:
    return received_by_survey([survey.pk], wanted).get(survey.pk, Received(0, 0, {}))


def valid_by(survey: Survey, *names: str, wanted: Wanted = ALL) -> dict[tuple, int]:
    """Valid responses by any of agency, period, channel and is_flagged."""
    cells = Cell.objects.filter(wanted.among(), version__in=pooled(survey), n__gt=0)
    rows = cells.values_list(*names).annotate(total=Sum("n")).order_by(*names)
    return {tuple(key): n for *key, n in rows}


def moments_by_scope(survey: Survey, wanted: Wanted = ALL) -> dict[str, Moments]:
    """Sums of each scope, over all versions: versions of one survey mean the same."""
    rows = _rows(IndexMoment, survey, wanted).values("scope")
    totals = rows.annotate(**_TOTALS).order_by("scope")
    return {row["scope"]: _moments(row) for row in totals}


def moments_by_agency(
    survey: Survey, wanted: Wanted = ALL, scope: str = ""
) -> dict[Agency, Moments]:
    """The index, or one criterion, of each agency that has responses, in official order."""
    by_agency = moments_by(survey, "agency", wanted, scope)
    return {
        agency: by_agency[agency.pk]
        for agency in Agency.objects.filter(pk__in=by_agency)
        if by_agency[agency.pk].n
    }


def moments_by(
    survey: Survey, name: str, wanted: Wanted = ALL, scope: str = ""
) -> dict[object, Moments]:
    """Sums by agency (its key), period or channel of those who have responses."""
    rows = _rows(IndexMoment, survey, wanted).filter(scope=scope).values(f"cell__{name}")
    totals = rows.annotate(**_TOTALS).order_by(f"cell__{name}")
    return {row[f"cell__{name}"]: _moments(row) for row in totals}


def people_by(survey: Survey, name: str, wanted: Wanted = ALL) -> dict[str, dict[object, int]]:
    """How many rated something: of each scope, by agency (its key), period, channel or mark."""
    rows = _rows(IndexMoment, survey, wanted).values_list("scope", f"cell__{name}")
    made: dict[str, dict[object, int]] = {}
    for scope, part, n in rows.annotate(total=Sum("n")).order_by("scope", f"cell__{name}"):
        made.setdefault(scope, {})[part] = n
    return made


def _rows(model: type[Tally | IndexMoment], survey: Survey, wanted: Wanted) -> QuerySet:
    return model.objects.filter(wanted.among("cell__"), cell__version__in=pooled(survey))


def _moments(row: dict) -> Moments:
    return Moments(*(row[f"total_{name}"] for name in _SUMS))


def estimates(moments: dict) -> dict[object, Estimate | None]:
    return {key: estimate(value) for key, value in moments.items()}


def counts_by_question(survey: Survey, wanted: Wanted = ALL) -> dict[str, dict[int, int]]:
    """Number of valid responses by question and code, over all versions."""
    rows = _rows(Tally, survey, wanted).values_list("question", "code")
    counts: dict[str, dict[int, int]] = {}
    for question, code, n in rows.annotate(total=Sum("n")).order_by("question", "code"):
        counts.setdefault(question, {})[code] = n
    return counts


def item_counts(
    survey: Survey, questionnaire: Questionnaire, wanted: Wanted = ALL
) -> list[ItemCounts]:
    counts = counts_by_question(survey, wanted)
    items = []
    for question in questionnaire.counted.values():
        if question.code not in questionnaire.index.items:
            continue
        codes = counts.get(question.code, {})
        items.append(
            ItemCounts(
                question,
                [
                    codes.get(choice.code, 0)
                    for choice in question.choices
                    if not choice.is_no_answer
                ],
                sum(
                    codes.get(choice.code, 0) for choice in question.choices if choice.is_no_answer
                ),
                codes.get(SKIPPED, 0),
                codes.get(NOT_SHOWN, 0),
            )
        )
    return items
