"""What a moderator fills in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from editorial.acting import ActForm
from editorial.contribution_forms import CleanField
from portal.protection.masking import mask

from ..models import FITTING_GROUNDS, Consultation, OpinionState, RespondentKind


class QueueFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *OpinionState.choices]
    )
    consultation = forms.ModelChoiceField(
        label=_("Consultation"),
        queryset=Consultation.objects.order_by("-pk"),
        required=False,
        empty_label=_("All"),
    )
    kind = forms.ChoiceField(
        label=_("Who gives this opinion"),
        required=False,
        choices=[("", _("All")), *RespondentKind.choices],
    )
    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[
            ("", _("All")),
            ("first", _("One of each text")),
            ("appeal", _("Appeals to decide")),
            ("report", _("Reported by readers")),
        ],
    )


class PublishForm(ActForm):
    """What readers will see: the author's words less the personal data."""

    text = CleanField(
        label=_("What readers see of the opinion"),
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "Personal data that was found stands in [ ]. You may put more of it in [ ]; "
            "the author's other words stay as they are."
        ),
    )
    suggested_text = CleanField(
        label=_("What readers see of the wording"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", "suggested_text"):
            said = getattr(self.row, name)
            if said:
                self.fields[name].initial = mask(said)
            else:
                del self.fields[name]


class WithholdForm(ActForm):
    grounds = forms.MultipleChoiceField(
        label=_("Grounds (Art. 3.9)"),
        choices=[(ground.value, ground.label) for ground in FITTING_GROUNDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ground of Article 3.9.")},
    )
    reason = CleanField(
        label=_("Reason to the sender"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The sender reads it with the receipt code and may appeal once."),
        error_messages={
            "required": _("Say why, so that the sender can understand it and mend it.")
        },
    )


class AppealForm(ActForm):
    outcome = forms.ChoiceField(
        label=_("Decision on the appeal"),
        choices=[("1", _("Publish the opinion")), ("0", _("It stays withheld"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = CleanField(
        label=_("Reason to the sender"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Say why, so that the sender can understand it.")},
    )


class ReplyForm(ActForm):
    text = CleanField(
        label=_("Reply"),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Public, in the name of the drafting agency. It cannot be changed later."),
        error_messages={"required": _("Write the reply.")},
    )
