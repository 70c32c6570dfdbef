"""The register of checks of what is public, and the way from approval to readers."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal import clock
from portal.rules.values import value

from . import checking
from .acting import add_error, listed
from .authority import authority
from .models import CheckOutcome
from .queue import may_see

WHICH = [
    ("", _("Due or never checked")),
    ("tat-ca", _("Everything public")),
    ("can-xu-ly", _("To be corrected or withdrawn")),
]


class CheckForm(forms.Form):
    revision_id = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CheckOutcome, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What is wrong, and what should be done"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Wanted unless all is correct. The author and the working group see it."),
    )


def _require_reader(request: HttpRequest) -> None:
    if not checking.may_read(request.user):
        raise PermissionDenied


def check_list(request: HttpRequest) -> HttpResponse:
    """What is due, the oldest first; all that is public; what waits to be put right."""
    _require_reader(request)
    chosen = request.GET.get("xem", "")
    context = {"which": WHICH, "chosen": chosen, "rules": _rules()}
    if chosen == "can-xu-ly":
        context |= listed(request, checking.open_tasks(request.user))
    else:
        rows = checking.items(request.user).order_by("check_due_at", "pk")
        context |= listed(request, rows if chosen else checking.due(request.user))
        context["items"] = checking.listed(context["page_obj"].object_list)
    return render(request, "editorial/admin/check_list.html", context)


def _rules() -> dict[str, object]:
    return {"first": value(checking.FIRST), "again": value(checking.AGAIN)}


def check_item(request: HttpRequest, page_id: int) -> HttpResponse:
    """One item: what a machine sees, what was found before, and what the member finds now."""
    page = get_object_or_404(
        checking.with_checks(Page.objects.filter(live=True)).select_related("owner"), pk=page_id
    )
    if not may_see(request.user, page):
        raise PermissionDenied
    may_record = authority(request.user, page) is not None
    form = CheckForm(request.POST or None, initial={"revision_id": page.live_revision_id})
    if request.method == "POST" and form.is_valid():
        try:
            checking.record(page.pk, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The check is recorded."))
            return redirect("editorial_checks")
    context = {
        "item": checking.listed([page])[0],
        "page": page,
        "checks": checking.of_page(page),
        "form": form if may_record else None,
        "rules": _rules(),
    }
    return render(request, "editorial/admin/check_item.html", context)


def progress(request: HttpRequest) -> HttpResponse:
    """Approved versions and the moment at which readers saw them."""
    _require_reader(request)
    context = {**listed(request, checking.progress(request.user)), "now": clock.now()}
    return render(request, "editorial/admin/check_progress.html", context)
