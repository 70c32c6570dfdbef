"""What editors upload: a file is what its name says it is."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

HEAD = 1024


def _begins(*marks: bytes, at: int = 0) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(HEAD)[at:].startswith(marks)


def _is_pdf(file: IO[bytes]) -> bool:
    # Some scanners write a line of their own before the mark.
    return b"%PDF-" in file.read(HEAD)


def _holds(*names: str) -> Callable[[IO[bytes]], bool]:
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


_IS = {
    "pdf": _is_pdf,
    "docx": _holds("[Content_Types].xml", "word/document.xml"),
    "xlsx": _holds("[Content_Types].xml", "xl/workbook.xml"),
    "odt": _holds("mimetype", "content.xml"),
    "ods": _holds("mimetype", "content.xml"),
    "csv": _is_text,
    "vtt": _begins(b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
    "mp3": _begins(b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2"),
    "m4a": _begins(b"ftyp", at=4),
    "mp4": _begins(b"ftyp", at=4),
    "webm": _begins(b"\x1a\x45\xdf\xa3"),
}


def check_content(file: UploadedFile) -> None:
    """ValidationError where the content is not what the name promises."""
    ending = file.name.rpartition(".")[2].lower()
    fits = _IS.get(ending)
    file.seek(0)
    is_sound = fits is None or fits(file)
    file.seek(0)
    if not is_sound:
        message = _(
            "The content is not that of a %(ending)s file, or it carries macros. "
            "Save it again in the program that made it."
        )
        raise ValidationError(message, params={"ending": ending.upper()})


class DocumentForm(BaseDocumentForm):
    """Wagtail's form, with a look at the content."""

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            check_content(file)
        return file
