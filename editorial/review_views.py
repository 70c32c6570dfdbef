"""The page on which an item is reviewed, and that of someone whose word is asked for."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST
from wagtail.models import TaskState

from portal.accounts.models import User
from site_pages.admin_listing import told
from site_pages.models import PublicPage

from . import approval, clocks, queue, refusal, screening
from .authority import may_screen
from .duplicates import similar
from .forms import (
    AnswerForm,
    ClearForm,
    DoubtForm,
    ForwardForm,
    NoteForm,
    RefuseForm,
    ReturnForm,
    ScreenForm,
)
from .models import Action, ApprovalTask, Doubt, Forward, ReviewStep, ScreeningTask
from .workflow import Item, TakenAlready, find, is_open, open_doubt

Verb = Callable[[Item, dict], object]
# Published items shown as nearly the same.
LIKE = 5


def _item(request: HttpRequest, task_state_id: int) -> Item:
    state = get_object_or_404(TaskState, pk=task_state_id)
    if not isinstance(state.task.specific, ScreeningTask | ApprovalTask):
        raise Http404
    item = find(state.pk)
    if not isinstance(item.page, PublicPage) or not queue.may_see(request.user, item.page):
        raise PermissionDenied
    return item


def review(
    request: HttpRequest, task_state_id: int, bound: dict[str, forms.Form] | None = None
) -> HttpResponse:
    item = _item(request, task_state_id)
    user = request.user
    is_screening = isinstance(item.task, ScreeningTask)
    right = approval.right_to_approve(item, user)
    screens = is_open(item) and is_screening and may_screen(user)
    decides = is_open(item) and not is_screening and right is not None
    is_reviewer = user.is_superuser or right is not None or may_screen(user)
    offered = _forms(item, screens, decides) | (bound or {})
    context = {
        "item": item,
        "is_open": is_open(item),
        "is_screening": is_screening,
        "screens": screens,
        "decides": decides,
        "may_approve": decides and not approval.is_own(item, user),
        "has_approved": ReviewStep.objects.filter(
            task_state=item.state, by=user, action="approved"
        ).exists(),
        "right": right,
        "rule": approval.rule_of(item.page),
        "approvals": approval.approvals(item),
        "doubt": open_doubt(item.page.pk),
        "section": item.page.get_parent(),
        "clock": item.clock,
        "clock_words": told(item.clock) if item.clock else "",
        "lacks_reason": is_open(item) and clocks.lacks_reason(item.page),
        "similar": similar(item.revision.as_object(), LIKE) if screens or decides else [],
        "problems": item.revision.as_object().publication_problems(),
        "steps": _history(item, is_reviewer),
        "forwards": _forwards(item, request.user, is_reviewer),
        "forms": offered,
        "opened": next(iter(bound or {}), ""),
        "media": forms.Media() if not screens else ForwardForm().media,
    }
    return render(request, "editorial/admin/review.html", context)


def _forms(item: Item, screens: bool, decides: bool) -> dict[str, forms.Form]:
    if screens:
        return {
            "pass_on": ScreenForm(page=item.page),
            "send_back": ReturnForm(),
            "refuse": RefuseForm(),
            "forward": ForwardForm(),
            "doubt": DoubtForm(),
            "clear": ClearForm(),
        }
    if decides:
        return {
            "approve": NoteForm(),
            "refuse": RefuseForm(),
            "doubt": DoubtForm(),
            "clear": ClearForm(),
        }
    return {}


def _history(item: Item, is_reviewer: bool) -> list[ReviewStep]:
    """All steps; to the sender and to who was asked, without what reviewers tell each other."""
    rows = ReviewStep.objects.filter(page_id=item.page.pk)
    rows = rows.select_related("by", "holder__user", "section").prefetch_related("grounds")
    if is_reviewer:
        return list(rows)
    steps = list(rows.exclude(action__in=[Action.FORWARDED, Action.ANSWERED]))
    for step in steps:
        if step.action == Action.SCREENED:
            step.note = ""
    return steps


def _forwards(item: Item, user: User, is_reviewer: bool) -> QuerySet[Forward]:
    """What others were asked is the reviewers' to read; each of the others sees their own."""
    rows = item.page.forwards.all() if is_reviewer else queue.forwarded_ever(user)
    rows = rows.filter(page=item.page.pk)
    return rows.select_related("to_user", "to_agency", "answered_by")


@xframe_options_sameorigin
def preview(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """The revision as readers would see it."""
    item = _item(request, task_state_id)
    page = item.revision.as_object()
    return page.make_preview_request(request, page.default_preview_mode)


def _act(
    request: HttpRequest, task_state_id: int, name: str, form: forms.Form, verb: Verb, done: str
) -> HttpResponse:
    """Run a verb; what is refused comes back with everything that was typed."""
    item = _item(request, task_state_id)
    if not form.is_valid():
        return _again(request, task_state_id, name, form)
    try:
        verb(item, form.cleaned_data)
    except TakenAlready as error:
        _tell(request, error)
        return redirect("editorial_desk")
    except PermissionDenied as error:
        messages.error(request, str(error) or _("You may not take this step today."))
        return redirect("editorial_desk")
    except ValidationError as error:
        _add(form, error)
        return _again(request, task_state_id, name, form)
    if done:
        messages.success(request, done)
    return redirect("editorial_desk")


def _again(request: HttpRequest, task_state_id: int, name: str, form: forms.Form) -> HttpResponse:
    messages.error(request, _("Nothing has happened yet: see what is marked below."))
    return review(request, task_state_id, {name: form})


def _add(form: forms.Form, error: ValidationError) -> None:
    """Errors at their field where the form has it, on top where it has not."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        for one in errors:
            form.add_error(field if field in form.fields else None, one)


def _tell(request: HttpRequest, error: ValidationError) -> None:
    for text in error.messages:
        messages.error(request, text)


@require_POST
def pass_on(request: HttpRequest, task_state_id: int) -> HttpResponse:
    item = _item(request, task_state_id)
    return _act(
        request,
        task_state_id,
        "pass_on",
        ScreenForm(request.POST, page=item.page),
        lambda item, data: screening.pass_on(item.state.pk, request.user, **data),
        _("Passed on to the member in charge."),
    )


@require_POST
def send_back(request: HttpRequest, task_state_id: int) -> HttpResponse:
    return _act(
        request,
        task_state_id,
        "send_back",
        ReturnForm(request.POST),
        lambda item, data: screening.send_back(item.state.pk, request.user, data["note"]),
        _("Sent back; the sender is told."),
    )


@require_POST
def refuse(request: HttpRequest, task_state_id: int) -> HttpResponse:
    return _act(
        request,
        task_state_id,
        "refuse",
        RefuseForm(request.POST),
        lambda item, data: refusal.refuse(item.state.pk, request.user, **data),
        _("Refused; the sender and the earlier reviewers are told."),
    )


@require_POST
def forward(request: HttpRequest, task_state_id: int) -> HttpResponse:
    return _act(
        request,
        task_state_id,
        "forward",
        ForwardForm(request.POST),
        lambda item, data: screening.forward(item.state.pk, request.user, **data),
        _("Forwarded; the item stays in the queue."),
    )


@require_POST
def doubt(request: HttpRequest, task_state_id: int) -> HttpResponse:
    return _act(
        request,
        task_state_id,
        "doubt",
        DoubtForm(request.POST),
        lambda item, data: screening.doubt(item.state.pk, request.user, data["reason"]),
        _("Verification is asked for; until it is cleared nothing is published."),
    )


@require_POST
def clear_doubt(request: HttpRequest, task_state_id: int, doubt_id: int) -> HttpResponse:
    item = _item(request, task_state_id)
    get_object_or_404(Doubt, pk=doubt_id, page=item.page.pk)
    return _act(
        request,
        task_state_id,
        "clear",
        ClearForm(request.POST),
        lambda _item, data: screening.clear_doubt(doubt_id, request.user, data["result"]),
        _("The request for verification is cleared."),
    )


@require_POST
def approve(request: HttpRequest, task_state_id: int) -> HttpResponse:
    def verb(item: Item, data: dict) -> None:
        approval.approve(item.state.pk, request.user, data["note"])
        item.page.refresh_from_db()
        done = _("Approved and public.") if item.page.live else _("Your approval is recorded.")
        messages.success(request, done)

    return _act(request, task_state_id, "approve", NoteForm(request.POST), verb, "")


def asked(request: HttpRequest, forward_id: int) -> HttpResponse:
    """The page of someone whose word is asked for."""
    made = get_object_or_404(
        Forward.objects.select_related("page", "to_agency", "asked_by"), pk=forward_id
    )
    if not (screening.may_answer(made, request.user) or may_screen(request.user)):
        raise PermissionDenied
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            screening.answer(forward_id, request.user, form.cleaned_data["answer"])
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("Your answer is sent to the working group."))
            return redirect("editorial_desk")
    context = {
        "made": made,
        "form": form,
        "may_answer": made.answered_at is None and screening.may_answer(made, request.user),
        "state": made.page.specific.current_workflow_task_state,
    }
    return render(request, "editorial/admin/asked.html", context)
