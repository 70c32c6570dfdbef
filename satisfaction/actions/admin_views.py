"""The board of actions, one action, and what people do with it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.log_actions import registry

from portal import clock
from portal.agencies.membership import may_act_for
from portal.agencies.models import Agency
from portal.reporting.models import Edition, EditionState
from portal.text import clean

from ..models import Action, ActionState, Survey
from ..reports import KIND
from . import queries, remedies
from .forms import AssignForm, DeadlineForm, MeasureForm, ReportForm, WhyForm
from .showing import is_late, outcome_rows

PAGE_SIZE = 40


def board(request: HttpRequest) -> HttpResponse:
    sees_all = request.user.has_perm("satisfaction.view_results")
    if not sees_all and not queries.agencies_of(request.user):
        raise PermissionDenied
    state = request.GET.get("trang-thai", "")
    agency = clean(request.GET.get("co-quan", ""))[:16]
    rows = queries.board(request.user, state, agency)
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p")),
        "late": queries.board(request.user, "late").count(),
        "state": state,
        "states": ActionState.choices,
        "agency": agency,
        "agencies": Agency.objects.filter(pk__in=queries.seen_by(request.user).values("agency")),
        "may_plan": remedies.may_plan(request.user),
    }
    return render(request, "satisfaction/actions/board.html", context)


def assign(request: HttpRequest, survey_id: int) -> HttpResponse:
    if not remedies.may_plan(request.user):
        raise PermissionDenied
    survey = get_object_or_404(Survey, pk=survey_id)
    edition = (
        Edition.objects.filter(kind=KIND, subject_id=survey.pk, state=EditionState.PUBLISHED)
        .order_by("-number")
        .first()
    )
    if edition is None:
        messages.error(request, _("Publish a report first: an action rests on its figures."))
        return redirect("survey_detail", survey_id)
    form = AssignForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            action = remedies.assign(
                edition.pk,
                given["target"],
                given["agency"].pk,
                given["task"],
                given["due_on"],
                request.user,
                is_public=given["is_public"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The action is assigned and the agency is told."))
            return redirect("survey_action", action.pk)
    context = {"survey": survey, "edition": edition, "form": form}
    return render(request, "satisfaction/actions/assign.html", context)


def _seen(request: HttpRequest, action_id: int) -> Action:
    rows = Action.objects.select_related("agency", "survey", "edition", "made_by")
    action = get_object_or_404(rows, pk=action_id)
    if not remedies.may_see(request.user, action):
        raise PermissionDenied
    return action


def show(
    request: HttpRequest, action_id: int, failed: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    action = _seen(request, action_id)
    may_plan = remedies.may_plan(request.user)
    runs, is_open = action.state in remedies.RUNNING, action.state in remedies.OPEN
    offered: dict[str, forms.Form] = {}
    if runs and may_act_for(request.user, action.agency):
        offered["report"] = ReportForm(auto_id="report_%s")
    if may_plan and is_open:
        offered |= {
            "measure": MeasureForm(action=action, auto_id="measure_%s"),
            "withdraw": WhyForm(auto_id="withdraw_%s"),
        }
    if may_plan and runs:
        offered["deadline"] = DeadlineForm(initial={"due_on": action.due_on}, auto_id="deadline_%s")
    if may_plan and action.state == ActionState.DONE:
        offered["back"] = WhyForm(auto_id="back_%s")
    if failed is not None:
        name, form = failed
        offered[name] = form
    context = {
        "action": action,
        "is_late": is_late(action, clock.today()),
        "reports": action.reports.select_related("made_by"),
        "forms": offered,
        "outcome": outcome_rows(action),
        "history": registry.get_logs_for_instance(action).select_related("user")[:30],
        "media": AssignForm.base_fields["due_on"].widget.media,
    }
    return render(request, "satisfaction/actions/action.html", context)


def _do(
    request: HttpRequest,
    action_id: int,
    name: str,
    form: forms.Form,
    verb: Callable[[dict], object],
    done: str,
) -> HttpResponse:
    """Run a verb with what a form holds; whatever is refused is said and nothing is lost."""
    action = _seen(request, action_id)
    own = may_act_for(request.user, action.agency)
    if not (own if name == "report" else remedies.may_plan(request.user)):
        raise PermissionDenied
    form.auto_id = f"{name}_%s"
    if form.is_valid():
        try:
            verb(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, done)
            return redirect("survey_action", action_id)
    return show(request, action_id, (name, form))


@require_POST
def report(request: HttpRequest, action_id: int) -> HttpResponse:
    def verb(given: dict) -> object:
        return remedies.report(action_id, given["text"], given["is_done"], request.user)

    done = _("The report is kept and the working group is told.")
    return _do(request, action_id, "report", ReportForm(request.POST), verb, done)


@require_POST
def deadline(request: HttpRequest, action_id: int) -> HttpResponse:
    def verb(given: dict) -> object:
        return remedies.move_deadline(action_id, given["due_on"], given["why"], request.user)

    form = DeadlineForm(request.POST)
    return _do(request, action_id, "deadline", form, verb, _("The deadline is moved."))


@require_POST
def send_back(request: HttpRequest, action_id: int) -> HttpResponse:
    def verb(given: dict) -> object:
        return remedies.send_back(action_id, given["why"], request.user)

    done = _("The action runs on; the agency is told.")
    return _do(request, action_id, "back", WhyForm(request.POST), verb, done)


@require_POST
def withdraw(request: HttpRequest, action_id: int) -> HttpResponse:
    def verb(given: dict) -> object:
        return remedies.withdraw(action_id, given["why"], request.user)

    done = _("The action is withdrawn.")
    return _do(request, action_id, "withdraw", WhyForm(request.POST), verb, done)


@require_POST
def measure(request: HttpRequest, action_id: int) -> HttpResponse:
    def verb(given: dict) -> object:
        return remedies.measure(action_id, given["later"], request.user)

    form = MeasureForm(request.POST, action=_seen(request, action_id))
    done = _("The action is measured again and closed.")
    return _do(request, action_id, "measure", form, verb, done)
