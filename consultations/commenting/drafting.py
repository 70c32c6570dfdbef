"""An opinion being written: begun, saved, files added and removed, given up.

Every path that writes asks the window first: after the closing nothing is added to a draft,
and what it holds stays with its writer until it expires.
"""

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

from .. import window
from ..models import OpinionDraft, OpinionFile
from .subjects import Subject

# Of the form that begins an opinion; its token is spent when the draft begins.
PURPOSE = "consultations.opinion"
MOST_FILES = 5
MOST_UPLOADS = 20
Typed = dict[str, object]


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
    """Take a file with the opinion; ValidationError says why not."""
    refusal = _("At most %(most)d files go with an opinion.")
    limits = draft_files.Limits(MOST_FILES, MOST_UPLOADS, refusal)
    return draft_files.add(upload, lambda: open_draft(draft_id), limits)


@transaction.atomic
def remove_file(draft_id: int, file_id: int) -> None:
    draft = open_draft(draft_id)
    draft_files.discard(draft.files.filter(pk=file_id))


@transaction.atomic
def give_up(draft_id: int) -> None:
    """Delete an opinion that was not sent, with its files; never asks the window."""
    draft = OpinionDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft:
        draft_files.discard(draft.files)
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


def _oldest() -> datetime:
    return clock.now() - timedelta(days=value("consultation.draft_days").integer)
