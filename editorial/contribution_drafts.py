"""An item of the public being written: begun, saved, files added and removed, given up."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.protection import draft_files, form_tokens
from portal.protection.draft_files import DraftGone
from portal.protection.draft_keys import hash_of, key_of
from portal.rules.values import value

from .models import ContributionDraft, ContributionFile

# Of the form that begins an item; its token is spent when the draft begins (decision 0015).
PURPOSE = "editorial.contribution"
MOST_FILES = 10
MOST_UPLOADS = 40


@transaction.atomic
def start(token: uuid.UUID, typed: dict[str, str]) -> tuple[str, ContributionDraft]:
    """Begin an item, once a form; the second click gets the first one's draft."""
    now, key = clock.now(), key_of(PURPOSE, token)
    try:
        form_tokens.spend(token, PURPOSE, "")
    except form_tokens.AlreadySpent:
        draft = resume(key)
        if draft is None:
            raise
        return key, draft
    draft = ContributionDraft.objects.create(
        key_hash=hash_of(key), token=token, typed=typed, started_at=now, updated_at=now
    )
    return key, draft


def resume(key: str) -> ContributionDraft | None:
    """The draft of this key, if it has not expired."""
    if not key:
        return None
    rows = ContributionDraft.objects.filter(updated_at__gte=_oldest())
    return rows.filter(key_hash=hash_of(key)).first()


@transaction.atomic
def save(draft_id: int, typed: dict[str, str]) -> None:
    draft = open_draft(draft_id)
    draft.typed, draft.updated_at = typed, clock.now()
    draft.save(update_fields=["typed", "updated_at"])


def add_file(draft_id: int, upload: UploadedFile) -> ContributionFile:
    """Take a file with the item; ValidationError says why not."""
    refusal = _("At most %(most)d files go with an item.")
    limits = draft_files.Limits(MOST_FILES, MOST_UPLOADS, refusal)
    return draft_files.add(upload, lambda: open_draft(draft_id), limits)


@transaction.atomic
def remove_file(draft_id: int, file_id: int) -> None:
    draft = open_draft(draft_id)
    draft_files.discard(draft.files.filter(pk=file_id))


@transaction.atomic
def give_up(draft_id: int) -> None:
    """Delete an item that was not sent, with its files, at its writer's wish."""
    draft = ContributionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft:
        draft_files.discard(draft.files)
        draft.delete()


def purge() -> int:
    """Nightly chore: delete drafts that nobody touched for longer than they are kept."""
    old = ContributionDraft.objects.filter(updated_at__lt=_oldest()).values_list("pk", flat=True)
    for draft_id in list(old):
        give_up(draft_id)
    return len(old)


def open_draft(draft_id: int) -> ContributionDraft:
    """The draft, locked; DraftGone when there is nothing left to write on."""
    draft = ContributionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or draft.receipt_code:
        raise DraftGone
    return draft


def _oldest() -> datetime:
    return clock.now() - timedelta(days=value("contribution.draft_days").integer)
