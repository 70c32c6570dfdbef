"""What the public may upload: on the list, small enough, what it says it is, and harmless."""

from __future__ import annotations

from unicodedata import category

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from portal.text import clean

from .file_hazards import check_hazards
from .file_kinds import KINDS, Family, FileKind, check_content, ending_of

# Fewer than editors may upload: nothing that a program or a script reads, and no GIF or SVG.
ACCEPTED = ("pdf", "docx", "xlsx", "odt", "jpg", "jpeg", "png", "webp", "mp3", "m4a", "mp4", "webm")
MEGABYTE = 1024 * 1024
LARGEST_MB = {Family.DOCUMENT: 20, Family.IMAGE: 10, Family.AUDIO: 50, Family.VIDEO: 100}
LONGEST_NAME = 120
# Systems that do not know a type send these.
_UNTOLD = {"", "application/octet-stream", "binary/octet-stream"}


def limits_told(most_files: int) -> dict[str, object]:
    """What a form that takes files says of them (protection/files_field.html)."""
    return {
        "known": ", ".join(ending.upper() for ending in ACCEPTED),
        "limits": [(family.label, most) for family, most in LARGEST_MB.items()],
        "most_files": most_files,
        "accept": ",".join(f".{ending}" for ending in ACCEPTED),
    }


def name_of(file: UploadedFile) -> str:
    """The file's name in NFC, without a path, as it may be shown; its ending is kept."""
    name = clean(file.name or "").replace("\\", "/").rpartition("/")[2]
    # Line breaks, and marks that turn the direction of what follows.
    name = "".join(" " if char == "\n" else char for char in name if category(char) != "Cf").strip()
    stem, _dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if stem else name[:LONGEST_NAME]


def check(file: UploadedFile) -> FileKind:
    """The kind of a file that may be taken; ValidationError says why another may not."""
    ending = ending_of(file.name or "")
    if ending not in ACCEPTED:
        raise ValidationError(
            _("Files of this kind are not taken. Send one of these: %(known)s.")
            % {"known": ", ".join(ACCEPTED)}
        )
    kind = KINDS[ending]
    _check_size(file, kind)
    if (file.content_type or "") not in kind.types | _UNTOLD:
        raise ValidationError(
            _("The file's name says %(ending)s, but the browser says something else.")
            % {"ending": ending.upper()}
        )
    check_content(file)
    check_hazards(file, file.name)
    return kind


def _check_size(file: UploadedFile, kind: FileKind) -> None:
    if not file.size:
        raise ValidationError(_("The file is empty."))
    most = LARGEST_MB[kind.family]
    if file.size > most * MEGABYTE:
        raise ValidationError(
            _("The file is larger than %(most)d MB. Send a smaller one.") % {"most": most}
        )
