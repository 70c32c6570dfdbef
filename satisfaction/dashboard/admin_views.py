"""A survey as it stands now: counts by day, agencies compared, drilled down to items."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from editorial.authority import at_one_look
from portal.agencies.models import Agency
from portal.reporting.spreadsheets import csv_response, xlsx_response

from ..measuring import indices
from ..models import Cell, Survey, SurveyVersion
from ..questionnaires import Question, Questionnaire, read
from ..suppression import fewest_shown
from ..versions import version_measured
from . import crossing, drawing, figures, item_statistics
from .filters import Filter, choices_of, read_filter
from .item_statistics import Table
from .narrowing import allowed, may_see_days
from .sight import Sight, sight_of

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
INDEX_HEADER = ["Số người đánh giá", "Chỉ số", "Khoảng tin cậy 95%"]


def _only_reads(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The menu around the page asks for the person's posts again and again: once is enough."""

    @wraps(view)
    def looked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with at_one_look(request.user):
            return view(request, *args, **kwargs)

    return looked


@_only_reads
def survey_list(request: HttpRequest) -> HttpResponse:
    """Surveys that have answers about what this person may see."""
    sight = sight_of(request.user)
    cells = Cell.objects.filter(n__gt=0)
    if sight.agencies is not None:
        cells = cells.filter(agency__in=sight.agencies)
    surveys = Survey.objects.filter(pk__in=cells.values("version__survey"))
    return render(request, "satisfaction/dashboard/list.html", {"surveys": surveys[:200]})


def _open(request: HttpRequest, survey_id: int) -> tuple[SurveyVersion, Questionnaire, Sight]:
    sight = sight_of(request.user)
    version = version_measured(survey_id)
    if version is None:
        raise Http404
    return version, read(version.definition), sight


def _own(sight: Sight, code: str = "") -> Agency | None:
    """The agency that this page is about; an officer's own where none is named."""
    if code:
        agency = get_object_or_404(Agency, code=code)
        if not sight.may_see(agency):
            raise PermissionDenied
        return agency
    if sight.agencies is not None:
        return sight.agencies[0]
    return None


def _asked(
    request: HttpRequest,
    version: SurveyVersion,
    questionnaire: Questionnaire,
    sight: Sight,
    own: Agency | None,
) -> Filter:
    return allowed(read_filter(request.GET, version.survey, questionnaire, own), sight)


@_only_reads
def survey(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The whole survey; for an officer, the own agency."""
    version, questionnaire, sight = _open(request, survey_id)
    asked = _asked(request, version, questionnaire, sight, _own(sight))
    if asked.agency and not sight.may_see(asked.agency):
        raise PermissionDenied
    lines = figures.by_agency(version.survey, asked, sight)
    exported = _exported(request, version, lines_of(lines, "Cơ quan, đơn vị"))
    if exported:
        return exported
    return _page(request, version, questionnaire, sight, asked, lines)


@_only_reads
def agency(request: HttpRequest, survey_id: int, agency_code: str) -> HttpResponse:
    """One agency: its criteria, and through them its items."""
    version, questionnaire, sight = _open(request, survey_id)
    asked = _asked(request, version, questionnaire, sight, _own(sight, agency_code))
    if request.GET.get("dang") in EXPORTS:
        _whole, criteria = figures.whole_and_criteria(version.survey, questionnaire, asked, sight)
        return _exported(request, version, lines_of(criteria, "Tiêu chí"))
    return _page(request, version, questionnaire, sight, asked, [])


@_only_reads
def criterion(
    request: HttpRequest, survey_id: int, scope: str, agency_code: str = ""
) -> HttpResponse:
    """The items of one criterion, for all agencies or one."""
    version, questionnaire, sight = _open(request, survey_id)
    found = next((part for part in questionnaire.sections if part.code == scope), None)
    if found is None or not found.is_scored:
        raise Http404
    asked = _asked(request, version, questionnaire, sight, _own(sight, agency_code))
    items = figures.items_of(found, questionnaire.index.items)
    counts = figures.counts_of_items(version.survey, items, asked)
    rows = figures.by_item(version.survey, found, items, counts, asked, sight)
    chart, header, table = drawing.items(rows)
    by_item, shares = _item_statistics(questionnaire, items, counts, asked, sight)
    exported = _exported(request, version, _beside((header, table), by_item))
    if exported:
        return exported
    lines = []
    if asked.agency is None and asked.people is None:
        lines = figures.by_agency(version.survey, asked, sight, scope=scope)
    whole, _criteria = figures.whole_and_criteria(version.survey, questionnaire, asked, sight)
    context = {
        **_common(request, version, questionnaire, sight, asked),
        "section": found,
        "chart": chart,
        "header": header,
        "table": table,
        "by_item": by_item,
        "shares": shares,
        "lines": [(line.code, drawing.cells(line)) for line in lines],
        "agencies_chart": drawing.compared(lines, whole, found.title, "co-quan"),
    }
    return render(request, "satisfaction/dashboard/criterion.html", context)


def _item_statistics(
    questionnaire: Questionnaire,
    items: list[Question],
    counts: figures.Counts,
    asked: Filter,
    sight: Sight,
) -> tuple[Table | None, Table | None]:
    if sight.k:
        return None, None
    satisfied, knows_silence = questionnaire.index.satisfied, asked.people is None
    return (
        item_statistics.summary(items, counts, satisfied, knows_silence=knows_silence),
        item_statistics.distributions(items, counts),
    )


def _beside(one: Table, other: Table | None) -> Table:
    """Two tables of the same rows as one."""
    if other is None:
        return one
    (header, rows), (more, cells) = one, other
    return [*header, *more[1:]], [[*row, *rest[1:]] for row, rest in zip(rows, cells, strict=True)]


@_only_reads
def cross_table(request: HttpRequest, survey_id: int) -> HttpResponse:
    """One question by another, with totals and whether they go together."""
    version, questionnaire, sight = _open(request, survey_id)
    if sight.k:
        raise PermissionDenied
    asked = read_filter(request.GET, version.survey, questionnaire, None)
    chosen = crossing.read_crossing(request.GET, questionnaire) or crossing.usual(questionnaire)
    if chosen is None:
        raise Http404
    made = crossing.cross(version.survey, questionnaire, chosen, asked, fewest_shown())
    exported = _exported(request, version, made.as_file())
    if exported:
        return exported
    context = {
        **_common(request, version, questionnaire, sight, asked),
        "made": made,
        "chosen": chosen,
        "questions": crossing.choices_of(questionnaire),
        "query": asked.query(**chosen.query()),
        "test": crossing.test_words(made.test) if made.test else None,
        "fewest": fewest_shown(),
    }
    return render(request, "satisfaction/dashboard/cross.html", context)


def _common(
    request: HttpRequest,
    version: SurveyVersion,
    questionnaire: Questionnaire,
    sight: Sight,
    asked: Filter,
) -> dict:
    return {
        "survey": version.survey,
        "asked": asked,
        "query": asked.query(),
        "query_without_agency": asked.query(**{"co-quan": ""}),
        "group": f"{asked.question.code}:{asked.code}" if asked.question else "",
        "is_exact": sight.k == 0,
        "k": sight.k,
        "sees_all": sight.agencies is None,
        "crosses": sight.k == 0 and crossing.usual(questionnaire) is not None,
        "may_narrow": sight.k == 0 or asked.agency is None or sight.agencies is not None,
        "sorts": [
            (code, words, asked.query(**{"sap-xep": code}))
            for code, words in (
                ("co-quan", _("in official order")),
                ("so-phieu", _("most responses first")),
                ("chi-so", _("lowest index first")),
            )
        ],
        **choices_of(version.survey, questionnaire),
    }


def _page(
    request: HttpRequest,
    version: SurveyVersion,
    questionnaire: Questionnaire,
    sight: Sight,
    asked: Filter,
    lines: list[figures.Line],
) -> HttpResponse:
    whole, criteria = figures.whole_and_criteria(version.survey, questionnaire, asked, sight)
    context = {
        **_common(request, version, questionnaire, sight, asked),
        **_forms(version.survey, asked, sight, whole),
        "whole": drawing.cells(whole),
        "running": indices.running_words(questionnaire, has_definition=version.has_definition),
        "criteria": [(line.code, drawing.cells(line)) for line in criteria],
        "criteria_chart": drawing.compared(criteria, whole, "Tiêu chí", "tieu-chi"),
        "lines": [(line.code, drawing.cells(line)) for line in lines],
        "agencies_chart": drawing.compared(lines, whole, "Cơ quan", "co-quan"),
    }
    return render(request, "satisfaction/dashboard/survey.html", context)


def _forms(survey: Survey, asked: Filter, sight: Sight, whole: figures.Line) -> dict:
    """How many responses came, when and by which channel.

    Below full rights as little as of the answers themselves: days joined, channels apart from
    them, and neither for a part of the people.
    """
    is_told = sight.k == 0 or not whole.is_hidden
    if not is_told or not may_see_days(asked, sight):
        return {"is_told": is_told, "total": whole.n}
    days = figures.by_day(survey, asked)
    made = {"is_told": True, "total": sum(sum(row.values()) for row in days.values())}
    if sight.k == 0:
        header, rows = drawing.day_table(days)
        chart = drawing.through_time(days)
        return made | {"days_chart": chart, "days_header": header, "days": rows[:60]}
    header, rows = drawing.span_table(figures.spans(days, sight.k))
    by_channel, channels = drawing.channel_table(figures.by_channel(days, sight.k))
    return made | {
        "days_header": header,
        "days": rows[:60],
        "channels_header": by_channel,
        "by_channel": channels,
    }


def lines_of(lines: list[figures.Line], head: str) -> tuple[list[str], list[list[str]]]:
    return [head, *INDEX_HEADER], [drawing.cells(line) for line in lines]


def _exported(
    request: HttpRequest, version: SurveyVersion, table: tuple[list[str], list[list[str]]]
) -> HttpResponse | None:
    """What is seen, as a file, where the address asks for one."""
    write = EXPORTS.get(request.GET.get("dang", ""))
    if write is None:
        return None
    header, rows = table
    return write(f"bang-so-lieu-{version.survey.code}", header, rows)
