"""Files that go with a form being written: into quarantine, once each, out again at a wish.

A draft keeps `uploads`, how many files it ever took, `updated_at`, and `files`, rows that each
point to a `file` of the quarantine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from portal import clock

from . import quarantine, scanning
from .models import QuarantinedFile


class DraftGone(Exception):
    """The draft was given up, sent or has expired."""


@dataclass(frozen=True)
class Limits:
    """`uploads` counts the files removed again too: a form has an end."""

    files: int
    uploads: int
    refusal: str


def add(
    upload: UploadedFile, open_draft: Callable[[], models.Model], limits: Limits
) -> models.Model:
    """Take a file into quarantine and have it scanned; ValidationError says why not.

    `open_draft` gives the draft, locked, if it may be written on. The second click on the same
    upload gets the first one's row.
    """
    file = quarantine.stored(upload)
    try:
        with transaction.atomic():
            row = _attached(open_draft(), file, limits)
    except Exception:
        quarantine.drop(file)
        raise
    if row.file != file:
        quarantine.drop(file)
    return row


def _attached(draft: models.Model, file: QuarantinedFile, limits: Limits) -> models.Model:
    same = draft.files.filter(file__sha256=file.sha256, file__name=file.name)
    if found := same.select_related("file").first():
        return found
    if draft.files.count() >= limits.files or draft.uploads >= limits.uploads:
        raise ValidationError(limits.refusal % {"most": limits.files})
    file.save()
    scanning.call_for(file)
    draft.uploads, draft.updated_at = draft.uploads + 1, clock.now()
    draft.save(update_fields=["uploads", "updated_at"])
    return draft.files.create(file=file)


def discard(files: models.QuerySet) -> None:
    for row in files.select_related("file"):
        row.delete()
        quarantine.discard(row.file)
