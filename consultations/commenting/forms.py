"""What people fill in to say their opinion. Errors say what to do; nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.text import clean

from ..models import AbuseKind, Consultation, OfficeQuestion, Opinion, RespondentKind

LONGEST_TEXT = 20_000
LONGEST_ANSWER = 5_000


def question_name(question: OfficeQuestion) -> str:
    return f"cau_{question.number}"


def worded(question: OfficeQuestion) -> str:
    """The question in the reader's language."""
    is_english = get_language() == "en"
    return question.text_en if is_english and question.text_en else question.text


class WordsForm(forms.Form):
    """What is said: opinion, wording, answers. Sent first, corrected later."""

    use_required_attribute = False
    text = forms.CharField(
        label=_("Your opinion"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Do not write personal data of yours or of others: the text is published."),
        widget=forms.Textarea({"rows": 8}),
    )
    suggested_text = forms.CharField(
        label=_("The wording you suggest"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Change the words as you would have them; the difference is shown."),
        widget=forms.Textarea({"rows": 6}),
    )

    def __init__(self, *args: Any, consultation: Consultation, quoted: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.consultation, self.quoted = consultation, clean(quoted)
        self.questions = list(consultation.questions.order_by("number"))
        if not self.quoted:
            del self.fields["suggested_text"]
        elif not self.is_bound:
            self.initial.setdefault("suggested_text", self.quoted)
        for question in self.questions:
            self.fields[question_name(question)] = forms.CharField(
                label=worded(question),
                required=False,
                max_length=LONGEST_ANSWER,
                help_text=question.hint,
                widget=forms.Textarea({"rows": 4}),
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        found = {
            name: clean(said) if isinstance(said, str) else said for name, said in found.items()
        }
        if found.get("suggested_text") == self.quoted:
            # Left as it stood: nothing is suggested.
            found["suggested_text"] = ""
        says = ["text", "suggested_text", *map(question_name, self.questions)]
        if not any(found.get(name) for name in says) and not self.errors.keys() & set(says):
            self.add_error("text", _("Write your opinion, suggest a wording or answer a question."))
        return found

    def answers(self) -> dict[int, str]:
        """By the question's id."""
        told = {row.pk: self.cleaned_data.get(question_name(row), "") for row in self.questions}
        return {key: said for key, said in told.items() if said}

    @classmethod
    def of(cls, opinion: Opinion, **kwargs: Any) -> WordsForm:
        """The form with what an opinion says."""
        initial = {"text": opinion.text}
        if opinion.suggested_text:
            initial["suggested_text"] = opinion.suggested_text
        for answer in opinion.answers.select_related("question"):
            initial[question_name(answer.question)] = answer.text
        return cls(
            initial=initial,
            consultation=opinion.consultation,
            quoted=opinion.quoted_text,
            **kwargs,
        )


class OpinionForm(WordsForm):
    """What is said, and who says it."""

    respondent_kind = forms.ChoiceField(
        label=_("Who gives this opinion"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say for whom you give this opinion."),
            "invalid_choice": _("Say for whom you give this opinion."),
        },
    )
    name = forms.CharField(
        label=_("Your full name, or the name of the business or organisation"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    is_name_shown = forms.ChoiceField(
        label=_("When the opinion is published"),
        choices=[("0", _("Do not show the name")), ("1", _("Show the name"))],
        widget=forms.RadioSelect,
        initial="0",
        error_messages={
            "required": _("Say whether the name is shown."),
            "invalid_choice": _("Say whether the name is shown."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("To be told when there is news. It is never published."),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("Write the e-mail like name@example.vn.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["respondent_kind"].choices = [
            (kind.value, kind.label)
            for kind in RespondentKind
            if kind != RespondentKind.AGENCY and self.consultation.takes(kind)
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        is_person = found.get("respondent_kind") == RespondentKind.PERSON
        needs_name = found.get("is_name_shown") == "1" or not is_person
        if needs_name and not found.get("name") and "name" not in self.errors:
            self.add_error("name", _("Enter the name."))
        return found

    def typed(self) -> dict[str, object]:
        """What the draft keeps."""
        found = self.cleaned_data
        return {
            "respondent_kind": found["respondent_kind"],
            "name": found["name"],
            "is_name_shown": found["is_name_shown"] == "1",
            "email": found["email"],
            "text": found["text"],
            "suggested_text": found.get("suggested_text", ""),
            "answers": {str(key): said for key, said in self.answers().items()},
        }


def shown(typed: dict[str, Any], questions: list[OfficeQuestion]) -> dict[str, str]:
    """What a draft keeps, as the form shows it again."""
    answers = typed.get("answers", {})
    told = {question_name(row): answers.get(str(row.pk), "") for row in questions}
    found = {**typed, **told, "is_name_shown": "1" if typed.get("is_name_shown") else "0"}
    if not typed.get("suggested_text"):
        found.pop("suggested_text", None)
    return found


class AbuseForm(forms.Form):
    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("What is wrong with this opinion"),
        choices=AbuseKind,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong."),
            "invalid_choice": _("Choose what is wrong."),
        },
    )
    text = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
