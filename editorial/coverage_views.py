"""“Độ phủ”: sections and agencies with what is missing, and both tables to take away."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import AgencyKind
from portal.reporting.spreadsheets import csv_response, xlsx_response

from . import coverage
from .papers import may_look, require

FILES = {"csv": csv_response, "xlsx": xlsx_response}
SECTIONS, AGENCIES = "chuyen-muc", "co-quan"
SECTION_HEAD = [
    _("Section"),
    _("In charge"),
    _("Stand-in"),
    _("Items in 30 days"),
    _("Items in 90 days"),
    _("Last item"),
]
AGENCY_HEAD = [
    _("Agency"),
    _("Collaborators in force"),
    _("Until"),
    _("Items this year"),
    _("Last item"),
]


class CoverageFilter(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of agency"), required=False)
    gaps = forms.BooleanField(label=_("Only where something is missing"), required=False)

    def __init__(self, *args, with_kind: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *AgencyKind.choices]
        if not with_kind:
            del self.fields["kind"]


def show(request: HttpRequest, table: str = SECTIONS) -> HttpResponse:
    form, rows = _asked(request, table)
    context = {
        "table": table,
        "form": form,
        "rows": rows,
        "gaps": sum(row.has_gap for row in rows),
        "query": request.GET.urlencode(),
        "heads": SECTION_HEAD if table == SECTIONS else AGENCY_HEAD,
    }
    return render(request, "editorial/admin/coverage.html", context)


def export(request: HttpRequest, table: str, ending: str) -> HttpResponse:
    _form, rows = _asked(request, table)
    if ending not in FILES:
        raise Http404
    head, lines = (
        (SECTION_HEAD, _section_lines(rows))
        if table == SECTIONS
        else (AGENCY_HEAD, _agency_lines(rows))
    )
    return FILES[ending](f"do-phu-{table}", [str(name) for name in head], lines)


def _asked(request: HttpRequest, table: str) -> tuple[CoverageFilter, list]:
    require(may_look(request.user))
    if table not in (SECTIONS, AGENCIES):
        raise Http404
    form = CoverageFilter(request.GET, with_kind=table == AGENCIES)
    told = form.cleaned_data if form.is_valid() else {}
    rows = coverage.sections() if table == SECTIONS else coverage.agencies()
    if told.get("kind"):
        rows = [row for row in rows if row.agency.kind == told["kind"]]
    if told.get("gaps"):
        rows = [row for row in rows if row.has_gap]
    return form, rows


def _section_lines(rows: list[coverage.SectionRow]) -> Iterator[tuple]:
    for row in rows:
        people, stand_ins = (
            "; ".join(held.user.get_full_name() for held in found)
            for found in (row.people, row.stand_ins)
        )
        yield row.section.title, people, stand_ins, row.recent, row.quarter, _day(row.last)


def _agency_lines(rows: list[coverage.AgencyRow]) -> Iterator[tuple]:
    for row in rows:
        people = "; ".join(contract.user.get_full_name() for contract in row.collaborators)
        until = f"{row.ends_on:%d/%m/%Y}" if row.ends_on else ""
        yield row.agency.name, people, until, row.year, _day(row.last)


def _day(moment) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}" if moment else ""
