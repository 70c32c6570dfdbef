"""Items of the public in the admin, for the working group alone."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.protection import quarantine

from . import taking_up, turning_down
from .acting import Act, ActForm, history, listed, media, offers, perform
from .contribution_forms import TakeUpForm, TurnDownForm
from .contributions import files_in_words, require_screener, with_files
from .models import Contribution, ContributionFile, ContributionState

Bound = tuple[str, ActForm] | None


def _is_open(row: Contribution, user: object) -> bool:
    return row.state == ContributionState.RECEIVED


ACTS = [
    Act(
        "tiep-nhan",
        _("Take up for editing"),
        taking_up.take_up,
        _is_open,
        _("A draft has been made of the item; the sender is told."),
        TakeUpForm,
        is_primary=True,
    ),
    Act(
        "tu-choi",
        _("Refuse"),
        turning_down.turn_down,
        _is_open,
        _("The item is refused; the sender is told."),
        TurnDownForm,
        is_serious=True,
    ),
]


class StateFilter(forms.Form):
    """What the list is narrowed by; without a choice it shows what waits."""

    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [*ContributionState.choices, ("", _("All"))]


def _narrowed(form: StateFilter) -> QuerySet[Contribution]:
    rows = with_files(Contribution.objects.order_by("sent_at", "pk"))
    if form.is_valid() and form.cleaned_data["state"]:
        rows = rows.filter(state=form.cleaned_data["state"])
    return rows


@require_safe
def contribution_list(request: HttpRequest) -> HttpResponse:
    require_screener(request.user)
    asked = request.GET if "state" in request.GET else {"state": ContributionState.RECEIVED}
    form = StateFilter(asked)
    context = {**listed(request, _narrowed(form)), "form": form}
    context["rows"] = [(row, files_in_words(row)) for row in context["page_obj"]]
    return render(request, "editorial/admin/contribution_list.html", context)


@never_cache
def contribution_detail(
    request: HttpRequest, contribution_id: int, bound: Bound = None
) -> HttpResponse:
    require_screener(request.user)
    rows = with_files(Contribution.objects.select_related("page", "decided_by"))
    row = get_object_or_404(rows, pk=contribution_id)
    found = offers(ACTS, row, request.user, bound)
    context = {
        "row": row,
        "offers": found,
        "media": media(found),
        "act_url": "editorial_contribution_act",
        "grounds": row.grounds.all(),
        "history": history(row),
    }
    return render(request, "editorial/admin/contribution_detail.html", context)


@require_POST
def contribution_act(request: HttpRequest, contribution_id: int, code: str) -> HttpResponse:
    require_screener(request.user)
    row = get_object_or_404(Contribution, pk=contribution_id)
    bound = perform(request, ACTS, row, code)
    if bound:
        return contribution_detail(request, contribution_id, bound)
    return redirect("editorial_contribution", contribution_id)


@require_safe
@never_cache
def contribution_file(request: HttpRequest, file_id: int) -> FileResponse:
    """A clean file, to be saved and never shown by the browser; any other does not exist."""
    require_screener(request.user)
    rows = ContributionFile.objects.select_related("file").filter(contribution__isnull=False)
    item = get_object_or_404(rows, pk=file_id)
    if not item.file.may_leave:
        raise Http404
    response = FileResponse(
        quarantine.path_of(item.file.key).open("rb"),
        as_attachment=True,
        filename=item.file.name,
        content_type="application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
