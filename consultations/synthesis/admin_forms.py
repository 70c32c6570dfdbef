"""Forms of the screens where opinions are sorted and answered."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from editorial.acting import ActForm
from portal.agencies.models import Agency

from ..models import (
    Consultation,
    DraftText,
    Exclusion,
    PaperSource,
    Provision,
    RespondentKind,
    Result,
    RowState,
    TextState,
)
from .queries import provisions

NEW = "moi"


class PlaceField(forms.ModelChoiceField):
    """A provision by its name; none is the whole."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("queryset", Provision.objects.none())
        kwargs.setdefault("required", False)
        super().__init__(empty_label=_("On the whole"), **kwargs)

    def label_from_instance(self, provision: Provision) -> str:
        told = provision.name or provision.label or provision.text
        return f"{'· ' * provision.depth}{told[:90]}"


def agencies() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        queryset=Agency.objects.all(),
        required=False,
        label=pgettext_lazy("organisation", "Unit"),
        empty_label="–",
    )


class DueForm(ActForm):
    due_on = forms.DateField(label=_("Answers are due on"), widget=AdminDateInput)
    reason = forms.CharField(
        label=_("Reason for moving it"),
        required=False,
        max_length=500,
        help_text=_("Only where a deadline was set before."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = self.row.answer_due_on


class FinalTextForm(ActForm):
    final_text = forms.ModelChoiceField(
        queryset=DraftText.objects.none(),
        required=False,
        label=_("Final text"),
        empty_label=_("Not issued yet"),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        texts = self.row.texts.filter(state=TextState.PUBLISHED).order_by("-number")
        self.fields["final_text"].queryset = texts
        self.fields["final_text"].label_from_instance = lambda text: (
            _("Version %(n)d") % {"n": text.number}
        )
        synthesis = getattr(self.row, "synthesis", None)
        self.fields["final_text"].initial = synthesis and synthesis.final_text_id

    def clean(self) -> dict:
        text = self.cleaned_data.pop("final_text", None)
        return {"text_id": text.pk if text else None}


class PublishForm(ActForm):
    document_number = forms.CharField(
        label=_("Number of the drafting agency's paper"),
        required=False,
        max_length=120,
        help_text=_("The paper that sends the answers, if there is one."),
    )


class CorrectionForm(PublishForm):
    change_note = forms.CharField(
        label=_("What changed and why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class PaperForm(forms.Form):
    source = forms.ChoiceField(label=_("Source"), choices=PaperSource)
    source_name = forms.CharField(
        label=_("Document or meeting"),
        max_length=200,
        help_text=_("Number of the letter, or name and place of the meeting."),
    )
    dated_on = forms.DateField(label=_("Dated"), widget=AdminDateInput)
    respondent_kind = forms.ChoiceField(label=_("Who speaks"), choices=RespondentKind)
    agency = agencies()
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        help_text=_("Agencies and organisations stand in the table by name, persons never."),
    )
    provision = PlaceField(label=_("Provision"))
    text = forms.CharField(
        label=_("What it says"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000
    )
    scan = forms.FileField(
        label=_("Scan"),
        required=False,
        help_text=_("PDF or picture. Only who works on these answers opens it."),
    )

    def __init__(self, *args, consultation: Consultation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provision"].queryset = provisions(consultation)


class RowFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *RowState.choices]
    )
    provision = PlaceField(label=_("Provision"))
    mine = forms.BooleanField(label=_("Assigned to me or my unit"), required=False)

    def __init__(self, *args, consultation: Consultation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provision"].queryset = provisions(consultation)
        self.fields["provision"].empty_label = _("All")


class LeaveOutForm(forms.Form):
    exclusion = forms.ChoiceField(label=_("Why it is left out"), choices=Exclusion)
    note = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Read by whoever sent the opinion."),
    )


class PlaceForm(forms.Form):
    row = forms.IntegerField(
        label=_("Number of the row"),
        required=False,
        min_value=1,
        help_text=_("Empty: a new row."),
    )
    provision = PlaceField(label=_("Provision of the new row"))

    def __init__(self, *args, consultation: Consultation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provision"].queryset = provisions(consultation)


class AnswerForm(forms.Form):
    """The answer to one row; drafts may be unfinished, the verb says what a ready one lacks."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label=_("What the opinions say"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Public. In the office's words: no names, nothing that was withheld."),
    )
    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=Result,
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Answer and reasons"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Always needed, also where everything is accepted."),
    )
    changed_where = forms.CharField(
        label=_("Where the text is changed"),
        required=False,
        max_length=300,
        help_text=_("Where it is accepted. For example: khoản 2 Điều 7 of the final text."),
    )
    final_provision = PlaceField(label=_("Provision of the final text"))

    def __init__(self, *args, final_text: DraftText | None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if final_text is None:
            del self.fields["final_provision"]
        else:
            self.fields["final_provision"].queryset = final_text.provisions.order_by("position")
            self.fields["final_provision"].empty_label = "–"


class BulkAnswerForm(AnswerForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"], self.fields["summary"]


class AssignForm(forms.Form):
    agency = agencies()
    person = forms.CharField(
        label=_("Official"),
        required=False,
        max_length=150,
        help_text=_("User name; empty: the whole unit."),
    )


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("Name of the template"), max_length=100)
