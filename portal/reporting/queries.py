"""Reading editions: what is public, and whether a file is the one we published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import QuerySet

from portal.codes import normalise

from .kinds import kind_of, public_codes
from .models import Edition, EditionState, FileKind


def published(kind: str | None = None) -> QuerySet[Edition]:
    """Public editions, newest first, without their snapshots."""
    editions = _public().defer("snapshot")
    if kind:
        editions = editions.filter(kind=kind)
    return editions.order_by("-published_at", "-pk")


def with_data(most: int = 50) -> list[Edition]:
    """The newest public editions that open their figures, each with its files."""
    rows = published().filter(files__kind=FileKind.CSV).prefetch_related("files")
    return list(rows[:most])


def published_by_code(code: str) -> Edition | None:
    """The public edition with this code, however it was typed."""
    canonical = normalise(code)
    if canonical is None:
        return None
    return _public().filter(code=canonical).first()


def is_public(edition: Edition) -> bool:
    return edition.state == EditionState.PUBLISHED and edition.kind in public_codes()


def _public() -> QuerySet[Edition]:
    """A kind that is internal, or that no room knows any more, is not public."""
    return Edition.objects.filter(state=EditionState.PUBLISHED, kind__in=public_codes())


def gives_files(edition: Edition) -> bool:
    """Whether the files of a public edition may still be handed out."""
    against = kind_of(edition.kind).against
    return against is None or not against(edition)


def correction_of(edition: Edition) -> Edition | None:
    """The newest public edition that corrects this one."""
    return published().filter(corrects=edition).first()


def is_same_file(edition: Edition, chunks: Iterable[bytes]) -> bool:
    """Whether a file, read in pieces and kept nowhere, has the published SHA-256."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest() == edition.pdf_sha256
