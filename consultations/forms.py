"""Forms of the admin: terms, window, versions, provisions."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from editorial.acting import ActForm
from editorial.fields import HanoiDateTimeField
from portal import clock
from portal.agencies.models import Agency
from portal.text import clean
from site_pages.fields import ReformField

from . import scheduling
from .models import (
    AttachmentKind,
    Consultation,
    DraftKind,
    Provision,
    ProvisionKind,
    RespondentKind,
)
from .preparing import question_lines

# Questions are rows of their own.
ASKED = {"questions", "questions_en"}


class CleanCharField(forms.CharField):
    def to_python(self, value: object) -> str:
        return clean(super().to_python(value))


class LinesField(forms.CharField):
    """Lines by their place: an empty one counts, also at the beginning."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: object) -> str:
        lines = super().to_python(value).splitlines()
        return "\n".join(clean(line) for line in lines).rstrip()


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class TermsForm(forms.Form):
    """What is put to the public and on what terms."""

    title = CleanCharField(
        label=_("Title"),
        max_length=255,
        help_text=_("As people will read it, e.g. “Dự thảo Quyết định ban hành Quy chế …”."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=DraftKind,
        help_text=_("For drafts of normative documents the law sets a shortest time."),
    )
    agency = forms.ModelChoiceField(
        label=_("Drafting agency"),
        queryset=Agency.objects.none(),
        help_text=_("Receives the opinions and answers them."),
    )
    request_document = CleanCharField(
        label=_("Request to publish"),
        max_length=120,
        help_text=_("Number and date of the drafting agency's document (Art. 8.4.b)."),
    )
    legal_basis = CleanCharField(
        label=_("Legal basis"),
        max_length=300,
        required=False,
        help_text=_("The text that this consultation is held by."),
    )
    reform_field = forms.ChoiceField(
        label=_("Field of reform"), choices=[("", "–"), *ReformField.choices], required=False
    )
    respondents = forms.MultipleChoiceField(
        label=_("Who may take part"),
        choices=RespondentKind,
        widget=forms.CheckboxSelectMultiple,
        initial=RespondentKind.values,
    )
    is_moderated = forms.BooleanField(
        label=_("Opinions are read before they are published"),
        required=False,
        initial=True,
        help_text=_("Otherwise an opinion is public as soon as it is sent."),
    )
    answer_due_on = forms.DateField(
        label=_("Answers are due on"),
        required=False,
        widget=AdminDateInput,
        help_text=_("The day by which the drafting agency publishes its answers; public."),
    )
    questions = CleanCharField(
        label=_("Questions of the office"),
        required=False,
        widget=_long(4),
        max_length=8000,
        help_text=_("One a line. Needed where there is no draft (Art. 7.1)."),
    )

    questions_en = LinesField(
        label=_("The same questions in English"),
        required=False,
        widget=_long(4),
        max_length=8000,
        help_text=_(
            "One a line, in the same order; the English page shows a question that has none "
            "in Vietnamese."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.valid_on(clock.today())

    def clean_questions(self) -> list[str]:
        self._asked = self._lines("questions")
        return [line for line in self._asked if line]

    def clean_questions_en(self) -> list[str]:
        """A translation for each question, "" where there is none: the same line is the same."""
        found = self._lines("questions_en")
        if "questions" in self.errors:
            return found
        pairs = list(zip_longest(self._asked, found, fillvalue=""))
        for number, (question, english) in enumerate(pairs, 1):
            if english and not question:
                raise forms.ValidationError(
                    _("Line %(n)d translates no question: each stands on its question's line.")
                    % {"n": number}
                )
        return [english for question, english in pairs if question]

    def _lines(self, name: str) -> list[str]:
        found = [line.strip() for line in self.cleaned_data[name].split("\n")]
        if any(len(line) > 500 for line in found):
            raise forms.ValidationError(_("A question has at most 500 letters."))
        return found


class ChangeForm(TermsForm, ActForm):
    """The same on the consultation's own page."""

    def __init__(self, *args: Any, row: Consultation, **kwargs: Any) -> None:
        kwargs["initial"] = {
            **{name: getattr(row, name) for name in TermsForm.base_fields if name not in ASKED},
            "questions": "\n".join(question_lines(row)),
            "questions_en": "\n".join(question_lines(row, "text_en")).rstrip("\n"),
        }
        super().__init__(*args, row=row, **kwargs)
        # An agency that was dissolved since still stands in the terms.
        valid = Agency.objects.valid_on(clock.today()) | Agency.objects.filter(pk=row.agency_id)
        self.fields["agency"].queryset = valid


class ReasonForm(ActForm):
    """Why the window changes, and by which document; both are public."""

    reason = CleanCharField(
        label=_("Reason"),
        max_length=1000,
        widget=_long(3),
        help_text=_("Shown to the public in the history of the window."),
    )
    document_number = CleanCharField(
        label=_("Document number"),
        max_length=120,
        help_text=_("E.g. “Công văn số 15/SNV-CCHC ngày 10/11/2026”."),
    )


class LastDayForm(ReasonForm):
    last_day = forms.DateField(
        label=_("Last day"),
        widget=AdminDateInput,
        help_text=_("Opinions are taken until 23:59 of this day."),
    )
    field_order = ["last_day", "reason", "document_number"]


class OpenForm(LastDayForm):
    opens_at = HanoiDateTimeField(
        label=_("Opens"), required=False, help_text=_("Hanoi time; empty: at once.")
    )
    field_order = ["opens_at", "last_day", "reason", "document_number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = scheduling.shortest(self.row, clock.today())
        for name in ("reason", "document_number"):
            self.fields[name].required = False
        if rule:
            self.fields["last_day"].help_text = gettext(
                "Opinions are taken until 23:59 of this day. At least %(days)d days by %(basis)s; "
                "for a shorter time give the reason and the document below."
            ) % {"days": rule.integer, "basis": rule.basis}
            earliest = timezone.localdate(clock.now() + timedelta(days=rule.integer))
            self.fields["last_day"].help_text += " " + gettext(
                "Opened at once: not before %(day)s."
            ) % {"day": date_format(earliest, "SHORT_DATE_FORMAT")}


class VersionForm(ActForm):
    note = CleanCharField(
        label=_("What is new"),
        max_length=500,
        required=False,
        widget=_long(2),
        help_text=_("Why there is a new version, in a sentence for the public."),
    )


class HandInForm(ActForm):
    file = forms.FileField(
        label=_("Draft (.docx)"),
        help_text=_("It is read in the background; the tree below is replaced."),
        error_messages={"required": _("Choose the file of the draft.")},
        allow_empty_file=True,
    )


class PasteForm(ActForm):
    pasted = forms.CharField(
        label=_("Text of the draft"),
        widget=_long(10),
        help_text=_("Each line is a paragraph. The tree below is replaced."),
    )


class AttachForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=AttachmentKind)
    title = CleanCharField(label=_("Title"), max_length=200)
    file = forms.FileField(label=_("File"), allow_empty_file=True)


class PublishForm(ActForm):
    accepts_difference = forms.BooleanField(
        label=_("The words may differ from the file"),
        required=False,
        help_text=_("Needed only where words were changed while the tree was corrected."),
    )


class RewriteForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ProvisionKind)
    label = CleanCharField(
        label=_("Label"),
        max_length=120,
        required=False,
        help_text=_("Exactly as the source has it."),
    )
    heading = CleanCharField(label=_("Heading"), required=False, widget=_long(2))
    text = CleanCharField(label=_("Text"), required=False, widget=_long(8))

    def __init__(self, *args: Any, row: Provision, **kwargs: Any) -> None:
        names = ("kind", "label", "heading", "text")
        kwargs["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, row=row, **kwargs)


class SplitForm(ActForm):
    begins = CleanCharField(
        label=_("The new provision begins with"),
        max_length=500,
        help_text=_("Copy its first words from the text above."),
    )


class UnderForm(ActForm):
    parent_id = forms.ChoiceField(
        label=_("Below"), help_text=_("It becomes the last there; the order of the words changes.")
    )

    def __init__(self, *args: Any, row: Provision, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        rows = Provision.objects.filter(text_version=row.text_version_id).exclude(
            kind__in=[ProvisionKind.TABLE, ProvisionKind.NOTE]
        )
        self.fields["parent_id"].choices = [
            (other.pk, f"{'– ' * other.depth}{other.name}")
            for other in rows.order_by("position")
            if other.pk != row.pk
        ]

    def clean_parent_id(self) -> int:
        return int(self.cleaned_data["parent_id"])
