"""The sample plan in the admin: looked at before it is kept."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ..models import Audience, SamplePlan, Survey
from . import planning
from .forms import PlanForm, filled_from


def plan(request: HttpRequest, survey_id: int) -> HttpResponse:
    if not request.user.has_perm("satisfaction.run_fieldwork"):
        raise PermissionDenied
    survey = get_object_or_404(Survey, pk=survey_id, audience=Audience.ANYONE)
    kept = SamplePlan.objects.filter(survey=survey).first()
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        initial=filled_from(kept) if kept else None,
    )
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = _outcome(form)
        if outcome and request.POST.get("giu") == "1":
            planning.make(survey, form.design(), form.cleaned_data["units"], request.user)
            messages.success(request, _("The sample plan is kept."))
            return redirect("survey_fieldwork", survey_id)
    context = {
        "survey": survey,
        "form": form,
        "kept": kept,
        "size": outcome[0] if outcome else None,
        "rows": (
            list(zip(form.cleaned_data["units"], outcome[1], strict=True))[:500] if outcome else []
        ),
    }
    status = 422 if request.method == "POST" and not outcome else 200
    return render(request, "satisfaction/sampling/admin/plan.html", context, status=status)


def _outcome(form: PlanForm) -> tuple[int, list[int]] | None:
    try:
        return planning.spread(form.design(), form.cleaned_data["units"])
    except ValidationError as error:
        form.add_error(None, error)
        return None
