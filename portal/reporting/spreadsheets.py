"""Tables as CSV and XLSX files that Excel opens as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Font

# A spreadsheet would take these for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[object]


def as_cell(value: object) -> object:
    """A value as a cell: text never runs as a formula."""
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text


def csv_response(name: str, header: Row, rows: Iterable[Row]) -> HttpResponse:
    out = io.StringIO()
    # Excel reads UTF-8 by its mark and splits Vietnamese files at semicolons.
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([as_cell(cell) for cell in header])
    writer.writerows([as_cell(cell) for cell in row] for row in rows)
    return _download(out.getvalue().encode(), f"{name}.csv", "text/csv; charset=utf-8")


def xlsx_response(name: str, header: Row, rows: Iterable[Row]) -> HttpResponse:
    book = Workbook()
    sheet = book.active
    sheet.append([as_cell(cell) for cell in header])
    for row in rows:
        sheet.append([as_cell(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return _download(out.getvalue(), f"{name}.xlsx", XLSX)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
