"""A handed-in list of addresses as lines of cells; a hostile file is refused."""

from __future__ import annotations

import io

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from portal.protection.file_hazards import check_hazards

from .invitations import MOST_ADDRESSES, as_lines

MOST_COLUMNS = 50


def lines_of(file: UploadedFile | None, text: str) -> list[list[str]]:
    """The file's lines, else those of the pasted text."""
    if file is None:
        return as_lines(text)
    content = file.read()
    return _of_workbook(content) if content.startswith(b"PK") else as_lines(_decoded(content))


def _decoded(content: bytes) -> str:
    has_mark = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if has_mark else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("The file is not in Unicode. In Excel choose “CSV UTF-8”, or send the XLSX file.")
        ) from None


def _of_workbook(content: bytes) -> list[list[str]]:
    check_hazards(io.BytesIO(content), "list.xlsx")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # What the sheet claims of its own size may be a lie of a million empty rows.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=MOST_ADDRESSES + 1)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    # openpyxl lets errors of zip, XML and its own through; each means the same to the sender.
    except Exception as error:
        raise ValidationError(_("The file is not a sound XLSX workbook.")) from error
