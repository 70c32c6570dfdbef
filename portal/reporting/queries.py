"""Reading editions: what is public, and whether a file is the one we published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import QuerySet

from portal.codes import normalise

from .models import Edition, EditionState


def published(kind: str | None = None) -> QuerySet[Edition]:
    """Public editions, newest first, without their snapshots."""
    editions = Edition.objects.filter(state=EditionState.PUBLISHED).defer("snapshot")
    if kind:
        editions = editions.filter(kind=kind)
    return editions.order_by("-published_at", "-pk")


def published_by_code(code: str) -> Edition | None:
    """The public edition with this code, however it was typed."""
    canonical = normalise(code)
    if canonical is None:
        return None
    return Edition.objects.filter(state=EditionState.PUBLISHED, code=canonical).first()


def correction_of(edition: Edition) -> Edition | None:
    """The newest public edition that corrects this one."""
    return published().filter(corrects=edition).first()


def is_same_file(edition: Edition, chunks: Iterable[bytes]) -> bool:
    """Whether a file, read in pieces and kept nowhere, has the published SHA-256."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest() == edition.pdf_sha256
