"""An item of the public being written: begun, saved, files added and removed, given up."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.protection import form_tokens, quarantine, scanning
from portal.protection.draft_keys import hash_of, key_of
from portal.protection.models import QuarantinedFile
from portal.rules.values import value

from .models import ContributionDraft, ContributionFile

# Of the form that begins an item; its token is spent when the draft begins (decision 0015).
PURPOSE = "editorial.contribution"
MOST_FILES = 10
# With the files removed again: a form has an end.
MOST_UPLOADS = 40


class DraftGone(Exception):
    """The draft was given up, sent or has expired."""


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
    """Take a file into quarantine and have it scanned; ValidationError says why not."""
    file = quarantine.stored(upload)
    try:
        row = _attach(draft_id, file)
    except Exception:
        quarantine.drop(file)
        raise
    if row.file != file:
        quarantine.drop(file)
    return row


@transaction.atomic
def _attach(draft_id: int, file: QuarantinedFile) -> ContributionFile:
    """The second click on the same upload gets the first one's row."""
    draft = open_draft(draft_id)
    same = draft.files.filter(file__sha256=file.sha256, file__name=file.name)
    if found := same.select_related("file").first():
        return found
    if draft.files.count() >= MOST_FILES or draft.uploads >= MOST_UPLOADS:
        raise ValidationError(_("At most %(most)d files go with an item.") % {"most": MOST_FILES})
    file.save()
    scanning.call_for(file)
    draft.uploads, draft.updated_at = draft.uploads + 1, clock.now()
    draft.save(update_fields=["uploads", "updated_at"])
    return ContributionFile.objects.create(draft=draft, file=file)


@transaction.atomic
def remove_file(draft_id: int, file_id: int) -> None:
    draft = open_draft(draft_id)
    _discard(draft.files.filter(pk=file_id))


@transaction.atomic
def give_up(draft_id: int) -> None:
    """Delete an item that was not sent, with its files, at its writer's wish."""
    draft = ContributionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft:
        _discard(draft.files)
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


def _discard(files) -> None:
    for row in files.select_related("file"):
        row.delete()
        quarantine.discard(row.file)


def _oldest():
    return clock.now() - timedelta(days=value("contribution.draft_days").integer)
