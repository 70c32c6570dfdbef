"""Printed forms that several chapters share: an index with its interval, sources, headers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from portal.reporting.charts import IntervalRow
from portal.reporting.formats import number, percent

from ..models import Channel

SOURCE = "Nguồn: khảo sát; tính từ phiếu hợp lệ."
HIDDEN = "*"
LEVELS = ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]
CHANNELS = {
    Channel.WEB: "Trang thông tin",
    Channel.QR: "Mã QR tại nơi làm thủ tục",
    Channel.KIOSK: "Máy tại bộ phận một cửa",
    Channel.INVITATION: "Thư mời",
    Channel.PAPER: "Phiếu giấy, cán bộ nhập",
}
INDEX_HEADER = ["Số người đánh giá", "Chỉ số", "Khoảng tin cậy 95%"]


def share(figure: dict) -> Fraction:
    """The index as a share of one."""
    return Fraction(figure["sy"], figure["sx"])


def interval_row(label: str, figure: dict, note: str = "") -> IntervalRow:
    if not figure["sx"]:
        return IntervalRow(label, None)
    return IntervalRow(label, share(figure), float(figure["low"]), float(figure["high"]), note)


def cells_of(figure: dict) -> dict[str, str]:
    """Printed forms of an index with its interval."""
    if not figure["sx"]:
        return {"n": "–", "value": "–", "interval": "–"}
    low, high = (percent(Decimal(figure[name])) for name in ("low", "high"))
    return {
        "n": number(figure["n"]),
        "value": percent(share(figure)),
        "interval": f"{low} – {high}",
    }


def index_rows(rows: list[tuple[str, dict]]) -> list[list[str]]:
    return [[label, *cells_of(figure).values()] for label, figure in rows]


def shown_or(n: int | None) -> str:
    return HIDDEN if n is None else number(n)
