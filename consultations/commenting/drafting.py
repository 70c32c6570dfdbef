"""An opinion being written: begun, saved, files added and removed, given up.

Every path that writes asks the window first: after the closing nothing is added to a draft,
and what it holds stays with its writer until it expires.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.protection import form_tokens, quarantine, scanning
from portal.protection.draft_keys import hash_of, key_of
from portal.protection.models import QuarantinedFile
from portal.rules.values import value

from .. import window
from ..models import OpinionDraft, OpinionFile
from .subjects import Subject

# Of the form that begins an opinion; its token is spent when the draft begins.
PURPOSE = "consultations.opinion"
MOST_FILES = 5
# With the files removed again: a form has an end.
MOST_UPLOADS = 20
Typed = dict[str, object]


class DraftGone(Exception):
    """The draft was given up, sent or has expired."""


@transaction.atomic
def start(token: uuid.UUID, subject: Subject, typed: Typed) -> tuple[str, OpinionDraft]:
    """Begin an opinion, once a form; the second click gets the first one's draft."""
    held = window.require_open(subject.consultation.pk)
    key = key_of(PURPOSE, token)
    try:
        form_tokens.spend(token, PURPOSE, "")
    except form_tokens.AlreadySpent:
        draft = resume(key)
        if draft is None or draft.consultation_id != subject.consultation.pk:
            raise
        return key, draft
    draft = OpinionDraft.objects.create(
        key_hash=hash_of(key),
        token=token,
        consultation=subject.consultation,
        text_version=subject.text,
        provision=subject.provision,
        typed=typed,
        updated_at=held.now,
    )
    return key, draft


def resume(key: str) -> OpinionDraft | None:
    """The draft of this key, if it has not expired."""
    if not key:
        return None
    rows = OpinionDraft.objects.filter(updated_at__gte=_oldest(), key_hash=hash_of(key))
    return rows.select_related("consultation", "text_version", "provision__text_version").first()


@transaction.atomic
def save(draft_id: int, typed: Typed) -> None:
    draft = open_draft(draft_id)
    draft.typed, draft.updated_at = typed, clock.now()
    draft.save(update_fields=["typed", "updated_at"])


def add_file(draft_id: int, upload: UploadedFile) -> OpinionFile:
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
def _attach(draft_id: int, file: QuarantinedFile) -> OpinionFile:
    """The second click on the same upload gets the first one's row."""
    draft = open_draft(draft_id)
    same = draft.files.filter(file__sha256=file.sha256, file__name=file.name)
    if found := same.select_related("file").first():
        return found
    if draft.files.count() >= MOST_FILES or draft.uploads >= MOST_UPLOADS:
        raise ValidationError(
            _("At most %(most)d files go with an opinion.") % {"most": MOST_FILES}
        )
    file.save()
    scanning.call_for(file)
    draft.uploads, draft.updated_at = draft.uploads + 1, clock.now()
    draft.save(update_fields=["uploads", "updated_at"])
    return OpinionFile.objects.create(draft=draft, file=file)


@transaction.atomic
def remove_file(draft_id: int, file_id: int) -> None:
    draft = open_draft(draft_id)
    _discard(draft.files.filter(pk=file_id))


@transaction.atomic
def give_up(draft_id: int) -> None:
    """Delete an opinion that was not sent, with its files; never asks the window."""
    draft = OpinionDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft:
        _discard(draft.files)
        draft.delete()


def purge() -> int:
    """Nightly chore: delete drafts that nobody touched for longer than they are kept."""
    old = OpinionDraft.objects.filter(updated_at__lt=_oldest()).values_list("pk", flat=True)
    for draft_id in list(old):
        give_up(draft_id)
    return len(old)


def open_draft(draft_id: int) -> OpinionDraft:
    """The draft, locked, while opinions are taken; DraftGone where there is nothing to write on."""
    draft = locked(draft_id)
    window.require_open(draft.consultation_id)
    return draft


def locked(draft_id: int) -> OpinionDraft:
    draft = OpinionDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None or draft.receipt_code:
        raise DraftGone
    return draft


def _discard(files: QuerySet[OpinionFile]) -> None:
    for row in files.select_related("file"):
        row.delete()
        quarantine.discard(row.file)


def _oldest() -> datetime:
    return clock.now() - timedelta(days=value("consultation.draft_days").integer)
