"""Reading a handed-in table, CSV or XLSX, as rows of text and dates; hostile files are refused."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from portal.text import clean

MOST_ROWS = 5_000
LARGEST_FILE = 10 * 1024 * 1024
# Five thousand rows of prose unpack to some ten megabytes.
LARGEST_UNPACKED = 40 * 1024 * 1024
# Empty lines count too, and no table of documents is wider.
MOST_LINES = 20_000
MOST_COLUMNS = 200
EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
LONGEST_CELL = 4_000

Cell = str | date


@dataclass(frozen=True)
class Row:
    """One line as the sender counts them: the header is line 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    header: list[str]
    rows: list[Row]
    header_row: int = 1


def read_table(name: str, content: bytes) -> Table:
    """Header and filled rows; ValidationError says what is wrong with the file."""
    if len(content) > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 10 MB. Split it into several."))
    lines = _xlsx_lines(content) if content.startswith(b"PK") else _csv_lines(name, content)
    header: list[str] = []
    header_row = 1
    rows: list[Row] = []
    for number, cells in lines:
        if number > MOST_LINES or len(cells) > MOST_COLUMNS:
            raise ValidationError(_("The table has too many empty lines or columns. Clear them."))
        if not any(cells):
            continue
        if not header:
            header, header_row = [str(cell) for cell in cells], number
        elif len(rows) == MOST_ROWS:
            message = _("The table has more than %(most)s rows. Split it into several files.")
            raise ValidationError(message % {"most": MOST_ROWS})
        else:
            rows.append(Row(number, cells))
    if not rows:
        raise ValidationError(_("The table is empty: it needs a header and at least one row."))
    return Table(header, rows, header_row)


def _csv_lines(name: str, content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    if not name.lower().endswith((".csv", ".txt")):
        raise ValidationError(_("Only CSV and XLSX files can be read."))
    marks_utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if marks_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("The file is not in Unicode. In Excel choose “CSV UTF-8”, or send the XLSX file.")
        ) from error
    first = text.lstrip().split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        # A cell may hold line breaks: rows are counted, as a spreadsheet counts them.
        for number, cells in enumerate(reader, start=1):
            if number == 1 and re.fullmatch("sep=[;,\t]?", "".join(cells).strip(), re.IGNORECASE):
                # Excel's own word about the separator.
                continue
            yield number, [clean(cell)[:LONGEST_CELL] for cell in cells]
    except csv.Error as error:
        message = _("Line %(line)s of the file cannot be read.")
        raise ValidationError(message % {"line": reader.line_num}) from error


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    refused = ValidationError(_("The file is not a sound XLSX workbook."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED:
                raise refused
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # What the sheet claims of its own size may be a lie of a million empty rows.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in cells]
    except ValidationError:
        raise
    # openpyxl lets errors of zip, XML and its own through; each means the same to the sender.
    except Exception as error:
        raise refused from error


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else clean(str(value))[:LONGEST_CELL]
