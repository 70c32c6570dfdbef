"""The form that asks why an item is late, and the report on intake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime, make_naive
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.reporting.formats import percent
from portal.text import collation_key
from site_pages.admin_listing import ClockColumn
from site_pages.reader_reports import ReaderReport
from site_pages.timeliness import Clock, Timeliness, against

from . import authority, clocks
from .models.late import LateReason

MONTHS_BACK = 36
_FORMULA = ("=", "+", "-", "@", "\t")


class ReasonForm(forms.ModelForm):
    class Meta:
        model = LateReason
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 3})}


def late_reason(request: HttpRequest, page_id: int) -> HttpResponse:
    """Asked before an overdue item is sent in; leads back to where it was asked."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not clocks.may_give_reason(request.user, page):
        raise PermissionDenied
    given = LateReason.objects.filter(page=page.pk).first()
    form = ReasonForm(request.POST or None, instance=given)
    back = _back(request, page)
    if request.method == "POST" and form.is_valid():
        try:
            clocks.give_reason(page.pk, form.cleaned_data["text"], request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The reason is kept with the item; it can be sent in now."))
            return redirect(back)
    context = {
        "page": page,
        "form": form,
        "clock": clocks.clock_of(page),
        "is_asked": clocks.is_overdue(page),
        "given": given,
        "back": back,
    }
    return render(request, "editorial/admin/clocks_late_reason.html", context)


def _back(request: HttpRequest, page: Page) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, hosts, require_https=request.is_secure()):
        return asked
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def may_read(user: User) -> bool:
    """The Board and the working group."""
    return authority.may_screen(user) or authority.is_on_board(user)


BY = [
    ("", gettext_lazy("By item")),
    ("co-quan", gettext_lazy("By agency")),
    ("thang", gettext_lazy("By month")),
]


def _rooms() -> list[tuple[str, str]]:
    return [(made.key, made.label) for made in clocks.registered()]


def _agencies() -> list[tuple[str, str]]:
    return [(name, name) for name in clocks.agencies()]


def _months() -> list[tuple[str, str]]:
    """The last months, the newest first."""
    this = clock.today()
    count = this.year * 12 + this.month - 1
    found = [divmod(count - back, 12) for back in range(MONTHS_BACK)]
    return [(f"{year}-{month + 1:02}", f"{month + 1:02}/{year}") for year, month in found]


class Chosen(django_filters.ChoiceFilter):
    """One of a list that is read when the form is made."""

    def __init__(self, label: str, choices, empty_label: str) -> None:
        super().__init__(
            label=label, choices=choices, empty_label=empty_label, method="left_to_the_view"
        )


class IntakeFilterSet(WagtailFilterSet):
    theo = django_filters.ChoiceFilter(
        label=gettext_lazy("Show"),
        choices=BY[1:],
        empty_label=BY[0][1],
        method="left_to_the_view",
    )
    room = Chosen(gettext_lazy("Kind of item"), _rooms, gettext_lazy("All"))
    agency = Chosen(gettext_lazy("Agency"), _agencies, gettext_lazy("All"))
    month = Chosen(gettext_lazy("Month of the event or issue"), _months, gettext_lazy("All"))
    state = Chosen(gettext_lazy("Clock (Art. 8.1.a)"), Clock.choices, gettext_lazy("All"))

    def left_to_the_view(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        return rows

    class Meta:
        model = LateReason
        fields: list[str] = []


class RowClock(ClockColumn):
    """The clock of a row that is a dictionary."""

    def get_value(self, row: dict) -> Timeliness:
        return against(row["due_at"], row["arrived_at"])


def _moment(name: str) -> Callable[[dict], str]:
    """The moment in Hanoi: a deadline is a time of day, not “3 days ago”."""
    return lambda row: (
        date_format(localtime(row[name]), "SHORT_DATETIME_FORMAT") if row[name] else "–"
    )


def _kind(row: dict) -> str:
    return dict(_rooms())[row["room"]]


TALLIES = [
    NumberColumn("on_time", label=Clock.ON_TIME.label),
    NumberColumn("late", label=Clock.LATE.label),
    Column("share", label=gettext_lazy("Share on time")),
    NumberColumn("running", label=gettext_lazy("Not sent in, time left")),
    NumberColumn("overdue", label=gettext_lazy("Not sent in, overdue")),
]
ITEMS = [
    TitleColumn(
        "title",
        label=gettext_lazy("Item"),
        # On a phone the table scrolls sideways instead of breaking words.
        width="240",
        get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row["pk"]]),
    ),
    Column("kind", label=gettext_lazy("Kind of item"), accessor=_kind),
    Column("agency_name", label=gettext_lazy("Agency")),
    Column("due_at", label=gettext_lazy("To be sent in by"), accessor=_moment("due_at")),
    Column("arrived_at", label=gettext_lazy("Sent in"), accessor=_moment("arrived_at")),
    RowClock("clock", label=gettext_lazy("Clock")),
    Column("reason", label=gettext_lazy("Why it is late"), width="160"),
]
HEADINGS = {
    "title": gettext_lazy("Item"),
    "kind": gettext_lazy("Kind of item"),
    "agency_name": gettext_lazy("Agency"),
    "began_at": gettext_lazy("Clock began"),
    "due_at": gettext_lazy("To be sent in by"),
    "arrived_at": gettext_lazy("Sent in"),
    "state": gettext_lazy("Clock"),
    "reason": gettext_lazy("Why it is late"),
    "name": gettext_lazy("Agency or month"),
    "on_time": Clock.ON_TIME.label,
    "late": Clock.LATE.label,
    "share": gettext_lazy("Share on time"),
    "running": gettext_lazy("Not sent in, time left"),
    "overdue": gettext_lazy("Not sent in, overdue"),
}


class IntakeReport(ReaderReport):
    """On time and late (Art. 8.1.a): by item, by agency or by month."""

    model = LateReason
    permission_required = None
    page_title = gettext_lazy("Intake: on time and late")
    header_icon = "time"
    index_url_name = "intake_report"
    index_results_url_name = "intake_report_results"
    filterset_class = IntakeFilterSet
    export_headings = HEADINGS
    export_filename = "dung-han-tre-han"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_read(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def by(self) -> str:
        return self.chosen("theo")

    @cached_property
    def wanted(self) -> clocks.Wanted:
        month = clocks.month_of(self.chosen("month"))
        return clocks.Wanted(
            self.chosen("room"), self.chosen("agency"), month, self.chosen("state")
        )

    @cached_property
    def columns(self) -> list[Column]:
        if not self.by:
            return ITEMS
        label = _("Agency") if self.by == "co-quan" else _("Month of the event or issue")
        return [Column("name", label=label, width="160"), *TALLIES]

    @property
    def list_export(self) -> list[str]:
        if self.by:
            return ["name", "on_time", "late", "share", "running", "overdue"]
        return [
            "title",
            "kind",
            "agency_name",
            "began_at",
            "due_at",
            "arrived_at",
            "state",
            "reason",
        ]

    def get_queryset(self) -> QuerySet | list[dict]:
        if not self.by:
            return clocks.items(self.wanted)
        if self.by == "co-quan":
            tallies = clocks.by_agency(self.wanted)
            rows = [
                (name or _("No agency named"), tallies[name])
                for name in sorted(tallies, key=lambda name: (not name, collation_key(name)))
            ]
        else:
            months = clocks.by_month(self.wanted)
            rows = [(f"{day:%m/%Y}", months[day]) for day in sorted(months, reverse=True)]
        if not rows:
            return []
        rows.insert(0, (_("Total"), clocks.total(tally for _name, tally in rows)))
        return [_row(name, tally) for name, tally in rows]

    def to_row_dict(self, item: dict) -> dict[str, object]:
        if not self.by:
            item = {**item, "kind": _kind(item), "state": str(Clock(item["state"]).label)}
        row = {name: item[name] for name in self.list_export}
        return {name: self._cell(value) for name, value in row.items()}

    def _cell(self, value: object) -> object:
        """Hanoi's time; in CSV nothing that a spreadsheet would calculate."""
        is_csv = self.request.GET.get("export") == self.FORMAT_CSV
        if isinstance(value, datetime):
            return f"{localtime(value):%d/%m/%Y %H:%M}" if is_csv else make_naive(value)
        if is_csv and isinstance(value, str) and value.startswith(_FORMULA):
            return f"'{value}"
        return value

    def stream_csv(self, queryset: Iterable[dict]) -> Iterator[str | bytes]:
        # Without it spreadsheets read Vietnamese as Latin-1.
        yield "\ufeff".encode()
        yield from super().stream_csv(queryset)


def _row(name: str | date, tally: clocks.Tally) -> dict[str, object]:
    share = tally.share_on_time
    return {
        "name": name,
        "on_time": tally.on_time,
        "late": tally.late,
        "share": "–" if share is None else percent(share, 1),
        "running": tally.running,
        "overdue": tally.overdue,
    }
