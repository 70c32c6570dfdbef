"""Forms of the review page; the verbs check everything again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency

from .models import Ground, Origin
from .models.board import BOARD_POSTS, Appointment
from .screening import sections_for

NOTE = forms.Textarea({"rows": 3})


class StepForm(forms.Form):
    """One of several forms of the review page: its fields have names of their own there."""

    step = ""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **{"auto_id": f"{self.step}-%s", **kwargs})


class ScreenForm(StepForm):
    step = "pass-on"
    section = forms.ModelChoiceField(
        label=_("Section"), queryset=Page.objects.none(), required=False, empty_label=None
    )
    origin = forms.ChoiceField(label=_("Origin of the item"), choices=Origin)
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        help_text=_("What the item is to tell, and to whom (Art. 8.2)."),
    )
    holds_no_secret = forms.BooleanField(
        label=_("I have checked: the item holds no state secret"),
        help_text=_("Signed with your name and the time (Art. 3.3, 3.9)."),
        required=False,
    )
    note = forms.CharField(label=_("Note"), widget=NOTE, max_length=2000, required=False)

    def __init__(self, *args, page: Page, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        places = [place.pk for place in sections_for(page)]
        self.fields["section"].queryset = Page.objects.filter(pk__in=places).order_by("path")
        self.fields["section"].initial = page.get_parent().pk
        if not places or page.first_published_at:
            del self.fields["section"]


class NoteForm(StepForm):
    step = "approve"
    note = forms.CharField(label=_("Note"), widget=NOTE, max_length=2000, required=False)


class ReturnForm(StepForm):
    step = "send-back"
    note = forms.CharField(
        label=_("What is to be changed"),
        widget=NOTE,
        max_length=2000,
        error_messages={"required": _("Say what is to be changed.")},
    )


class RefuseForm(StepForm):
    step = "refuse"
    grounds = forms.MultipleChoiceField(
        label=_("Grounds (Art. 3.9)"),
        choices=Ground,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ground of Article 3.9.")},
    )
    note = forms.CharField(
        label=_("Reason"),
        widget=NOTE,
        max_length=2000,
        error_messages={
            "required": _("Say what led to the refusal, so that the sender can mend it.")
        },
    )


class ForwardForm(StepForm):
    step = "forward"
    to_user = forms.ModelChoiceField(
        label=_("To a member of the Board"), queryset=User.objects.none(), required=False
    )
    to_agency = forms.ModelChoiceField(
        label=_("or to an agency"), queryset=Agency.objects.none(), required=False
    )
    question = forms.CharField(
        label=_("What is asked"),
        widget=NOTE,
        max_length=2000,
        error_messages={"required": _("Say what is asked.")},
    )
    due_on = forms.DateField(label=_("Answer by"), widget=AdminDateInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        day = clock.today()
        board = Appointment.objects.in_force(day).filter(post__in=BOARD_POSTS)
        people = User.objects.filter(pk__in=board.values("user"), is_active=True)
        self.fields["to_user"].queryset = people.order_by("last_name", "first_name")
        self.fields["to_user"].label_from_instance = User.get_full_name
        self.fields["to_agency"].queryset = Agency.objects.valid_on(day)

    def clean(self) -> dict:
        data = super().clean()
        if bool(data.get("to_user")) == bool(data.get("to_agency")):
            self.add_error("to_user", _("Choose one person or one agency."))
        return data


class DoubtForm(StepForm):
    step = "doubt"
    reason = forms.CharField(
        label=_("What is to be verified"),
        widget=NOTE,
        max_length=2000,
        error_messages={"required": _("Say what is to be verified.")},
    )


class ClearForm(StepForm):
    step = "clear"
    result = forms.CharField(
        label=_("Result of the verification"),
        widget=NOTE,
        max_length=2000,
        error_messages={"required": _("Say what the verification found.")},
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your word on the item"),
        widget=forms.Textarea({"rows": 6}),
        max_length=4000,
        error_messages={"required": _("Write your word on the item.")},
    )
