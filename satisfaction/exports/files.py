"""Where exports lie: a folder that no web server serves, under random names."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from portal import clock

from ..models import DataExport

DICTIONARY = "dictionary.csv"
ORPHAN_AGE = timedelta(days=1)
# The exports never take the last of the disk from the database beside them.
LEAST_FREE = 512 * 1024**2


class NoRoom(Exception):
    """The disk is nearly full."""


def path_of(export: DataExport, ending: str = "") -> Path:
    return Path(settings.EXPORTS_DIR) / f"{export.key}.{ending or export.format}"


def made_whole(path: Path, write: Callable[[Path], int]) -> tuple[int, str, int]:
    """Write a file whole or not at all; its rows, SHA-256 and size as they lie on the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < LEAST_FREE:
        raise NoRoom
    part = path.with_name(f"{uuid.uuid4().hex}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        rows = write(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = part.stat().st_size
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows, digest, size


def erase(export: DataExport) -> None:
    for ending in (export.format, DICTIONARY):
        path_of(export, ending).unlink(missing_ok=True)


def sweep() -> int:
    """Remove files that no export knows: parts of killed workers, rolled back orders."""
    folder = Path(settings.EXPORTS_DIR)
    if not folder.is_dir():
        return 0
    known = set(DataExport.objects.values_list("key", flat=True))
    oldest = (clock.now() - ORPHAN_AGE).timestamp()
    lost = [
        found
        for found in folder.iterdir()
        if found.name.split(".")[0] not in known and found.stat().st_mtime < oldest
    ]
    for found in lost:
        found.unlink(missing_ok=True)
    return len(lost)
