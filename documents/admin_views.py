"""Importing many documents in the Wagtail admin: hand in, read the report, import."""

from __future__ import annotations

import csv

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from . import importing
from .models import DocumentImport

PAGE_SIZE = 30
SHOWN_PROBLEMS = 500


class TableForm(forms.Form):
    file = forms.FileField(
        label=_("Table (CSV or XLSX)"),
        allow_empty_file=True,
        error_messages={"required": _("Choose the file with the table.")},
    )


def import_list(request: HttpRequest, form: TableForm | None = None) -> HttpResponse:
    importing.register_of(request.user)
    rows = DocumentImport.objects.defer("rows", "problems").select_related("created_by")
    context = {
        "form": form or TableForm(),
        "columns": importing.COLUMNS,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p")),
    }
    return render(request, "documents/admin/imports.html", context)


@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return import_list(request, form)
    file = form.cleaned_data["file"]
    made = importing.hand_in(file.name, file.read(importing.MOST_BYTES), request.user)
    return redirect("document_import", made.pk)


def import_detail(request: HttpRequest, import_id: int) -> HttpResponse:
    register = importing.register_of(request.user)
    made = get_object_or_404(
        DocumentImport.objects.select_related("created_by", "approved_by"), pk=import_id
    )
    context = {
        "made": made,
        "problems": made.problems[:SHOWN_PROBLEMS],
        "bad_rows": len({row for row, _column, _text in made.problems}),
        "sample": made.rows[:20],
        "may_add": register.permissions_for_user(request.user).can_add_subpage(),
        "may_publish": importing.may_approve(register, made, request.user),
    }
    return render(request, "documents/admin/import.html", context)


@require_POST
def start(request: HttpRequest, import_id: int) -> HttpResponse:
    get_object_or_404(DocumentImport, pk=import_id)
    importing.start(import_id, request.user, goes_live="publish" in request.POST)
    return redirect("document_import", import_id)


def sample(request: HttpRequest) -> HttpResponse:
    """An empty table with the right header, as Excel in Vietnam opens it."""
    importing.register_of(request.user)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="mau-nhap-van-ban.csv"'
    response.write("\ufeff")
    csv.writer(response, delimiter=";").writerow(column.header for column in importing.COLUMNS)
    return response
