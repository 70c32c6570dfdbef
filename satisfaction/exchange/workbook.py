"""Sheets of a handed-in workbook as text; what could harm or mislead is refused with its place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from portal.protection import uploads
from portal.text import clean

from .report import UnreadableFile

LARGEST_FILE = 5 * 1024 * 1024
# Three thousand questions with their words unpack to a few megabytes.
LARGEST_UNPACKED = 30 * 1024 * 1024
MOST_ROWS = 3_000
MOST_COLUMNS = 200
MOST_SHEETS = 30
LONGEST_CELL = 5_000
# Pasted along with words, never seen, and never part of them: a mark of byte order, joints.
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")


@dataclass(frozen=True)
class Row:
    """Filled cells by their header; `number` as the spreadsheet counts, the header is row 1."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True)
class Sheet:
    name: str
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def read_workbook(content: bytes, wanted: frozenset[str]) -> dict[str, Sheet]:
    """The wanted sheets by their name in small letters."""
    _refuse_hazards(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        return {
            sheet.title.strip().casefold(): _read(sheet)
            for sheet in book.worksheets[:MOST_SHEETS]
            if sheet.title.strip().casefold() in wanted
        }
    except UnreadableFile:
        raise
    # openpyxl lets errors of zip, XML and its own through; each means the same to the sender.
    except Exception as error:
        raise UnreadableFile(_broken()) from error


def _broken() -> str:
    return _(
        "The file is not a sound XLSX workbook. "
        "Open it in the program that made it and save it anew."
    )


def _refuse_hazards(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(_("The file is larger than %(most)d MB.") % {"most": 5})
    try:
        uploads.check(SimpleUploadedFile("bang-hoi.xlsx", content, ""))
    except ValidationError as error:
        raise UnreadableFile(" ".join(error.messages)) from error
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > LARGEST_UNPACKED:
            raise UnreadableFile(_("Unpacked, the file is far too large for a questionnaire."))
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                _refuse_entities(archive, member)


def _refuse_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """XML of a workbook declares no types and no entities; a bomb does."""
    try:
        with archive.open(member) as part:
            defusedxml.sax.parse(part, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException as error:
        message = _("The file declares XML entities: no spreadsheet program does that.")
        raise UnreadableFile(message, member.filename[-60:]) from error
    except (SAXException, zipfile.BadZipFile, ValueError, EOFError) as error:
        raise UnreadableFile(_broken(), member.filename[-60:]) from error


def _read(sheet) -> Sheet:
    # What the sheet claims of its own size may be a lie of a million empty rows.
    sheet.reset_dimensions()
    header: list[str] = []
    rows: list[Row] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > MOST_ROWS:
            message = _("The sheet has more than %(most)d rows, empty ones included.")
            raise UnreadableFile(message % {"most": MOST_ROWS}, sheet.title, number)
        texts = list(_texts(sheet.title, number, cells))
        if not any(texts):
            continue
        if not header:
            header = texts
            continue
        filled = dict(_under(header, texts, sheet.title, number))
        if filled:
            rows.append(Row(number, filled))
    return Sheet(sheet.title, header, rows)


def _under(header: list[str], texts: list[str], sheet: str, number: int) -> Iterator[tuple]:
    for at, text in enumerate(texts):
        if not text:
            continue
        if at >= len(header) or not header[at]:
            where = f"{get_column_letter(at + 1)}{number}"
            message = _("Cell %(cell)s stands under no heading.") % {"cell": where}
            raise UnreadableFile(message, sheet, number)
        yield header[at], text


def _texts(sheet: str, number: int, cells: tuple) -> Iterator[str]:
    if len(cells) > MOST_COLUMNS:
        message = _("The sheet has more than %(most)d columns.") % {"most": MOST_COLUMNS}
        raise UnreadableFile(message, sheet, number)
    for at, cell in enumerate(cells, start=1):
        where = {"cell": f"{get_column_letter(at)}{number}"}
        kind = getattr(cell, "data_type", "n")
        if kind == "f":
            message = _("Cell %(cell)s holds a formula. Put its value in its place.") % where
            raise UnreadableFile(message, sheet, number)
        if kind == "e":
            message = _("Cell %(cell)s holds an error of the spreadsheet.") % where
            raise UnreadableFile(message, sheet, number)
        text = _text(cell.value)
        if len(text) > LONGEST_CELL:
            told = {**where, "most": LONGEST_CELL}
            message = _("Cell %(cell)s holds more than %(most)d characters.") % told
            raise UnreadableFile(message, sheet, number)
        yield text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(_UNSEEN.sub("", str(value)))
