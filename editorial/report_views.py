"""Reports of the Board: the report on the portal's work, and refusals by ground."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts.models import User
from portal.reporting.models import Edition
from site_pages.models import CategoryPage

from . import activity
from .authority import is_on_board, may_screen
from .models import ContributionGround, Ground, RefusalGround
from .periods import Period, Span

PAGE_SIZE = 30


def may_read(user: User) -> bool:
    return user.is_superuser or is_on_board(user) or may_screen(user)


class PeriodForm(forms.Form):
    span = forms.TypedChoiceField(label=_("Period"), choices=Span, coerce=int)
    index = forms.IntegerField(
        label=_("Month or quarter"),
        min_value=1,
        max_value=12,
        initial=1,
        help_text=_("1 to 12 for a month, 1 to 4 for a quarter; a year needs none."),
    )
    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)

    def period(self) -> Period:
        data = self.cleaned_data
        index = 1 if data["span"] == Span.YEAR else data["index"]
        return Period(data["year"], Span(data["span"]), index)

    def clean(self) -> dict:
        data = super().clean()
        if {"span", "index", "year"} <= data.keys():
            try:
                self.period()
            except ValueError:
                self.add_error("index", _("There is no such month or quarter."))
        return data


def _initial() -> dict:
    today = clock.today()
    return {"span": Span.MONTH, "index": today.month, "year": today.year}


def activity_list(request: HttpRequest, form: PeriodForm | None = None) -> HttpResponse:
    if not may_read(request.user):
        raise PermissionDenied
    rows = Edition.objects.defer("snapshot").filter(kind=activity.KIND)
    context = {
        "page_obj": Paginator(rows.select_related("ordered_by"), PAGE_SIZE).get_page(
            request.GET.get("p")
        ),
        "form": form or PeriodForm(initial=_initial()),
        "may_order": activity.may_order(request.user),
    }
    return render(request, "editorial/admin/activity.html", context)


@require_POST
def order_activity(request: HttpRequest) -> HttpResponse:
    if not activity.may_order(request.user):
        raise PermissionDenied
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return activity_list(request, form)
    try:
        edition = activity.order(form.period(), request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return activity_list(request, form)
    messages.success(request, _("The report is being made."))
    return redirect("edition_detail", edition.pk)


def refusals(request: HttpRequest) -> HttpResponse:
    """How often each ground of Article 3.9 was given, by month, for one section or all."""
    if not may_read(request.user):
        raise PermissionDenied
    sections = CategoryPage.objects.filter(locale__language_code="vi").order_by("path")
    chosen = sections.filter(pk=_number(request.GET.get("muc"))).first()
    year = _number(request.GET.get("nam")) or clock.today().year
    rows = RefusalGround.objects.filter(step__at__year=year)
    if chosen:
        rows = rows.filter(Q(step__section__path__startswith=chosen.path))
    counted = rows.annotate(month=TruncMonth("step__at")).values_list("ground", "month")
    table: dict[str, list[int]] = {ground: [0] * 12 for ground in Ground.values}
    public = ContributionGround.objects.filter(contribution__decided_at__year=year)
    if chosen:
        # What the public sends in stands in no section before it is taken up.
        public = public.none()
    of_public = public.annotate(month=TruncMonth("contribution__decided_at"))
    of_public = of_public.values_list("ground", "month").annotate(n=Count("pk"))
    for ground, month, n in [*counted.annotate(n=Count("pk")), *of_public]:
        table[ground][month.month - 1] += n
    context = {
        "rows": [(Ground(code).label, cells, sum(cells)) for code, cells in table.items()],
        "months": range(1, 13),
        "refused": rows.values("step").distinct().count()
        + public.values("contribution").distinct().count(),
        "sections": sections,
        "chosen": chosen,
        "year": year,
    }
    return render(request, "editorial/admin/refusals.html", context)


def _number(text: str | None) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
