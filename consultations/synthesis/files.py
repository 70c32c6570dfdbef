"""The published table as files: DOCX and XLSX made in the queue, CSV and JSON as they are asked."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from portal.outbox.models import OutboxRow
from portal.reporting.formats import number
from portal.reporting.spreadsheets import as_cell
from site_pages.open_data import LICENCE

from ..models import Publication, RespondentKind
from . import docx_table, report
from .taken_back import taken_back

COLUMNS = [
    ("tt", "Số thứ tự trong bảng"),
    ("dieu_khoan", "Điều khoản của dự thảo; trống: ý kiến chung"),
    ("noi_dung_gop_y", "Nội dung góp ý"),
    ("ket_qua", "accepted: tiếp thu; partly: tiếp thu một phần; explained: giải trình"),
    ("tra_loi", "Nội dung tiếp thu, giải trình và lý do"),
    ("noi_sua", "Nơi được sửa trong văn bản"),
    ("so_y_kien", "Số ý kiến"),
    ("so_nguoi", "Số người gửi"),
    ("so_van_ban", "Số văn bản khác nhau"),
    ("ca_nhan", "Số ý kiến của cá nhân"),
    ("doanh_nghiep", "Số ý kiến của doanh nghiệp"),
    ("to_chuc", "Số ý kiến của tổ chức"),
    ("co_quan", "Số ý kiến của cơ quan nhà nước"),
    ("ten", "Tên cơ quan, tổ chức"),
]
AGREE = "cơ quan nhà nước được hỏi nhất trí với dự thảo, không có ý kiến khác"
_WIDTHS = [6, 24, 60, 12, 60, 26, 9, 9, 9, 9, 9, 9, 9, 40]


def make(effect: OutboxRow) -> None:
    """Outbox handler: DOCX and XLSX of a publication; run again it leaves them as they are."""
    publication = Publication.objects.get(pk=effect.payload["publication_id"])
    figures = report.snapshot_of(publication)
    stem = f"{publication.consultation.code}-{publication.number}"
    if not publication.docx:
        content = docx_table.to_docx(figures, sentences(figures))
        publication.docx.save(f"{stem}.docx", ContentFile(content), save=False)
        publication.save(update_fields=["docx"])
    if not publication.xlsx:
        publication.xlsx.save(f"{stem}.xlsx", ContentFile(to_xlsx(figures)), save=False)
        publication.save(update_fields=["xlsx"])


def sentences(figures: dict) -> list[str]:
    """The figures in words."""
    counts = figures["counts"]
    kinds = ", ".join(
        f"{report.KINDS[kind].lower()}: {number(n)}" for kind, n in counts["kinds"].items()
    )
    told = [
        f"Tổng số ý kiến tiếp nhận: {number(counts['received'])} ({kinds}); "
        f"số người gửi: {number(counts['people'])}.",
        f"Số ý kiến được trả lời trong bảng: {number(counts['in_rows'])}.",
    ]
    if "agree" in counts:
        told.append(f"Ngoài ra có {number(counts['agree'])} {AGREE}.")
    for code, n in counts["left_out"].items():
        told.append(f"{report.LEFT_OUT[code]}: {number(n)} ý kiến.")
    return told


def cells(row: dict) -> list[object]:
    kinds = [row["kinds"].get(kind, 0) for kind in RespondentKind.values]
    return [
        row["n"],
        row["place"],
        row["summary"],
        row["result"],
        row["reasons"],
        row["changed_where"],
        row["opinions"],
        row["people"],
        row["texts"],
        *kinds,
        "; ".join(row["names"]),
    ]


def to_xlsx(figures: dict) -> bytes:
    """Two sheets: the table, and the figures of the whole."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Bảng tổng hợp")
    sheet.freeze_panes = "A2"
    for at, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + at)].width = width
    heads = [title for _name, title in COLUMNS]
    sheet.append([_styled(sheet, text, is_head=True) for text in heads])
    for row in figures["rows"]:
        told = {**row, "result": report.RESULTS[row["result"]]}
        sheet.append([_styled(sheet, value) for value in cells(told)])
    counted = book.create_sheet("Số liệu")
    for sentence in sentences(figures):
        counted.append([as_cell(sentence)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _styled(sheet: object, value: object, is_head: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_plain(as_cell(value)))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=is_head)
    return cell


def _plain(value: object) -> object:
    """Sheets hold no control characters and no more than 32,767 letters in a cell."""
    if not isinstance(value, str):
        return value
    return "".join(letter for letter in value if letter >= " " or letter in "\t\n")[:32_767]


def rows_of(publication: Publication) -> Iterator[dict]:
    """Rows for the public; words and names that are no longer public are left out."""
    gone = taken_back(publication)
    for row in publication.rows.order_by("position").iterator():
        yield report.told(row) | {"summary": gone.summary_of(row), "names": gone.names_of(row)}


def as_json(publication: Publication, rows: Iterator[dict]) -> bytes:
    consultation = publication.consultation
    told = {
        "consultation": consultation.code,
        "title": consultation.title,
        "agency": consultation.agency.name,
        "edition": publication.number,
        "change_note": publication.change_note,
        "published_at": timezone.localtime(publication.published_at).isoformat(),
        "sha256": publication.sha256,
        "licence": LICENCE,
        "counts": publication.counts,
        "columns": [{"name": name, "title": title} for name, title in COLUMNS],
        "rows": [
            dict(zip((name for name, _t in COLUMNS), cells(row), strict=True)) for row in rows
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
