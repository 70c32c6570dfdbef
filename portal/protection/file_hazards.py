"""What a well-formed file can still do: run something, fetch something, swell up.

Each check reads what it needs and nothing is unpacked to disk. It knows the carriers that
an office meets; the virus scanner comes after it, not instead of it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from defusedxml import DefusedXmlException, ElementTree
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image as Picture
from PIL import UnidentifiedImageError

from .file_kinds import ending_of

MOST_MEMBERS = 1000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
# Below this a high ratio is only repetitive text.
SMALL = 10 * 1024 * 1024
LARGEST_LINKS = 1024 * 1024
PIECE = 64 * 1024
MOST_PIXELS = 50_000_000

_ACTIVE = re.compile(
    r"vbaProject|vbaData|activeX|\.bin$|\.(exe|dll|js|vbs|jar|zip|rar|7z|docm|xlsm|pptm)$"
    r"|^(Basic|Scripts)/",
    re.IGNORECASE,
)
# What a spreadsheet keeps in .bin parts of its own, and does not run.
_HARMLESS_BIN = re.compile(r"(printerSettings|/media/|customProperty)", re.IGNORECASE)


def check_hazards(file: IO[bytes], name: str) -> None:
    """ValidationError that says what the file carries and how to send it instead."""
    check = _CHECKS.get(ending_of(name))
    if check:
        file.seek(0)
        check(file)
        file.seek(0)


def _check_package(file: IO[bytes]) -> None:
    """Word, Excel and OpenDocument are zip archives of parts."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_bomb(members)
            if any(_is_active(member.filename) for member in members):
                raise ValidationError(
                    _("The file carries macros or embedded objects. Save it as PDF and send that.")
                )
            for member in members:
                if member.filename.endswith(".rels"):
                    _refuse_outside_parts(archive, member)
            _refuse_macro_types(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError):
        raise ValidationError(
            _("The file is damaged or locked by a password. Save it again without one.")
        ) from None


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    swells = unpacked > SMALL and unpacked / packed > MOST_RATIO
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or swells:
        raise ValidationError(
            _("Unpacked, the file is far too large. Save it as PDF and send that.")
        )


def _is_active(name: str) -> bool:
    return bool(_ACTIVE.search(name)) and not (name.endswith(".bin") and _HARMLESS_BIN.search(name))


def _refuse_outside_parts(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Links in the text are a reader's choice; a template or picture elsewhere is fetched."""
    for link in _parsed(archive, member):
        is_outside = link.get("TargetMode", "").lower() == "external"
        if is_outside and not link.get("Type", "").endswith("/hyperlink"):
            raise ValidationError(
                _(
                    "The file fetches a template or a picture from elsewhere. "
                    "Save it as PDF and send that."
                )
            )


def _refuse_macro_types(archive: zipfile.ZipFile) -> None:
    if "[Content_Types].xml" not in archive.namelist():
        return
    for part in _parsed(archive, archive.getinfo("[Content_Types].xml")):
        if "macroenabled" in part.get("ContentType", "").lower():
            raise ValidationError(
                _("The file carries macros or embedded objects. Save it as PDF and send that.")
            )


def _parsed(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> ElementTree:
    if member.file_size > LARGEST_LINKS:
        raise zipfile.BadZipFile
    try:
        return ElementTree.fromstring(archive.read(member))
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        raise zipfile.BadZipFile from None


def _pdf_name(name: str) -> bytes:
    """A PDF name, each letter as itself or as #xx."""
    letters = "".join(f"(?:{letter}|#{ord(letter):02x})" for letter in name)
    return f"/{letters}".encode()


_PDF_ACTS = re.compile(
    b"|".join(_pdf_name(name) for name in ("JavaScript", "Launch", "EmbeddedFile", "RichMedia")),
    re.IGNORECASE,
)
_PDF_LOCKED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
_PDF_PACKED = re.compile(rb"/ObjStm")
_STREAM = re.compile(rb"stream\r?\n")
# From the dictionary that says "object stream" to where the stream begins.
_DICTIONARY = 2048


def _check_pdf(file: IO[bytes]) -> None:
    content = file.read()
    if _PDF_LOCKED.search(content):
        raise ValidationError(_("The PDF is locked. Save it without a password and send it again."))
    parts = [content, *_object_streams(content)]
    if any(_PDF_ACTS.search(part) for part in parts):
        raise ValidationError(
            _(
                "The PDF runs scripts, starts programs or carries other files. "
                "Print it to a new PDF and send that."
            )
        )


def _object_streams(content: bytes) -> list[bytes]:
    """Objects may stand compressed: they are unpacked, within a limit, and looked at too."""
    found, left = [], MOST_UNPACKED
    for mark in _PDF_PACKED.finditer(content):
        begins = _STREAM.search(content, mark.end(), mark.end() + _DICTIONARY)
        if begins is None:
            continue
        try:
            unpacked = _unpacked(content, begins.end(), left)
        except zlib.error:
            raise ValidationError(
                _("The PDF is packed in an unusual way. Print it to a new PDF and send that.")
            ) from None
        left -= len(unpacked)
        if left <= 0:
            raise ValidationError(
                _("Unpacked, the file is far too large. Save it as PDF and send that.")
            )
        found.append(unpacked)
    return found


def _unpacked(content: bytes, start: int, most: int) -> bytes:
    """What a stream holds, read piece by piece: what follows it is not copied each time."""
    stream, found = zlib.decompressobj(), b""
    while not stream.eof and start < len(content) and len(found) < most:
        found += stream.decompress(content[start : start + PIECE], most - len(found))
        start += PIECE
        while stream.unconsumed_tail and len(found) < most:
            found += stream.decompress(stream.unconsumed_tail, most - len(found))
    return found


def _check_picture(file: IO[bytes]) -> None:
    """By the head alone: it is decoded later, apart from the request."""
    try:
        picture = Picture.open(file)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ValidationError(
            _("The picture cannot be read to its end. Open it on your computer and save it anew.")
        ) from None
    except Picture.DecompressionBombError:
        picture = None
    if picture is not None and picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise ValidationError(_("Moving pictures are not taken: send a still one, or a film."))
    if picture is None or picture.width * picture.height > MOST_PIXELS:
        raise ValidationError(
            _("The picture has more than 50 million pixels. Make it smaller and send it again.")
        )


_CHECKS: dict[str, Callable[[IO[bytes]], None]] = {
    "pdf": _check_pdf,
    **dict.fromkeys(("docx", "xlsx", "odt", "ods"), _check_package),
    **dict.fromkeys(("jpg", "jpeg", "png", "webp"), _check_picture),
}
