"""The edition's figures as open data: one row a figure, after suppression, with its dictionary."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.utils.translation import override

from portal.reporting.formats import rounded
from portal.reporting.kinds import DataFile
from portal.reporting.models import FileKind
from portal.reporting.parts import Text
from site_pages.licence import LICENCE
from site_pages.open_data import as_text

from .drawing import context, drawn, share
from .tracing import by_place

Row = dict[str, str]
# Table Schema: name, type, what it holds.
COLUMNS: list[tuple[str, str, str]] = [
    ("bang", "string", "Nhóm số liệu: chi_so, tieu_chi, noi_dung, cau_hoi, co_quan, kenh, ky …"),
    ("ma", "string", "Mã ổn định của nội dung, tiêu chí, câu hỏi, cơ quan, kênh hoặc kỳ"),
    ("ten", "string", "Tên của mã đó"),
    ("lua_chon", "string", "Mức, lựa chọn, khoảng hoặc tháng; trống khi số liệu của cả mã"),
    (
        "chi_tieu",
        "string",
        "so_phieu, so_nguoi, so_tra_loi, chi_so, can_duoi, can_tren, trung_binh, trung_vi, "
        "tu_phan_vi_1, tu_phan_vi_3, thu_hang_binh_quan, xep_thu_nhat, chenh_lech, gia_tri_p",
    ),
    ("gia_tri", "number", "Giá trị; tỷ lệ từ 0 đến 1; trống khi bị che vì dưới ngưỡng công bố"),
    ("bi_che", "boolean", "true: bị che vì dưới ngưỡng công bố hoặc để không suy ra ô dưới ngưỡng"),
]
NAMES = [name for name, _kind, _title in COLUMNS]


def rows(figures: dict) -> list[Row]:
    """Every figure of the snapshot, in one order."""
    return [
        *_received(figures),
        *_index(figures, "chi_so", [{"code": "", "title": "Chỉ số chung", **figures["index"]}]),
        *_index(figures, "tieu_chi", figures["criteria"]),
        *_items(figures),
        *_questions(figures),
        *_index(figures, "co_quan", figures["agencies"]["shown"]),
        *_index(figures, "kenh", figures.get("channels") or []),
        *_index(figures, "ky", figures.get("periods") or []),
    ]


def _cell(table: str, code: str, name: str, measure: str, amount: object, choice: str = "") -> Row:
    is_hidden = amount is None
    return {
        "bang": table,
        "ma": code,
        "ten": name,
        "lua_chon": choice,
        "chi_tieu": measure,
        "gia_tri": "" if is_hidden else str(amount),
        "bi_che": "true" if is_hidden else "false",
    }


def _received(figures: dict) -> Iterator[Row]:
    of = figures["received"]
    yield _cell("phieu", "tiep_nhan", "Phiếu tiếp nhận", "so_phieu", of["total"])
    yield _cell("phieu", "hop_le", "Phiếu hợp lệ", "so_phieu", of["valid"])
    for row in of["rejected"]:
        yield _cell("phieu", "loai", row["reason"], "so_phieu", row["n"])


def _index(_figures: dict, table: str, lines: list[dict]) -> Iterator[Row]:
    for line in lines:
        code, name = line["code"], line.get("title") or line.get("name")
        if not line["sx"]:
            yield _cell(table, code, name, "chi_so", None)
            continue
        yield _cell(table, code, name, "so_nguoi", line["n"])
        yield _cell(table, code, name, "chi_so", f"{rounded(share(line), 6):f}")
        yield _cell(table, code, name, "can_duoi", _short(line["low"]))
        yield _cell(table, code, name, "can_tren", _short(line["high"]))
        if line.get("change"):
            yield _cell(table, code, name, "chenh_lech", _short(line["change"]["by"]))
            if line["change"]["p"] is not None:
                yield _cell(table, code, name, "gia_tri_p", _short(line["change"]["p"]))


def _short(text: str) -> str:
    return f"{rounded(Decimal(text), 6):f}"


def _levels(table: str, item: dict, scale: list[str]) -> Iterator[Row]:
    code, name = item["code"], item["label"]
    if item.get("levels") is None:
        yield _cell(table, code, name, "so_tra_loi", None)
        return
    start = 0
    for n, span in zip(item["levels"], item["spans"], strict=True):
        words = scale[start] if span == 1 else f"{scale[start]} – {scale[start + span - 1]}"
        yield _cell(table, code, name, "so_tra_loi", n, words)
        start += span


def _items(figures: dict) -> Iterator[Row]:
    for item in figures.get("items", []):
        yield from _levels("noi_dung", item, item["scale"])
        if item["not_applicable"] is not None:
            yield _cell(
                "noi_dung",
                item["code"],
                item["label"],
                "so_tra_loi",
                item["not_applicable"],
                "Không áp dụng",
            )


def _questions(figures: dict) -> Iterator[Row]:
    for question in figures.get("questions", []):
        yield from _question(question)


def _question(question: dict) -> Iterator[Row]:
    code, name, table = question["code"], question["label"], "cau_hoi"
    for did, amount in question.get("base", {}).items():
        yield _cell(table, code, name, "so_nguoi", amount, DID[did])
    if question["kind"] == "scale":
        yield from _levels(table, question, question.get("scale", []))
    if question["kind"] == "rating":
        yield from _levels(table, question, [str(level) for level in range(11)])
    for row in question.get("rows", []):
        measure = "xep_thu_nhat" if "first" in row else "so_nguoi"
        yield _cell(table, code, name, measure, row.get("first", row.get("n")), row["label"])
        if "mean" in row:
            yield _cell(table, code, name, "thu_hang_binh_quan", _mean(row["mean"]), row["label"])
    for row in [*question.get("bands", []), *question.get("months", [])]:
        yield _cell(table, code, name, "so_nguoi", row["n"], row["label"])
    if "mean" in question:
        yield _cell(table, code, name, "trung_binh", _mean(question["mean"]))
    for measure, text in zip(QUARTERS, question.get("quarters", []), strict=False):
        yield _cell(table, code, name, measure, _mean(text))


def _mean(text: str | None) -> str | None:
    return None if text is None else _short(text)


DID = {
    "answered": "Trả lời",
    "na": "Không áp dụng",
    "silent": "Bỏ qua hoặc không muốn trả lời",
    "not_asked": "Không được hỏi",
}
QUARTERS = ("tu_phan_vi_1", "trung_vi", "tu_phan_vi_3")


def files(figures: dict, code: str) -> list[DataFile]:
    """CSV, JSON, dictionary and method of one edition; the same snapshot, the same bytes."""
    with override("vi"):
        made = rows(figures)
        return [
            DataFile(FileKind.CSV, _csv(made), "Số liệu tổng hợp sau khi che ô dưới ngưỡng"),
            DataFile(FileKind.JSON, _json(_package(figures, code, made)), "Số liệu dạng JSON"),
            DataFile(FileKind.DICTIONARY, _json(_schema(figures, code)), "Mô tả các cột"),
            DataFile(FileKind.METHOD, _method(figures, code), "Phương pháp tính"),
        ]


def _csv(made: list[Row]) -> bytes:
    out = io.StringIO()
    # Excel reads UTF-8 only where a mark says so.
    out.write("\ufeff")
    writer = csv.DictWriter(out, NAMES)
    writer.writeheader()
    writer.writerows({name: as_text(row[name]) for name in NAMES} for row in made)
    return out.getvalue().encode()


def _json(data: dict) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _address(code: str, name: str) -> str:
    # Frozen with the edition: the address is Vietnamese and does not follow the URL table.
    return f"{settings.BASE_URL}/du-lieu-mo/bao-cao/{code}/{name}"


def _package(figures: dict, code: str, made: list[Row]) -> dict:
    return {
        "title": figures["survey"]["title"],
        "licence": LICENCE,
        "edition": code,
        "schema": _address(code, "mo-ta-cot.json"),
        "as_of": figures["survey"]["as_of"],
        "index_definition": figures["method"]["index_version"],
        "index_definition_sha256": figures.get("definition", {}).get("sha256"),
        "data_sha256": figures.get("data_sha256"),
        "traced": by_place(drawn(figures)),
        "count": len(made),
        "rows": [
            row
            | {
                "gia_tri": float(row["gia_tri"]) if row["gia_tri"] else None,
                "bi_che": row["bi_che"] == "true",
            }
            for row in made
        ],
    }


def _schema(figures: dict, code: str) -> dict:
    """Table Schema (Frictionless), as the portal's registers have it."""
    return {
        "name": f"khao-sat-{code.lower()}",
        "title": figures["survey"]["title"],
        "licence": LICENCE,
        "licenses": [{"title": LICENCE, "path": f"{settings.BASE_URL}/du-lieu-mo/"}],
        "path": _address(code, "so-lieu.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "header": True},
        "schema": {
            "fields": [
                {"name": name, "type": kind, "title": title} for name, kind, title in COLUMNS
            ],
            "missingValues": [""],
        },
    }


def _method(figures: dict, code: str) -> bytes:
    told = context(figures)
    chapter = next(chapter for chapter in drawn(figures) if chapter.code == "method")
    lines = [
        f"Phương pháp của bản phát hành {code}",
        figures["survey"]["title"],
        "",
        *(block.text for block in chapter.blocks if isinstance(block, Text)),
        "",
        f"Phiên bản bộ câu hỏi: {figures['survey']['version']} "
        f"(SHA-256 {figures['survey']['version_sha256']})",
        f"Định nghĩa chỉ số: {figures['method']['index_version']}",
        f"Dấu vết định nghĩa chỉ số: {figures.get('definition', {}).get('sha256', '–')}",
        f"Dấu vết dữ liệu: {figures.get('data_sha256', '–')}",
        "",
        *(f"{name} (phiên bản {version}): {places}" for name, version, places in told["methods"]),
        "",
        LICENCE,
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
