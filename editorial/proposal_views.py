"""The register of proposals in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal import clock

from . import proposals
from .acting import Act, ActForm, history, listed, media, offers, perform
from .models import Proposal, ProposalKind, ProposalState
from .models.proposals import UNANSWERED

Bound = tuple[str, ActForm] | None


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label=_("About"), choices=ProposalKind)
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("Proposal"),
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("What should change and what it would bring (Art. 5.4.e, 10.1)."),
    )


class ReplyForm(ActForm):
    reply = forms.CharField(
        label=_("Reply and reason"), max_length=4000, widget=forms.Textarea({"rows": 4})
    )


class ResultForm(ActForm):
    result = forms.CharField(
        label=_("What became of it"), max_length=4000, widget=forms.Textarea({"rows": 3})
    )


class ProposalFilter(forms.Form):
    """What the register is narrowed by."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("About"), required=False)
    mine = forms.BooleanField(label=_("Only my own"), required=False)
    late = forms.BooleanField(label=_("Only replies that are late"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *ProposalState.choices]
        self.fields["kind"].choices = [("", _("All")), *ProposalKind.choices]


ACTS = [
    Act(
        "xem-xet",
        _("Take into consideration"),
        proposals.consider,
        lambda row, user: row.state == ProposalState.NEW and proposals.may_reply(user, row),
        _("The proposal is being considered."),
        is_primary=True,
    ),
    Act(
        "chap-nhan",
        _("Accept"),
        proposals.accept,
        lambda row, user: row.state in UNANSWERED and proposals.may_reply(user, row),
        _("The proposal is accepted; its author is told."),
        ReplyForm,
    ),
    Act(
        "khong-chap-nhan",
        _("Do not accept"),
        proposals.decline,
        lambda row, user: row.state in UNANSWERED and proposals.may_reply(user, row),
        _("The reply is given; the author is told."),
        ReplyForm,
    ),
    Act(
        "xong",
        _("Record as carried out"),
        proposals.finish,
        lambda row, user: (
            row.state == ProposalState.ACCEPTED and proposals.reply_right(user) is not None
        ),
        _("The proposal is recorded as carried out."),
        ResultForm,
        is_primary=True,
    ),
]


def _require_voice(request: HttpRequest) -> None:
    if proposals.voice(request.user) is None:
        raise PermissionDenied


def _narrowed(request: HttpRequest, form: ProposalFilter) -> QuerySet[Proposal]:
    rows = Proposal.objects.select_related("proposed_by__user")
    if not form.is_valid():
        return rows
    chosen = form.cleaned_data
    if chosen["late"]:
        rows = proposals.overdue().select_related("proposed_by__user")
    if chosen["state"]:
        rows = rows.filter(state=chosen["state"])
    if chosen["kind"]:
        rows = rows.filter(kind=chosen["kind"])
    if chosen["mine"]:
        rows = rows.filter(proposed_by__user=request.user)
    return rows


def proposal_list(request: HttpRequest) -> HttpResponse:
    _require_voice(request)
    form = ProposalFilter(request.GET)
    rows = _narrowed(request, form).order_by("-proposed_at", "-pk")
    context = {**listed(request, rows), "form": form, "today": clock.today()}
    return render(request, "editorial/admin/proposal_list.html", context)


def propose(request: HttpRequest) -> HttpResponse:
    _require_voice(request)
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = proposals.propose(**form.cleaned_data, by=request.user)
        return redirect("editorial_proposal", made.pk)
    context = {"form": form, "media": form.media}
    return render(request, "editorial/admin/proposal_new.html", context)


def proposal_detail(request: HttpRequest, proposal_id: int, bound: Bound = None) -> HttpResponse:
    _require_voice(request)
    rows = Proposal.objects.select_related("proposed_by__user", "replied_by__user")
    proposal = get_object_or_404(rows, pk=proposal_id)
    found = offers(ACTS, proposal, request.user, bound)
    context = {
        "proposal": proposal,
        "today": clock.today(),
        "offers": found,
        "media": media(found),
        "act_url": "editorial_proposal_act",
        "row": proposal,
        "history": history(proposal),
    }
    return render(request, "editorial/admin/proposal_detail.html", context)


@require_POST
def proposal_act(request: HttpRequest, proposal_id: int, code: str) -> HttpResponse:
    _require_voice(request)
    rows = Proposal.objects.select_related("proposed_by")
    proposal = get_object_or_404(rows, pk=proposal_id)
    bound = perform(request, ACTS, proposal, code)
    if bound:
        return proposal_detail(request, proposal_id, bound)
    return redirect("editorial_proposal", proposal_id)
