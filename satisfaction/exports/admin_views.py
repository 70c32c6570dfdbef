"""Exports of responses in the Wagtail admin: order, wait, take away."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ..models import (
    DataExport,
    ExportFormat,
    ExportState,
    ExportTexts,
    Survey,
    Weighting,
    WeightingState,
)
from . import ordering

SHOWN = 30
_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.SAV: "application/x-spss-sav",
    ExportFormat.JSONL: "application/x-ndjson",
}


def _weighting_name(weighting: Weighting) -> str:
    return _("Weighting %(number)s: %(method)s, %(source)s") % {
        "number": weighting.number,
        "method": weighting.get_method_display(),
        "source": weighting.source,
    }


class OrderForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=ExportFormat, initial=ExportFormat.CSV,
        widget=forms.RadioSelect,
    )  # fmt: skip
    texts = forms.ChoiceField(
        label=gettext_lazy("Free texts"),
        help_text=gettext_lazy(
            "Free texts may hold personal data: take them only if the analysis needs them."
        ),
        initial=ExportTexts.NONE,
        widget=forms.RadioSelect,
    )

    weighting = forms.ModelChoiceField(
        Weighting.objects.none(),
        label=gettext_lazy("Weights"),
        help_text=gettext_lazy("A column with the weight of each response that counts."),
        empty_label=gettext_lazy("Without weights"),
        required=False,
    )

    def __init__(self, *args, survey: Survey, texts: list[ExportTexts], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        made = survey.weightings.filter(state=WeightingState.MADE)
        self.fields["weighting"].queryset = made
        self.fields["weighting"].label_from_instance = _weighting_name
        if not made:
            del self.fields["weighting"]
        self.fields["texts"].choices = [(one.value, one.label) for one in texts]
        if len(texts) == 1:
            self.fields["texts"].widget = forms.HiddenInput()


def exports(request: HttpRequest, survey_id: int) -> HttpResponse:
    allowed = ordering.texts_for(request.user)
    if not allowed:
        raise PermissionDenied
    survey = get_object_or_404(Survey, pk=survey_id)
    form = OrderForm(request.POST or None, survey=survey, texts=allowed)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        ordering.order(
            survey_id, chosen["format"], chosen["texts"], request.user, chosen.get("weighting")
        )
        messages.success(request, _("The file is being made. Reload this page in a moment."))
        return redirect("survey_exports", survey_id)
    rows = list(survey.exports.select_related("ordered_by", "survey", "weighting")[:SHOWN])
    context = {
        "survey": survey,
        "form": form,
        "rows": [
            {
                "export": row,
                "may_have": row.state == ExportState.READY and row.texts in allowed,
            }
            for row in rows
        ],
        "is_closed": survey.audience == "invited",
    }
    return render(request, "satisfaction/exports/list.html", context)


def _sent(request: HttpRequest, export_id: int, *, dictionary: bool) -> HttpResponse:
    get_object_or_404(DataExport, pk=export_id)
    try:
        export, path = ordering.take_away(export_id, request.user, dictionary=dictionary)
    except ordering.NotThere:
        raise Http404 from None
    kind = _TYPES[ExportFormat.CSV] if dictionary else _TYPES[export.format]
    name = f"{export.file_name}.dictionary.csv" if dictionary else export.file_name
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)
    response.headers["Cache-Control"] = "private, no-store"
    if not dictionary:
        response.headers["X-Content-SHA256"] = export.sha256
    return response


@require_safe
def file(request: HttpRequest, export_id: int) -> HttpResponse:
    return _sent(request, export_id, dictionary=False)


@require_safe
def dictionary(request: HttpRequest, export_id: int) -> HttpResponse:
    return _sent(request, export_id, dictionary=True)
