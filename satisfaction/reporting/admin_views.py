"""The plan of a survey's next report in the admin."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ..models import ReportPlan, Survey
from . import plan
from .forms import PlanForm


def edit_plan(request: HttpRequest, survey_id: int) -> HttpResponse:
    if not request.user.has_perm("reporting.order_edition"):
        raise PermissionDenied
    survey = get_object_or_404(Survey, pk=survey_id)
    row = ReportPlan.objects.filter(survey=survey).select_related("changed_by").first()
    chosen = plan.plan_of(survey)
    revision = row.revision if row else 0
    form = PlanForm(request.POST or None, chosen=chosen, initial={"revision": revision})
    if request.method == "POST" and form.is_valid():
        try:
            plan.save_plan(survey_id, form.chosen(), form.cleaned_data["revision"], request.user)
        except ValidationError as error:
            form.add_error(None, error)
            # What was typed stays; saving again is then a decision and no accident.
            form.data = form.data.copy()
            form.data["revision"] = revision
        else:
            messages.success(request, _("The plan is kept for the next report."))
            return redirect("survey_detail", survey_id)
    context = {"survey": survey, "form": form, "plan": row}
    return render(request, "satisfaction/reporting/plan.html", context)
