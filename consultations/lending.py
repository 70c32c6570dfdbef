"""Lending a survey of the portal to a consultation's page (Art. 7.1)."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from editorial.acting import ActForm
from portal.accounts.models import User
from site_pages import lending

from .access import require_run
from .models import Consultation, Embedded


class LendForm(ActForm):
    lent = forms.MultipleChoiceField(
        label=_("Surveys shown on the page"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A survey is shown while it is open. Untick all to show none."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lent"].choices = lending.choices()
        self.fields["lent"].initial = [
            f"{row.kind}:{row.object_id}" for row in self.row.embedded.all()
        ]


@transaction.atomic
def lend(consultation_id: int, by: User, *, lent: list[str]) -> Consultation:
    """Show these and no others."""
    require_run(by)
    consultation = Consultation.objects.select_for_update().get(pk=consultation_id)
    known = {value for value, _title in lending.choices()}
    if set(lent) - known:
        raise ValidationError({"lent": _("Choose from the list.")})
    consultation.embedded.all().delete()
    for value in lent:
        kind, _colon, number = value.partition(":")
        Embedded.objects.create(consultation=consultation, kind=kind, object_id=int(number))
    log(consultation, "consultations.lend", user=by)
    return consultation
