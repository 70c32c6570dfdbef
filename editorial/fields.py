"""Form fields that the rooms above share."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput


class HanoiDateTimeField(forms.DateTimeField):
    """A moment as the clock on the wall in Hanoi shows it."""

    widget = AdminDateTimeInput

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", _("Hanoi time, e.g. 15/12/2026 17:00."))
        super().__init__(**kwargs)
