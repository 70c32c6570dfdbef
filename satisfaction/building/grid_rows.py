"""Rows of a grid: questions of their own that share a scale and the words above them."""

from __future__ import annotations

from django import forms

from .codes import new_code
from .fields import Labels, labels
from .structure import Part


def label_of(form: forms.Form) -> Labels:
    return labels(form.cleaned_data["label_vi"], form.cleaned_data["label_en"])


def made(words: list[Labels], grid: str, scale: str, required: bool, spent: dict) -> list[Part]:
    return [
        {
            "code": new_code(spent, "Q"),
            "type": "scale",
            "label": label,
            "required": required,
            "scale": scale,
            "grid": grid,
        }
        for label in words
    ]
