"""The index by channel and period, against the earlier survey, without flagged responses."""

from __future__ import annotations

from decimal import Decimal

from portal.reporting.charts import intervals
from portal.reporting.formats import number, percent
from portal.reporting.parts import Block, Figure, Table, Text

from .printed import INDEX_HEADER, SOURCE, index_rows, interval_row, share


def channels(figures: dict) -> list[Block]:
    return breakdown(figures, figures["channels"], "kênh trả lời", "kenh", "results.moments_by")


def breakdown(figures: dict, rows: list[dict], by: str, chart_id: str, source: str) -> list[Block]:
    shown = [row for row in rows if row["sx"]]
    if not shown:
        return [Text(f"Không nêu kết quả theo {by} vì dưới ngưỡng công bố.")]
    best, worst = max(shown, key=share), min(shown, key=share)
    title = f"Chỉ số theo {by}"
    if best is not worst:
        title = (
            f"Chỉ số theo {by}: cao nhất {best['title']} ({percent(share(best))}), "
            f"thấp nhất {worst['title']} ({percent(share(worst))})"
        )
    chart = intervals(
        [interval_row(row["title"], row) for row in rows],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung.",
        chart_id=chart_id,
        reference=share(figures["index"]),
    )
    table = Table(
        f"Chỉ số theo {by}",
        [by[:1].upper() + by[1:], *INDEX_HEADER],
        index_rows([(row["title"], row) for row in rows]),
        note="Dấu –: không nêu riêng vì dưới ngưỡng công bố.",
        source=source,
    )
    return [Figure(chart, source), table]


def _points(text: str) -> str:
    """A difference of two shares in percentage points, with its sign."""
    points = Decimal(text) * 100
    return ("+" if points > 0 else "") + number(points, 2)


def change_cells(made: dict) -> list[str]:
    return [
        _points(made["by"]),
        f"{_points(made['low'])} – {_points(made['high'])}",
        _probability(made["p"]),
    ]


def _probability(p: str | None) -> str:
    if p is None:
        return "–"
    return "<0,001" if Decimal(p) < Decimal("0.001") else number(Decimal(p), 3)


CHANGE_HEADER = ["Thay đổi (điểm %)", "Khoảng tin cậy 95%", "p"]
CHANGE_NOTE = (
    "p: xác suất có chênh lệch như vậy nếu thực ra không có thay đổi (kiểm định z hai phía trên "
    "hai "
    "tỷ số độc lập, sai số theo người trả lời)."
)


def periods(figures: dict) -> list[Block]:
    rows = figures["periods"]
    blocks = breakdown(figures, rows, "kỳ", "ky", "results.moments_by")
    changed = [row for row in rows if row.get("change")]
    if changed:
        blocks.append(
            Table(
                "Thay đổi so với kỳ liền trước",
                ["Kỳ", *CHANGE_HEADER],
                [[row["title"], *change_cells(row["change"])] for row in changed],
                note=CHANGE_NOTE,
                source="results.moments_by",
            )
        )
    return blocks


def flagged(figures: dict) -> list[Block]:
    made = figures["flagged"]
    if made is None:
        return [
            Text(
                "Số phiếu bị đánh dấu, hoặc số phiếu còn lại, dưới ngưỡng công bố nên không tính "
                "riêng."
            )
        ]
    return [
        Text(
            f"Có {number(made['flagged_n'])} phiếu bị đánh dấu là khác thường (trả lời quá nhanh, "
            "một mức cho mọi nội dung, dồn dập từ một thiết bị, từ mạng của chính cơ quan được "
            "đánh giá, hoặc gửi đến sau khi máy hay cuộc khảo sát đã kết thúc). Các phiếu này "
            "không bị xóa; chỉ số được tính cả hai cách."
        ),
        Table(
            "Chỉ số chung khi có và khi không có phiếu bị đánh dấu",
            ["Cách tính", *INDEX_HEADER],
            index_rows(
                [
                    ("Tất cả phiếu hợp lệ", made["every"]),
                    ("Không tính phiếu bị đánh dấu", made["clean"]),
                ]
            ),
            source="results.moments_by_scope",
        ),
    ]
