"""The search page: rows with their hits marked, facets whose choice the address tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import translate_url
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import clock

from .fields import ReformField
from .forms import SearchForm
from .search import finding, watching
from .search.finding import Asked, Facet, State
from .search.highlighting import READ, Piece, excerpt, marked
from .search.models import SearchEntry, SearchKind
from .top_level import children_of_home, language

PAGE_SIZE = 20
NEARBY = 5
SHOWN_OPTIONS = 12

FACETS = [
    Facet("loai", gettext_lazy("Kind"), "kind"),
    Facet("muc", gettext_lazy("Section"), "section_id"),
    Facet("linhvuc", gettext_lazy("Field of reform"), "reform_field"),
    Facet("coquan", gettext_lazy("Agency"), "agencies__code"),
    Facet("nam", gettext_lazy("Year"), "dated__year"),
    Facet("noiban", gettext_lazy("Issuer"), "issuer"),
    Facet("hieuluc", gettext_lazy("State"), "state"),
]
STATES: dict[str, str | Promise] = {
    State.IN_FORCE: gettext_lazy("In force"),
    State.PARTLY: gettext_lazy("Partly expired"),
    State.NOT_YET: gettext_lazy("Not yet in force"),
    State.EXPIRED: gettext_lazy("Expired"),
}


@dataclass(frozen=True)
class Option:
    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    entry: SearchEntry
    url: str
    kind: str
    title: list[Piece]
    text: list[Piece]
    state: str


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, object] = {"words": words, "extra_crumbs": [(_("Search"), "")]}
    if asked := finding.ask(words):
        context |= _results(request, asked)
    return render(request, "site_pages/search.html", context)


def _results(request: HttpRequest, asked: Asked) -> dict[str, object]:
    found = finding.entries(asked, language()).annotate(
        state=finding.state_of_entries(clock.today())
    )
    chosen = {facet.parameter: _value(request, facet) for facet in FACETS}
    kept = _light(finding.narrowed(found, FACETS, chosen))
    page = Paginator(kept, PAGE_SIZE).get_page(request.GET.get("trang"))
    context: dict[str, object] = {
        "page_obj": page,
        "rows": _rows(request, page.object_list, asked),
        "chosen": [value for value in chosen.values() if value],
    }
    if not request.GET.get("trang") and not any(chosen.values()):
        watching.note(request, asked.words, language(), page.paginator.count)
    if page.paginator.count or any(chosen.values()):
        counted = finding.counts(found, FACETS, chosen)
        context["facets"] = _facets(request, counted, chosen)
    else:
        nearby = _light(finding.nearby(asked, language()))[:NEARBY]
        context["nearby"] = _rows(request, nearby, asked)
        context["other_language"] = _in_other_language(asked)
        context["in_vietnamese"] = translate_url(request.get_full_path(), "vi")
    return context


def _light(entries: QuerySet[SearchEntry]) -> QuerySet[SearchEntry]:
    """With as much of the text as an excerpt is looked for in: a file's may be long."""
    beginning = Left("text", READ)
    return entries.defer("text").annotate(beginning=beginning).select_related("page")


def _value(request: HttpRequest, facet: Facet) -> str:
    """The chosen value, or "" for what the column could never hold."""
    value = request.GET.get(facet.parameter, "").replace("\x00", "")[:200]
    is_number = facet.column in ("section_id", "dated__year")
    if is_number and not (value.isascii() and value.isdecimal() and 0 < int(value) <= 9999999):
        return ""
    if facet.column == "dated__year" and value and not 1 <= int(value) <= 9999:
        return ""
    return value


def _rows(request: HttpRequest, entries: Iterable[SearchEntry], asked: Asked) -> list[Row]:
    hits = asked.highlights()
    return [
        Row(
            entry,
            entry.page.get_url(request) if entry.page else entry.path,
            str(SearchKind(entry.kind).label),
            marked(entry.title, hits),
            excerpt(_body(entry), hits) or marked(entry.summary, set()),
            str(STATES.get(getattr(entry, "state", ""), "")),
        )
        for entry in entries
    ]


def _body(entry: SearchEntry) -> str:
    """The text without the title that it begins with."""
    return entry.beginning.removeprefix(entry.page.title if entry.page else entry.title)


def _facets(
    request: HttpRequest, counted: dict[str, list[tuple[str, int]]], chosen: dict[str, str]
) -> list[tuple[str, list[Option]]]:
    labels = _labels(request, counted, chosen)
    shown = []
    for facet in FACETS:
        values = dict(counted[facet.parameter])
        mine = chosen[facet.parameter]
        if mine:
            values.setdefault(mine, 0)
        ranked = sorted(values.items(), key=lambda item: _rank(facet, item))[:SHOWN_OPTIONS]
        if mine and mine not in dict(ranked):
            ranked.append((mine, values[mine]))
        options = [
            Option(
                labels[facet.parameter].get(value, value),
                count,
                _query(request, facet, value if value != mine else ""),
                value == mine,
            )
            for value, count in ranked
        ]
        if mine or len(options) > 1:
            shown.append((str(facet.title), options))
    return shown


def _rank(facet: Facet, item: tuple[str, int]) -> tuple:
    value, count = item
    return (-int(value),) if facet.parameter == "nam" else (-count, value)


def _labels(
    request: HttpRequest, counted: dict[str, list[tuple[str, int]]], chosen: dict[str, str]
) -> dict[str, dict[str, str]]:
    codes = {value for value, _count in counted["coquan"]} | {chosen["coquan"]}
    return {
        "loai": {value: str(label) for value, label in SearchKind.choices},
        "muc": {str(page.pk): page.menu_name for page in children_of_home(request)},
        "linhvuc": {value: str(label) for value, label in ReformField.choices},
        "coquan": finding.agency_names(list(codes)) if any(codes) else {},
        "nam": {},
        "noiban": {},
        "hieuluc": {value: str(label) for value, label in STATES.items()},
    }


def _query(request: HttpRequest, facet: Facet, value: str) -> str:
    """The address with this facet chosen, or left; the page starts anew."""
    query: QueryDict = request.GET.copy()
    query.pop("trang", None)
    query.pop(facet.parameter, None)
    if value:
        query[facet.parameter] = value
    return query.urlencode()


def _in_other_language(asked: Asked) -> int:
    """How much the same words find in Vietnamese, for a reader of English who finds nothing."""
    return 0 if language() == "vi" else finding.entries(asked, "vi").count()
