"""Sending an item in: one transaction, once however often it is sent (Art. 8.1.a)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.codes import new_code

from . import originals
from .contribution_drafts import DraftGone
from .models import Contribution, ContributionDraft


@transaction.atomic
def send(draft_id: int, *, declares: bool) -> str:
    """The receipt's code; sent again, the first one's. DraftGone when there is no draft."""
    draft = ContributionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise DraftGone
    if draft.receipt_code:
        return draft.receipt_code
    if not declares:
        raise ValidationError({"declares": _("Tick this to send the item (Art. 3.4).")})
    typed = dict(draft.typed)
    event_on = typed.pop("event_on", "")
    made = Contribution.objects.create(
        **typed,
        event_on=date.fromisoformat(event_on) if event_on else None,
        code=new_code(),
        declaration=originals.declaration(),
        declaration_version=originals.CURRENT_DECLARATION,
        sent_at=clock.now(),
    )
    draft.files.update(draft=None, contribution=made)
    # The receipt stays with the browser; what was written is kept in one place.
    draft.receipt_code, draft.typed, draft.updated_at = made.code, {}, clock.now()
    draft.save(update_fields=["receipt_code", "typed", "updated_at"])
    return made.code
