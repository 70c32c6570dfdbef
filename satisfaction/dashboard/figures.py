"""Figures of the dashboard: from the cells, or from responses where people are narrowed.

Every reader is given what they may see: `Sight.k` hides the few, as in what is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import zip_longest

from django.db.models import Count, F, Q, Sum

from portal.agencies.models import Agency

from .. import results
from ..intervals import Estimate, Moments, estimate
from ..models import Channel, Response, ResponseStatus, Survey
from ..questionnaires import Question, Questionnaire, Section
from ..reporting.questions import levels_of
from ..suppression import hidden, runs
from .filters import Filter
from .narrowing import hidden_scopes, narrowed
from .sight import Sight

Counts = dict[str, dict[int, int]]  # of people, by question and code


@dataclass(frozen=True)
class Line:
    """One row: an index with its interval, or nothing where too few answered."""

    code: str
    label: str
    n: int
    estimate: Estimate | None
    is_hidden: bool = False


def responses(survey: Survey, asked: Filter):
    """Valid responses that a filter asks for."""
    rows = Response.objects.filter(asked.wanted.among(), survey=survey, status=ResponseStatus.VALID)
    return rows.filter(asked.people) if asked.people is not None else rows


def by_day(survey: Survey, asked: Filter) -> dict[date, Counter[str]]:
    """Responses of each day by channel, exact: for who may look over each response."""
    made: dict[date, Counter[str]] = {}
    rows = responses(survey, asked).values_list("day", "channel").annotate(n=Count("pk"))
    for day, channel, n in rows.order_by("day", "channel"):
        made.setdefault(day, Counter())[channel] += n
    return made


@dataclass(frozen=True)
class Span:
    """Responses from one day to another, both included."""

    first: date
    last: date
    n: int


def spans(days: dict[date, Counter[str]], k: int) -> list[Span]:
    """Days joined until each span holds k responses; none where all together do not."""
    given = sorted(days)
    amounts = [sum(days[day].values()) for day in given]
    made = [
        Span(given[run.start], given[run.stop - 1], sum(amounts[run.start : run.stop]))
        for run in runs(amounts, k)
    ]
    # A span goes on to where the next one begins: days without any are nobody's.
    return [
        replace(span, last=after.first - timedelta(days=1)) if after else span
        for span, after in zip_longest(made, made[1:])
    ]


def by_channel(days: dict[date, Counter[str]], k: int) -> dict[str, int | None]:
    """Responses by channel, hidden together as in the response rates of a report."""
    totals: Counter[str] = Counter()
    for by_channel_of_day in days.values():
        totals.update(by_channel_of_day)
    secret = hidden(totals, k)
    return {
        code: None if code in secret else totals[code] for code in Channel.values if totals[code]
    }


def _line(code: str, label: str, moments: Moments, k: int) -> Line:
    few = moments.n < k
    made = None if few else estimate(moments)
    return Line(code, label, 0 if few else moments.n, made, few)


_SUMS = {
    "n": Count("pk"),
    "sy": Sum("satisfied"),
    "sx": Sum("rated"),
    "syy": Sum(F("satisfied") * F("satisfied")),
    "sxy": Sum(F("satisfied") * F("rated")),
    "sxx": Sum(F("rated") * F("rated")),
}


def by_agency(survey: Survey, asked: Filter, sight: Sight, scope: str = "") -> list[Line]:
    """The index, or one criterion, of each agency, in the order that was asked for.

    Below full rights not of a part of the people: agencies and parts are not crossed.
    """
    if sight.k and narrowed(asked):
        return []
    # What is hidden is chosen among all agencies, whichever of them are shown.
    among = replace(asked, agency=None) if sight.k else asked
    if among.people is None:
        moments = results.moments_by_agency(survey, among.wanted, scope)
    else:
        moments = _moments_of_people(survey, among)
    secret = hidden({agency: m.n for agency, m in moments.items()}, sight.k)
    lines = [
        Line(agency.code, agency.label, 0, None, True)
        if agency in secret
        else _line(agency.code, agency.label, m, sight.k)
        for agency, m in moments.items()
        if sight.may_see(agency) and asked.agency in (None, agency)
    ]
    if asked.sort == "so-phieu":
        lines.sort(key=lambda line: -line.n)
    elif asked.sort == "chi-so":
        lines.sort(key=lambda line: line.estimate.value if line.estimate else Fraction(2))
    return lines


def _moments_of_people(survey: Survey, asked: Filter) -> dict[Agency, Moments]:
    rows = responses(survey, asked).filter(rated__gt=0).values("agency").annotate(**_SUMS)
    made = {
        row["agency"]: Moments(*(row[name] for name in _SUMS)) for row in rows.order_by("agency")
    }
    return {agency: made[agency.pk] for agency in Agency.objects.filter(pk__in=made)}


def whole_and_criteria(
    survey: Survey, questionnaire: Questionnaire, asked: Filter, sight: Sight
) -> tuple[Line, list[Line]]:
    """The whole index and each criterion of what was asked for, in one reading.

    No criteria where people are narrowed: the cells do not know them.
    """
    secret = hidden_scopes(survey, asked, sight)

    def line(code: str, label: str, moments: Moments) -> Line:
        return (
            Line(code, label, 0, None, True)
            if code in secret
            else _line(code, label, moments, sight.k)
        )

    if asked.people is not None:
        total = responses(survey, asked).filter(rated__gt=0).aggregate(**_SUMS)
        return line("", "", Moments(*(total[name] or 0 for name in _SUMS))), []
    moments = results.moments_by_scope(survey, asked.wanted)
    # A criterion alone below k would follow from the index less the others, as in a report.
    secret |= hidden({scope: made.n for scope, made in moments.items() if scope}, sight.k)
    criteria = [
        line(section.code, section.title, moments.get(section.code, Moments()))
        for section in questionnaire.sections
        if section.is_scored
    ]
    return line("", "", moments.get("", Moments())), criteria


def by_item(
    survey: Survey,
    section: Section,
    questions: list[Question],
    counts: Counts,
    asked: Filter,
    sight: Sight,
) -> list[dict]:
    """Levels of each item of a criterion, small ones counted with their neighbours.

    Below full rights those of the whole; an officer also has those of the own agency.
    """
    whole: Counts | None = None
    if sight.k:
        if _shows_no_levels(survey, section, asked, sight):
            return [{"label": q.label, **levels_of(q, {}, sight.k)} for q in questions]
        if asked.agency is not None:
            whole = results.counts_by_question(survey)
    return [
        {
            "label": question.label,
            **levels_of(
                question,
                counts.get(question.code, {}),
                sight.k,
                None if whole is None else whole.get(question.code, {}),
            ),
        }
        for question in questions
    ]


def items_of(section: Section, items: Collection[str]) -> list[Question]:
    return [question for question in section.questions if question.code in items]


def counts_of_items(survey: Survey, questions: list[Question], asked: Filter) -> Counts:
    if asked.people is None:
        return results.counts_by_question(survey, asked.wanted)
    return _counts_of_people(survey, questions, asked)


def _shows_no_levels(survey: Survey, section: Section, asked: Filter, sight: Sight) -> bool:
    if narrowed(asked) or (asked.agency is not None and sight.agencies is None):
        return True
    return section.code in hidden_scopes(survey, asked, sight)


def _counts_of_people(
    survey: Survey, questions: list[Question], asked: Filter
) -> dict[str, dict[int, int]]:
    """Answers of the people asked for, all items of a criterion in one query."""
    wanted = {
        f"{question.code}_{choice.code}": Count(
            "pk", filter=Q(**{f"answers__{question.code}": choice.code})
        )
        for question in questions
        for choice in question.choices
    }
    found = responses(survey, asked).aggregate(**wanted)
    made: dict[str, dict[int, int]] = {}
    for question in questions:
        made[question.code] = {
            choice.code: found[f"{question.code}_{choice.code}"] for choice in question.choices
        }
    return made
