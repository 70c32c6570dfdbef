"""The form that says how earlier answers compare: question by question, choice by choice."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from ..questionnaires import Question
from .changes import question_name
from .fields import Paragraph
from .publishing import Asked, Mapping, to_map
from .structure import Definition


@dataclass(frozen=True)
class MapRow:
    """One earlier question in the form, with its choices."""

    question: Question
    to: BoundField
    shown: BoundField
    choices: list[BoundField]


class MappingForm(forms.Form):
    """Choices belong to the question that was chosen when the form was shown; when another is
    chosen, the form comes back once with its choices."""

    def __init__(self, *args, earlier: Definition, later: Definition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asked = to_map(earlier, later)
        for row in self.asked:
            self._add_row(row)
        self.fields["is_break"] = forms.BooleanField(
            label=_("Break in the series"),
            required=False,
            initial=True,
            help_text=_(
                "Figures before and after are not compared as if nothing had changed. Where the "
                "index changes, there is always a break."
            ),
        )
        self.fields["note"] = Paragraph(
            label=_("What changed and why"),
            max_length=2000,
            help_text=_("Reports show it where figures are compared."),
        )

    def _add_row(self, row: Asked) -> None:
        code = row.question.code
        proposed = row.proposed.code if row.proposed else ""
        self.fields[f"to_{code}"] = forms.ChoiceField(
            label=question_name(row.question),
            required=False,
            initial=proposed,
            choices=[("", _("Compared with nothing"))]
            + [(q.code, question_name(q)) for q in row.candidates],
        )
        target = self._target(row, proposed)
        self.fields[f"shown_{code}"] = forms.CharField(
            required=False, initial=target.code if target else "", widget=forms.HiddenInput
        )
        if target is None:
            return
        known = {choice.code for choice in target.choices}
        options = [("", _("Nothing"))]
        options += [(str(choice.code), choice.label) for choice in target.choices]
        for choice in row.question.choices:
            self.fields[f"choice_{code}_{choice.code}"] = forms.ChoiceField(
                label=choice.label,
                required=False,
                initial=str(choice.code) if choice.code in known else "",
                choices=options,
            )

    def _target(self, row: Asked, proposed: str) -> Question | None:
        """The later question whose choices are shown now."""
        code = self.data.get(f"to_{row.question.code}", "") if self.is_bound else proposed
        return next((q for q in row.candidates if q.code == code), None)

    def clean(self) -> dict:
        told = super().clean()
        for row in self.asked:
            code = row.question.code
            if told.get(f"shown_{code}") != told.get(f"to_{code}") and told.get(f"to_{code}"):
                self._propose_anew(row)
                self.add_error(
                    f"to_{code}",
                    _("The choices below are now of the question that you chose: check them."),
                )
        return told

    def _propose_anew(self, row: Asked) -> None:
        """The form that comes back shows the new target's choices, alike codes proposed."""
        code = row.question.code
        data = self.data.copy()
        data[f"shown_{code}"] = data[f"to_{code}"]
        for choice in row.question.choices:
            name = f"choice_{code}_{choice.code}"
            if name in self.fields:
                data[name] = self.fields[name].initial
        self.data = data

    def rows(self) -> list[MapRow]:
        return [
            MapRow(
                row.question,
                self[f"to_{row.question.code}"],
                self[f"shown_{row.question.code}"],
                [
                    self[f"choice_{row.question.code}_{choice.code}"]
                    for choice in row.question.choices
                    if f"choice_{row.question.code}_{choice.code}" in self.fields
                ],
            )
            for row in self.asked
        ]

    def mapping(self) -> Mapping:
        told = self.cleaned_data
        questions = {}
        for row in self.asked:
            code = row.question.code
            choices = {
                str(choice.code): _code(told.get(f"choice_{code}_{choice.code}", ""))
                for choice in row.question.choices
            }
            questions[code] = {"to": told[f"to_{code}"], "choices": choices}
        return Mapping(questions, told["is_break"], told["note"])


def _code(text: str) -> int | None:
    return int(text) if text else None
