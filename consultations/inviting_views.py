"""The board of agencies for the working group, and the invitations of an agency's officials."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from editorial.acting import add_error
from editorial.contribution_forms import DATES, CleanField
from portal import clock
from portal.agencies.models import Agency
from portal.protection import form_tokens

from . import inviting, window
from .access import may_follow, may_run
from .commenting.subjects import WHOLE, newest_text
from .models import AgencyInvitation, Consultation, Opinion
from .window import NotOpen

PURPOSE = "consultations.agency-opinion"


class InviteForm(forms.Form):
    agencies = forms.ModelMultipleChoiceField(
        label=_("Agencies"),
        queryset=Agency.objects.none(),
        widget=forms.SelectMultiple({"size": 10}),
        error_messages={"required": _("Choose at least one agency.")},
    )
    document_number = CleanField(
        label=_("Number and date of the letter"),
        max_length=120,
        error_messages={"required": _("Enter the number of the letter.")},
    )
    due_on = forms.DateField(
        label=_("Due on"),
        input_formats=DATES,
        help_text=_("For example 20/11/2026; within the consultation's time."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Enter the day."),
            "invalid": _("Write the day like 20/11/2026."),
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = Agency.objects.valid_on(clock.today())


class AgencyOpinionForm(forms.Form):
    target = forms.ChoiceField(label=_("What the opinion is about"))
    text = CleanField(
        label=_("Opinion of the agency"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 8}),
    )
    suggested_text = CleanField(
        label=_("Suggested wording"),
        required=False,
        max_length=20_000,
        help_text=_("For one provision: its text as the agency would have it."),
        widget=forms.Textarea({"rows": 5}),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, consultation: Consultation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        text = newest_text(consultation)
        choices = [(WHOLE, consultation.whole)]
        if text:
            named = text.provisions.exclude(name="").order_by("position")
            choices += [(str(row.uuid), str(row)) for row in named]
        self.fields["target"].choices = choices


def board(request: HttpRequest, consultation_id: int) -> HttpResponse:
    if not may_follow(request.user):
        raise PermissionDenied
    consultation = get_object_or_404(Consultation, pk=consultation_id)
    form = InviteForm(request.POST or None) if may_run(request.user) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _invite(request, consultation, form):
            return redirect("consultation_agencies", consultation.pk)
    today = clock.today()
    rows = list(inviting.board(consultation))
    told = [(row, *inviting.state_in_words(row, today)) for row in rows]
    context = {
        "consultation": consultation,
        "window": window.of(consultation),
        "form": form,
        "rows": told,
        "counts": {
            "all": len(rows),
            "done": sum(how == "done" for _row, _words, how in told),
            "agrees": sum(row.agrees for row in rows),
            "late": sum(how == "late" for _row, _words, how in told),
        },
    }
    return render(request, "consultations/moderation/agencies.html", context)


def _invite(request: HttpRequest, consultation: Consultation, form: InviteForm) -> bool:
    try:
        made = inviting.invite(consultation.pk, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        add_error(form, error)
        return False
    messages.success(request, _now("%(n)d agencies are asked.") % {"n": len(made)})
    return True


@require_POST
def remind(request: HttpRequest, invitation_id: int) -> HttpResponse:
    row = get_object_or_404(AgencyInvitation, pk=invitation_id)
    try:
        count = inviting.remind(row.pk, request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _now("%(n)d officials are written to.") % {"n": count})
    return redirect("consultation_agencies", row.consultation_id)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    rows = [
        (row, *inviting.state_in_words(row, today)) for row in inviting.of_official(request.user)
    ]
    return render(request, "consultations/moderation/invitations.html", {"rows": rows})


@never_cache
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """An official reads the question and answers for the agency."""
    rows = AgencyInvitation.objects.select_related("consultation", "agency")
    row = get_object_or_404(rows, pk=invitation_id)
    inviting.require_official(request.user, row)
    token = form_tokens.issue(PURPOSE)
    form = AgencyOpinionForm(consultation=row.consultation, initial={"token": token})
    if request.method == "POST":
        if "dong-y" in request.POST:
            return _agree(request, row)
        form = AgencyOpinionForm(request.POST, consultation=row.consultation)
        if form.is_valid() and _answer(request, row, form):
            return redirect("consultation_invitation", row.pk)
    page = row.consultation.pages.filter(live=True).first()
    context = {
        "row": row,
        "words": inviting.state_in_words(row, clock.today())[0],
        "window": window.of(row.consultation),
        "page_url": page.url if page else "",
        "form": form,
        "given": Opinion.objects.filter(
            consultation=row.consultation, agency=row.agency
        ).select_related("provision"),
    }
    return render(request, "consultations/moderation/invitation.html", context)


def _agree(request: HttpRequest, row: AgencyInvitation) -> HttpResponse:
    try:
        inviting.agree(row.pk, request.user)
    except NotOpen:
        messages.error(request, _now("The consultation takes no opinions at this moment."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _now("The agency agrees without comment."))
    return redirect("consultation_invitation", row.pk)


def _answer(request: HttpRequest, row: AgencyInvitation, form: AgencyOpinionForm) -> bool:
    said = dict(form.cleaned_data)
    try:
        token = form_tokens.read(said.pop("token"), PURPOSE).id
    except form_tokens.BadToken:
        # The page stood open too long: what was typed counts all the same.
        token = uuid.uuid4()
    try:
        inviting.answer(row.pk, request.user, token=token, **said)
    except NotOpen:
        form.add_error(
            None, _now("The consultation takes no opinions at this moment. Copy what you wrote.")
        )
        return False
    except ValidationError as error:
        add_error(form, error)
        return False
    messages.success(request, _now("The agency's opinion has been received."))
    return True
