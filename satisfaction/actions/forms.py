"""Forms of actions in the admin."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from portal import clock
from portal.agencies.models import Agency
from portal.reporting.models import Edition

from ..models import Action
from .comparison import Later
from .remedies import MOST_WORDS, usual_deadline
from .targets import AGENCY, CRITERION, INDEX, ITEM, targets

GROUPS = {
    INDEX: _("Whole index"),
    CRITERION: _("Criteria"),
    ITEM: _("Items"),
    AGENCY: _("Agencies"),
}


def _long(label: object, **options) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}), **options
    )


class AssignForm(forms.Form):
    target = forms.ChoiceField(
        label=_("What is low"), help_text=_("Figures of the published report, the lowest first.")
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Responsible agency"))
    task = _long(_("What is to be done"))
    due_on = forms.DateField(
        label=_("Deadline"), widget=AdminDateInput, help_text=_("A working day.")
    )
    is_public = forms.BooleanField(
        label=_("On the public page of the survey"),
        required=False,
        help_text=_("Citizens then read what is done about their answers."),
    )

    def __init__(self, *args, edition: Edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        grouped: dict[str, list[tuple[str, str]]] = {}
        for target in targets(edition):
            told = f"{target.label}: {target.figure}"
            grouped.setdefault(target.kind, []).append((target.code, told))
        self.fields["target"].choices = [(GROUPS[kind], rows) for kind, rows in grouped.items()]
        self.fields["agency"].queryset = Agency.objects.valid_on(clock.today())
        self.fields["due_on"].initial = usual_deadline()


class ReportForm(forms.Form):
    text = _long(_("What was done"))
    is_done = forms.BooleanField(label=_("All of it is done"), required=False)


class DeadlineForm(forms.Form):
    due_on = forms.DateField(label=_("New deadline"), widget=AdminDateInput)
    why = _long(_("Why"))


class WhyForm(forms.Form):
    why = _long(_("Why"))


class MeasureForm(forms.Form):
    later = forms.ChoiceField(
        label=_("Measured again by"),
        help_text=_("A survey that measures again, or a later period of the same one."),
    )

    def __init__(self, *args, action: Action, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["later"].choices = [(later.name, later.label) for later in Later.of(action)]
