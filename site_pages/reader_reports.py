"""Reports in the admin on what readers sought in vain and how they rated pages."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from . import rating
from .rating import RatingCount
from .search import watching
from .search.models import SearchedWords

PERIODS = [("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days")), ("365", _("A year"))]
DEFAULT_DAYS = 30


class PeriodFilterSet(WagtailFilterSet):
    days = django_filters.ChoiceFilter(
        label=_("Period"), choices=PERIODS, method="left_to_the_view", empty_label=_("30 days")
    )

    def left_to_the_view(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        return rows


class SoughtFilterSet(PeriodFilterSet):
    only_unfound = django_filters.ChoiceFilter(
        label=_("Result"),
        choices=[("1", _("Nothing was found"))],
        empty_label=_("All"),
        method="left_to_the_view",
    )

    class Meta:
        model = SearchedWords
        fields: list[str] = []


class RatedFilterSet(PeriodFilterSet):
    class Meta:
        model = RatingCount
        fields: list[str] = []


class ReaderReport(ReportView):
    """Rows that a verb counts; the filters choose its arguments."""

    permission_required = "view"
    default_ordering = None

    def chosen(self, name: str) -> str:
        form = self.filters.form
        return form.cleaned_data.get(name, "") if form.is_valid() else ""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset


class SoughtReport(ReaderReport):
    model = SearchedWords
    page_title = _("Words sought")
    header_icon = "search"
    index_url_name = "words_sought"
    index_results_url_name = "words_sought_results"
    filterset_class = SoughtFilterSet
    columns = [
        Column("words", label=_("words")),
        NumberColumn("total", label=_("times")),
        NumberColumn("most", label=_("Found at most")),
        Column("language", label=_("Language")),
        Column("last_day", label=_("Last sought on")),
    ]
    list_export = ["words", "language", "total", "most", "last_day"]

    def get_queryset(self) -> QuerySet:
        days = int(self.chosen("days") or DEFAULT_DAYS)
        return watching.sought(days, only_unfound=bool(self.chosen("only_unfound")))


class RatedReport(ReaderReport):
    model = RatingCount
    page_title = _("Readers' satisfaction with pages")
    header_icon = "pick"
    index_url_name = "pages_rated"
    index_results_url_name = "pages_rated_results"
    filterset_class = RatedFilterSet
    columns = [
        TitleColumn(
            "title",
            label=_("Page"),
            get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
        ),
        NumberColumn("level_1", label=rating.Level.DISSATISFIED.label),
        NumberColumn("level_2", label=rating.Level.NEUTRAL.label),
        NumberColumn("level_3", label=rating.Level.SATISFIED.label),
        NumberColumn("total", label=_("Ratings")),
    ]
    list_export = ["title", "level_1", "level_2", "level_3", "total"]

    def get_queryset(self) -> QuerySet:
        return rating.rated(int(self.chosen("days") or DEFAULT_DAYS))
