"""Form fields of the builder: words in two languages, moments in Hanoi, lists typed a line each."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.text import clean

LABEL_LENGTH = 500
MOST_LINES = 60
Labels = dict[str, str]


class Words(forms.CharField):
    """One line of text, composed and without control characters."""

    def to_python(self, value: object) -> str:
        text = clean(super().to_python(value) or "")
        return " ".join(text.split())


class Paragraph(forms.CharField):
    """Text of several lines, composed and without control characters."""

    widget = forms.Textarea({"rows": 3})

    def to_python(self, value: object) -> str:
        return clean(super().to_python(value) or "")


class LabelLines(Paragraph):
    """One label a line, "Vietnamese | English"; as a list of labels."""

    def to_python(self, value: object) -> list[Labels]:
        lines = [line for line in super().to_python(value).split("\n") if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("At most %(most)d lines at once.") % {"most": MOST_LINES})
        return [_labels_of(line) for line in lines]

    def prepare_value(self, value: object) -> object:
        if isinstance(value, list):
            return "\n".join(" | ".join(filter(None, row.values())) for row in value)
        return value

    def validate(self, value: list[Labels]) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: list[Labels]) -> None:
        """Each line was checked as it was read."""


def _labels_of(line: str) -> Labels:
    vi, _bar, en = (" ".join(part.split()) for part in line.partition("|"))
    if not vi:
        raise ValidationError(_("“%(line)s” has no Vietnamese words.") % {"line": line[:60]})
    if max(len(vi), len(en)) > LABEL_LENGTH:
        told = {"line": f"{line[:40]}…", "most": LABEL_LENGTH}
        raise ValidationError(_("“%(line)s” is longer than %(most)d characters.") % told)
    return labels(vi, en)


def labels(vi: str, en: str = "") -> Labels:
    """English that is not there yet is left out: readers get the Vietnamese."""
    return {"vi": vi, "en": en} if en else {"vi": vi}
