"""One line of a condition: a question of an earlier page, how it is compared, and with what."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateInput

from ..conditions import MAX_SIZE
from ..questionnaires import Kind, Question
from .branching import WITH_CODES, WITH_LEVELS, WITH_SIZE, Node


def operators(question: Question) -> list[tuple[str, str]]:
    """How the answers to this kind of question can be compared."""
    found = []
    if question.type in WITH_CODES:
        found += [("is", _("is one of")), ("is_not", _("is none of"))]
    if question.type in WITH_LEVELS:
        found += [("at_least", _("is at least the level")), ("at_most", _("is at most the level"))]
    if question.type is Kind.NUMBER:
        found += [("at_least", _("is at least")), ("at_most", _("is at most"))]
    if question.type is Kind.DATE:
        found += [("at_least", _("is on or after")), ("at_most", _("is on or before"))]
    return [*found, ("answered", _("is answered")), ("not_answered", _("is not answered"))]


class LineForm(forms.Form):
    op = forms.ChoiceField()

    def __init__(self, *args, question: Question, node: Node | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        # Only files from elsewhere deny a comparison of size; it stays denied.
        self.is_denied_size = bool(node) and _denied_size(node)
        self.fields["op"].label = _("Comparison")
        self.fields["op"].choices = operators(question)
        if question.type in WITH_CODES:
            self.fields["codes"] = forms.TypedMultipleChoiceField(
                label=_("Answers"),
                required=False,
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                choices=[(choice.code, choice.label) for choice in question.choices],
            )
        if question.type is Kind.NUMBER:
            self.fields["value"] = forms.DecimalField(
                label=_("Number"), required=False, min_value=-MAX_SIZE, max_value=MAX_SIZE
            )
        if question.type is Kind.DATE:
            self.fields["value"] = forms.DateField(
                label=_("Day"), required=False, widget=AdminDateInput
            )
        if node:
            self.initial = _initial(node, question)

    def clean(self) -> dict:
        told = super().clean()
        op = told.get("op")
        if op in ("is", "is_not") and not told.get("codes") and "codes" not in self.errors:
            self.add_error("codes", _("Choose one answer or more."))
        if op in ("at_least", "at_most"):
            self._require_value(told)
        return told

    def _require_value(self, told: dict) -> None:
        if self.question.type in WITH_LEVELS:
            if len(told.get("codes", [])) != 1 and "codes" not in self.errors:
                self.add_error("codes", _("Choose exactly one level for this comparison."))
        elif told.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("Enter what it is compared with."))

    def node(self) -> Node:
        told, code = self.cleaned_data, self.question.code
        match told["op"]:
            case "is":
                return {"op": "is", "question": code, "codes": told["codes"]}
            case "is_not":
                inner = {"op": "is", "question": code, "codes": told["codes"]}
                return {"op": "not", "of": inner}
            case "answered":
                return {"op": "answered", "question": code}
            case "not_answered":
                return {"op": "not", "of": {"op": "answered", "question": code}}
        sized = {"op": told["op"], "question": code, "value": self._value(told)}
        return {"op": "not", "of": sized} if self.is_denied_size else sized

    def _value(self, told: dict) -> int | float | str:
        if self.question.type in WITH_LEVELS:
            return told["codes"][0]
        if self.question.type in WITH_SIZE:
            value = told["value"]
            if self.question.type is Kind.DATE:
                return value.isoformat()
            return int(value) if value == value.to_integral_value() else float(value)
        raise ValidationError(_("This question is not more or less than anything."))


def _denied_size(node: Node) -> bool:
    return node["op"] == "not" and node["of"]["op"] in ("at_least", "at_most")


def _initial(node: Node, question: Question) -> dict[str, object]:
    is_denied = node["op"] == "not"
    leaf = node["of"] if is_denied else node
    op = leaf["op"]
    if is_denied:
        op = {"is": "is_not", "answered": "not_answered"}.get(op, op)
    found: dict[str, object] = {"op": op, "codes": leaf.get("codes", [])}
    if "value" in leaf:
        if question.type in WITH_LEVELS:
            found["codes"] = [leaf["value"]]
        else:
            found["value"] = leaf["value"]
    return found
