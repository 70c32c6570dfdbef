"""Where uploads of the public wait: outside the media, under random names, served by nobody.

How each failure ends:
- the sender hangs up or the disk is full: no file and no row;
- the transaction of the upload fails: the file has no row and is swept away at night;
- a row is discarded or emptied and the process dies: the same.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock

from . import uploads
from .file_kinds import ending_of
from .models import QuarantinedFile

ORPHAN_AGE = timedelta(days=1)
# The quarantine never takes the last of the disk from the database beside it.
LEAST_FREE = 512 * 1024**2


def path_of(key: str) -> Path:
    return Path(settings.QUARANTINE_DIR) / key


def stored(upload: UploadedFile) -> QuarantinedFile:
    """Check an upload and write it down; its row is not saved yet.

    Apart from the row, because on SQLite nobody else writes while a transaction does.
    """
    kind = uploads.check(upload)
    key = secrets.token_hex(16)
    sha256, size = _written(key, upload)
    name = uploads.name_of(upload)
    return QuarantinedFile(
        key=key,
        name=name,
        ending=ending_of(name),
        family=kind.family,
        size=size,
        sha256=sha256,
        received_at=clock.now(),
    )


def take_in(upload: UploadedFile) -> QuarantinedFile:
    """Check an upload and keep it; ValidationError leaves nothing behind."""
    file = stored(upload)
    file.save()
    return file


def drop(file: QuarantinedFile) -> None:
    """Remove what was stored and has no row."""
    path_of(file.key).unlink(missing_ok=True)


@contextmanager
def opened(file: QuarantinedFile) -> Iterator[IO[bytes]]:
    with path_of(file.key).open("rb") as content:
        yield content


def replace(file: QuarantinedFile, content: bytes) -> tuple[str, int]:
    """Put other content in the file's place, whole or not at all; its hash and size."""
    fresh = f"{file.key}.new"
    path_of(fresh).unlink(missing_ok=True)
    told = _written(fresh, [content])
    path_of(fresh).rename(path_of(file.key))
    return told


def discard(file: QuarantinedFile) -> None:
    """Forget the file; its content goes once the row is gone for good."""
    file.delete()
    transaction.on_commit(partial(path_of(file.key).unlink, missing_ok=True))


def empty(file: QuarantinedFile) -> None:
    """Keep the row as the record of what was sent, without its content."""
    file.emptied_at = clock.now()
    file.save(update_fields=["emptied_at"])
    transaction.on_commit(partial(path_of(file.key).unlink, missing_ok=True))


def sweep() -> int:
    """Nightly chore: remove files that no row knows."""
    folder = Path(settings.QUARANTINE_DIR)
    if not folder.is_dir():
        return 0
    filled = QuarantinedFile.objects.filter(emptied_at=None)
    known = set(filled.values_list("key", flat=True))
    oldest = (clock.now() - ORPHAN_AGE).timestamp()
    lost = [
        found
        for found in folder.iterdir()
        if found.name not in known and found.stat().st_mtime < oldest
    ]
    for found in lost:
        found.unlink(missing_ok=True)
    return len(lost)


def _written(key: str, content: UploadedFile | list[bytes]) -> tuple[str, int]:
    """Write a new file that only this account reads; its hash and size."""
    path = path_of(key)
    pieces = content.chunks() if isinstance(content, UploadedFile) else content
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(path.parent).free < LEAST_FREE:
            raise OSError("no room")
        mark, size = hashlib.sha256(), 0
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            for piece in pieces:
                out.write(piece)
                mark.update(piece)
                size += len(piece)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise ValidationError(
            _("The portal has no room for files at the moment. Please try again later.")
        ) from None
    return mark.hexdigest(), size
