"""Kinds of files that the portal takes, and how each is told by its content."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext_lazy as _

HEAD = 1024

Mark = Callable[[IO[bytes]], bool]


class Family(models.TextChoices):
    DOCUMENT = "document", _("Document")
    IMAGE = "image", _("Picture")
    AUDIO = "audio", _("Sound")
    VIDEO = "video", _("Film")


@dataclass(frozen=True)
class FileKind:
    """One ending: its family, the types that browsers name for it, and its mark."""

    family: Family
    types: frozenset[str]
    fits: Mark


def _begins(*marks: bytes, at: int = 0) -> Mark:
    return lambda file: file.read(HEAD)[at:].startswith(marks)


def _is_pdf(file: IO[bytes]) -> bool:
    # Some scanners write a line of their own before the mark.
    return b"%PDF-" in file.read(HEAD)


def _is_webp(file: IO[bytes]) -> bool:
    head = file.read(HEAD)
    return head.startswith(b"RIFF") and head[8:12] == b"WEBP"


def _holds(*names: str) -> Mark:
    """A zip archive with these parts, and without macros."""

    def check(file: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                found = set(archive.namelist())
        except zipfile.BadZipFile:
            return False
        return found.issuperset(names) and not any("vbaProject" in name for name in found)

    return check


def _is_text(file: IO[bytes]) -> bool:
    head = file.read(HEAD)
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head


def _kind(family: Family, fits: Mark, *types: str) -> FileKind:
    return FileKind(family, frozenset(types), fits)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_MP3 = (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")
_JPEG = _kind(Family.IMAGE, _begins(b"\xff\xd8\xff"), "image/jpeg", "image/pjpeg")

KINDS = {
    "pdf": _kind(Family.DOCUMENT, _is_pdf, "application/pdf"),
    "docx": _kind(
        Family.DOCUMENT,
        _holds("[Content_Types].xml", "word/document.xml"),
        f"{_OFFICE}.wordprocessingml.document",
    ),
    "xlsx": _kind(
        Family.DOCUMENT,
        _holds("[Content_Types].xml", "xl/workbook.xml"),
        f"{_OFFICE}.spreadsheetml.sheet",
    ),
    "odt": _kind(Family.DOCUMENT, _holds("mimetype", "content.xml"), f"{_OPEN}.text"),
    "ods": _kind(Family.DOCUMENT, _holds("mimetype", "content.xml"), f"{_OPEN}.spreadsheet"),
    "csv": _kind(Family.DOCUMENT, _is_text, "text/csv", "application/vnd.ms-excel", "text/plain"),
    "vtt": _kind(Family.DOCUMENT, _begins(b"WEBVTT", b"\xef\xbb\xbfWEBVTT"), "text/vtt"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": _kind(Family.IMAGE, _begins(b"\x89PNG\r\n\x1a\n"), "image/png"),
    "webp": _kind(Family.IMAGE, _is_webp, "image/webp"),
    "mp3": _kind(Family.AUDIO, _begins(*_MP3), "audio/mpeg", "audio/mp3"),
    "m4a": _kind(
        Family.AUDIO, _begins(b"ftyp", at=4), "audio/mp4", "audio/x-m4a", "audio/m4a", "video/mp4"
    ),
    "mp4": _kind(Family.VIDEO, _begins(b"ftyp", at=4), "video/mp4", "audio/mp4"),
    "webm": _kind(Family.VIDEO, _begins(b"\x1a\x45\xdf\xa3"), "video/webm", "audio/webm"),
}


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower()


def check_content(file: UploadedFile) -> None:
    """ValidationError where the content is not what the name promises."""
    ending = ending_of(file.name)
    kind = KINDS.get(ending)
    file.seek(0)
    is_sound = kind is None or kind.fits(file)
    file.seek(0)
    if not is_sound:
        message = _(
            "The content is not that of a %(ending)s file, or it carries macros. "
            "Save it again in the program that made it."
        )
        raise ValidationError(message, params={"ending": ending.upper()})
