"""Questionnaires in and out in the Wagtail admin: hand in, read the report, confirm; download."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.reporting.spreadsheets import XLSX

from ..building import drafts
from ..models import QuestionnaireImport, Survey
from . import importing
from .report import Effect
from .xlsform_writing import xlsform

SHOWN_IMPORTS = 20
SHOWN_LINES = 1_000


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Questionnaire (.xlsx or .lss)"),
        help_text=gettext_lazy(
            "An XLSForm workbook of Kobo, ODK or this portal, or a survey structure of LimeSurvey."
        ),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose the file with the questionnaire.")},
        widget=forms.FileInput(attrs={"accept": ",".join(importing.ENDINGS)}),
    )


def imports(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Hand a file in (POST), and what was handed in before."""
    drafts.require_builder(request.user)
    survey = get_object_or_404(Survey, pk=survey_id)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = importing.hand_in(survey_id, form.cleaned_data["file"], request.user)
        return redirect("survey_import_report", made.pk)
    made_before = survey.imports.defer("definition", "lines").select_related("created_by")
    context = {"survey": survey, "form": form, "imports": made_before[:SHOWN_IMPORTS]}
    return render(request, "satisfaction/exchange/imports.html", context)


def import_report(request: HttpRequest, handed_in_id: int) -> HttpResponse:
    drafts.require_builder(request.user)
    made = get_object_or_404(
        QuestionnaireImport.objects.select_related("survey", "created_by"), pk=handed_in_id
    )
    wanted = request.GET.get("loai", "")
    lines = [line for line in made.lines if wanted not in Effect.values or line["effect"] == wanted]
    order = {effect: place for place, effect in enumerate(Effect.values)}
    if wanted not in Effect.values:
        lines.sort(key=lambda line: order[line["effect"]])
    counts = [(effect, sum(line["effect"] == effect for line in made.lines)) for effect in Effect]
    context = {
        "made": made,
        "lines": [{**line, "label": Effect(line["effect"]).label} for line in lines[:SHOWN_LINES]],
        "left": max(0, len(lines) - SHOWN_LINES),
        "counts": [(effect, n) for effect, n in counts if n],
        "wanted": wanted,
        "survey": made.survey,
    }
    return render(request, "satisfaction/exchange/report.html", context)


@require_POST
def take(request: HttpRequest, handed_in_id: int) -> HttpResponse:
    drafts.require_builder(request.user)
    made = get_object_or_404(QuestionnaireImport, pk=handed_in_id)
    try:
        importing.take(handed_in_id, request.user)
    except importing.AlreadyDecided:
        messages.error(request, _("This file was refused: nothing of it can be taken."))
        return redirect("survey_import_report", handed_in_id)
    messages.success(request, _("The questionnaire stands in the working draft now."))
    return redirect("survey_import_report", made.pk)


@require_safe
def download(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The working draft as XLSForm; where there is none, the published version."""
    drafts.require_builder(request.user)
    survey = get_object_or_404(Survey, pk=survey_id)
    response = HttpResponse(xlsform(drafts.draft_of(survey).definition), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{survey.code}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
