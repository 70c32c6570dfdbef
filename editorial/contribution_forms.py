"""What the public fills in to send an item, and what the working group fills in to judge it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from portal.protection.models import UNKNOWN
from portal.text import clean

from .acting import ActForm
from .models import Contribution, Ground, SenderKind
from .sections import of_articles

DATES = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
LONGEST_TEXT = 20_000


class CleanField(forms.CharField):
    """Text as it is stored: NFC, without control characters."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class ContributionForm(forms.Form):
    """Who sends what, given as clean text. Errors say what to do; nothing typed is lost."""

    use_required_attribute = False
    sender_kind = forms.ChoiceField(
        label=_("Who sends this"),
        choices=SenderKind,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether a person or an organisation sends this."),
            "invalid_choice": _("Say whether a person or an organisation sends this."),
        },
    )
    sender_name = forms.CharField(
        label=_("Your name, or the organisation's"),
        max_length=150,
        help_text=_("Named as the author or source if the item is published (Art. 3.5)."),
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Enter the name of who sends this.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("E-mail or telephone: one of the two is enough. Neither is published."),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("Write the e-mail like name@example.vn.")},
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        validators=[
            RegexValidator(r"^[0-9+(). -]{8,20}$", _("Write the number like 024 3825 3536."))
        ],
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        error_messages={"required": _("Enter a title.")},
    )
    text = forms.CharField(
        label=_("Text of the item"),
        max_length=LONGEST_TEXT,
        help_text=_("What happened, where, who took part, what came of it; name your sources."),
        widget=forms.Textarea({"rows": 14}),
        error_messages={"required": _("Write the text, or a few sentences about what you send.")},
    )
    event_on = forms.DateField(
        label=_("Day of the event"),
        required=False,
        input_formats=DATES,
        help_text=_("For example 20/11/2026. News is to come within 48 hours (Art. 8.1.a)."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Write the day like 20/11/2026.")},
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        is_reachable = found.get("email") or found.get("phone")
        if not is_reachable and not {"email", "phone"} & self.errors.keys():
            self.add_error("email", _("Enter an e-mail or a telephone number."))
        return found

    def typed(self) -> dict[str, str]:
        """What the draft keeps."""
        event_on = self.cleaned_data["event_on"]
        return {**self.cleaned_data, "event_on": event_on.isoformat() if event_on else ""}


def shown(typed: dict[str, str]) -> dict[str, str]:
    """What a draft keeps, as the form shows it again."""
    event_on = typed.get("event_on")
    told = date.fromisoformat(event_on).strftime("%d/%m/%Y") if event_on else ""
    return {**typed, "event_on": told}


class TakeUpForm(ActForm):
    section = forms.ModelChoiceField(
        label=_("Section of the draft"), queryset=of_articles().none(), empty_label=None
    )
    without_unchecked = forms.BooleanField(
        label=_("Go on without the files that are not checked yet"), required=False
    )
    note = CleanField(
        label=_("Note to the sender"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The sender reads it with the receipt code."),
    )

    def __init__(self, *args: Any, row: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["section"].queryset = of_articles().filter(live=True)
        if not row.files.filter(file__state__in=UNKNOWN).exists():
            del self.fields["without_unchecked"]


class TurnDownForm(ActForm):
    grounds = forms.MultipleChoiceField(
        label=_("Grounds (Art. 3.9)"),
        choices=Ground,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ground of Article 3.9.")},
    )
    note = CleanField(
        label=_("Note to the sender"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The sender reads it with the receipt code."),
        error_messages={
            "required": _("Say what led to the refusal, so that the sender can mend it.")
        },
    )
