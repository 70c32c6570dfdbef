"""The four formats. Each writes a table to a path and returns how many rows it wrote."""

from __future__ import annotations

import csv
import json
import unicodedata
from array import array
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils import timezone

from portal.reporting.spreadsheets import as_cell

from ..models import ExportFormat
from ..questionnaires import Labels
from .columns import FIXED, Column
from .missing import Missing
from .rows import Row, Table, cells

EXCEL_ROWS = 1_048_576
EXCEL_TEXT = 32_767
# SPSS counts bytes; a letter is never cut in two.
SPSS_LABEL = 251
SPSS_VALUE_LABEL = 120
_SPSS_FIRST_DAY = date(1582, 10, 14)
_DAY = 86_400

Writer = Callable[[Table, Path, datetime], int]


class CannotHold(Exception):
    """The format has no room for a value: nothing is ever cut off in silence."""


def write_csv(table: Table, path: Path, _made: datetime) -> int:
    # Excel reads UTF-8 by its mark and splits Vietnamese files at semicolons.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(table.header)
        count = 0
        for row in table.rows():
            writer.writerow([_plain(value) for value in cells(table, row)])
            count += 1
    return count


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else as_cell(value)


def write_xlsx(table: Table, path: Path, made: datetime) -> int:
    """Rows that one sheet cannot hold stand on further sheets, each with the heading."""
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "tmpdir": str(path.parent),
    }  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": timezone.localtime(made).replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        sheet, at, count = None, EXCEL_ROWS, 0
        for row in table.rows():
            if at == EXCEL_ROWS:
                sheet, at = _new_sheet(book, table.header, bold), 1
            for column, value in enumerate(cells(table, row)):
                _put(sheet, at, column, value)
            at, count = at + 1, count + 1
        if sheet is None:
            _new_sheet(book, table.header, bold)
    return count


def _new_sheet(book: xlsxwriter.Workbook, header: list[str], bold):
    sheet = book.add_worksheet()
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 1)
    return sheet


def _put(sheet, at: int, column: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | Decimal):
        code = sheet.write_number(at, column, float(value) if isinstance(value, Decimal) else value)
    else:
        text = value.isoformat() if isinstance(value, date) else str(value)
        code = -2 if len(text) > EXCEL_TEXT else sheet.write_string(at, column, str(as_cell(text)))
    if code:
        raise CannotHold("xlsx")


def write_jsonl(table: Table, path: Path, _made: datetime) -> int:
    """Answers as they are stored, with what was skipped and what was not shown apart."""
    text_names = {column.question for column in table.columns if column.kind == "text"}
    with path.open("w", encoding="utf-8", newline="") as file:
        count = 0
        for row in table.rows():
            file.write(json.dumps(_record(table, row, text_names), ensure_ascii=False) + "\n")
            count += 1
    return count


def _record(table: Table, row: Row, text_names: set[str]) -> dict:
    names = dict.fromkeys(c.question for c in table.columns if c.kind != "text")
    given, asked = row.answers.given, row.answers.asked
    facts = {name: _as_json(value) for name, value in row.facts.items()}
    record = {
        **facts,
        "answers": {name: given[name] for name in names if given.get(name) is not None},
        "skipped": [name for name in names if given.get(name) is None and name in asked],
        "not_shown": [name for name in names if name not in asked],
    }
    if table.with_texts:
        record["texts"] = {
            name: text for name, text in row.answers.texts.items() if name in text_names
        }
    return record


def _as_json(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def write_sav(table: Table, path: Path, made: datetime) -> int:
    """Codes are kept as small numbers until all rows are there: SPSS files are written at once."""
    import pyreadstat

    kept = _kept(table)
    count = 0
    for row in table.rows():
        for holder, value in zip(kept, cells(table, row), strict=True):
            holder.append(value)
        count += 1
    frame = _frame(table.header, kept)
    variables = {column.name: column for column in table.columns}
    pyreadstat.write_sav(
        frame,
        path,
        file_label=cut(table.survey.title, 60),
        column_labels=[_label(name, variables) for name in table.header],
        variable_value_labels={name: _value_labels(c) for name, c in variables.items() if c.values},
        missing_ranges={n: r for n, c in variables.items() if (r := Missing(c).declared)},
        variable_format={
            name: "EDATE10" for name, kind in zip(table.header, _kinds(table), strict=True)
            if kind == "date"
        },
        variable_measure={
            name: "scale" if kind == "number" else "nominal"
            for name, kind in zip(table.header, _kinds(table), strict=True)
        },
        row_compress=True,
    )  # fmt: skip
    _date_file(path, made)
    return count


_OF_FACTS = {
    "response": "number",
    "version": "code",
    "flagged": "code",
    "day": "date",
    "weight": "number",
}


def _kinds(table: Table) -> list[str]:
    facts = [_OF_FACTS.get(name, "text") for name in table.facts]
    return [*facts, *(column.kind for column in table.columns)]


class _Codes:
    """Codes of a column: two bytes each."""

    def __init__(self) -> None:
        self.values = array("h")

    def append(self, value: int) -> None:
        self.values.append(value)


class _Sizes:
    """Numbers and days; SPSS counts seconds from the first day of its calendar."""

    def __init__(self) -> None:
        self.values = array("d")

    def append(self, value: object) -> None:
        if isinstance(value, date):
            value = (value - _SPSS_FIRST_DAY).days * _DAY
        self.values.append(float("nan") if value is None else float(value))


class _Sparse(_Sizes):
    """Codes that SPSS has no room for as they are: see `Missing`."""

    def __init__(self, missing: Missing) -> None:
        super().__init__()
        self.missing = missing

    def append(self, value: int) -> None:
        super().append(self.missing.code(value))


class _Texts:
    """Texts; few different ones are kept once each."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.known: dict[str, str] = {}

    def append(self, value: object) -> None:
        text = "" if value is None else str(value)
        if len(text) > EXCEL_TEXT // 4:
            raise CannotHold("sav")
        if len(self.known) < 1_000:
            text = self.known.setdefault(text, text)
        self.values.append(text)


Holder = _Codes | _Sizes | _Texts


def _kept(table: Table) -> list[Holder]:
    classes = {"code": _Codes, "number": _Sizes, "date": _Sizes, "text": _Texts}
    facts: list[Holder] = [classes[_OF_FACTS.get(name, "text")]() for name in table.facts]
    for column in table.columns:
        missing = Missing(column) if column.kind == "code" else None
        is_plain = missing is None or not (missing.is_not_shown_empty or missing.are_moved)
        facts.append(classes[column.kind]() if is_plain else _Sparse(missing))
    return facts


def _frame(header: list[str], kept: list):
    import numpy
    import pandas

    types = {"h": numpy.int16, "d": numpy.float64}
    columns = {}
    for name, holder in zip(header, kept, strict=True):
        values = holder.values
        if isinstance(values, array):
            columns[name] = numpy.frombuffer(values, dtype=types[values.typecode])
        else:
            columns[name] = numpy.array(values, dtype=object)
    return pandas.DataFrame(columns, copy=False)


def cut(text: str, most: int) -> str:
    """The text in at most so many bytes of UTF-8, cut between letters and never inside one."""
    text = unicodedata.normalize("NFC", text)
    raw = text.encode()
    if len(raw) <= most:
        return text
    kept = raw[: most - 3].decode(errors="ignore")
    # A mark that has no letter of its own with its base goes together with it.
    if unicodedata.combining(text[len(kept)]):
        kept = kept.rstrip("".join({one for one in kept if unicodedata.combining(one)}))[:-1]
    return kept.rstrip() + "…"


def _label(name: str, variables: dict[str, Column]) -> str:
    labels: Labels = variables[name].labels if name in variables else FIXED[name]
    return cut(labels["vi"], SPSS_LABEL)


def _value_labels(column: Column) -> dict[int, str]:
    in_sav = Missing(column)
    return {
        told: cut(labels["vi"], SPSS_VALUE_LABEL)
        for code, labels in column.values.items()
        if (told := in_sav.code(code)) is not None
    }


def _date_file(path: Path, made: datetime) -> None:
    """The head of the file says when it was ordered: made again, it is the same."""
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
    day = timezone.localtime(made)
    stamp = f"{day.day:02d} {months[day.month - 1]} {day:%y}{day:%H:%M:%S}"
    with path.open("r+b") as file:
        file.seek(92)
        file.write(stamp.encode("ascii"))


WRITERS: dict[str, Writer] = {
    ExportFormat.CSV: write_csv,
    ExportFormat.XLSX: write_xlsx,
    ExportFormat.SAV: write_sav,
    ExportFormat.JSONL: write_jsonl,
}
