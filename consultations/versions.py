"""Versions of a draft: which comes before which, and holding one that is being prepared."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import User

from . import window
from .access import require_run
from .models import DraftText, TextState
from .window import Held


def previous(text: DraftText) -> DraftText | None:
    """The public version before this one."""
    rows = DraftText.objects.filter(consultation=text.consultation_id, number__lt=text.number)
    return rows.filter(state=TextState.PUBLISHED).order_by("-number").first()


def held_text(text_id: int, by: User) -> tuple[Held, DraftText]:
    """A version being prepared, with its consultation's row locked."""
    require_run(by)
    known = DraftText.objects.only("consultation_id").get(pk=text_id)
    held = window.hold(known.consultation_id)
    text = DraftText.objects.select_for_update(no_key=True).get(pk=text_id)
    if text.state != TextState.PREPARING:
        raise ValidationError(
            _("This version is published. Make a new version to change the text.")
        )
    return held, text
