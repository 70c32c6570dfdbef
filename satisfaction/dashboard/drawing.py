"""The dashboard's charts and tables."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from portal.reporting.charts import (
    BarRow,
    Chart,
    IntervalRow,
    LikertRow,
    columns,
    intervals,
    level_cells,
    likert,
)
from portal.reporting.formats import day as printed_day
from portal.reporting.formats import number, percent

from ..models import Channel
from ..reporting.printed import CHANNELS, shown_or
from .figures import Line, Span

SOURCE = "Số liệu đang cập nhật, tính từ phiếu hợp lệ đến lúc mở trang."
# A year and more by week: a column a day would be a hair.
_MOST_DAYS = 62


def cells(line: Line) -> list[str]:
    if line.estimate is None:
        return [line.label, "*" if line.is_hidden else number(line.n), "–", "–"]
    made = line.estimate
    return [
        line.label,
        number(line.n),
        percent(made.value),
        f"{percent(made.low)} – {percent(made.high)}",
    ]


def _interval(line: Line) -> IntervalRow:
    made = line.estimate
    if made is None:
        return IntervalRow(line.label, None)
    return IntervalRow(line.label, made.value, made.low, made.high)


def compared(lines: list[Line], whole: Line, by: str, chart_id: str) -> Chart | None:
    """Lines beside each other with the whole as a dashed line; its title says the extremes."""
    told = [line for line in lines if line.estimate]
    if not told:
        return None
    best = max(told, key=lambda line: line.estimate.value)
    worst = min(told, key=lambda line: line.estimate.value)
    title = f"{by}: {best.label} ({percent(best.estimate.value)})"
    if best is not worst:
        title = (
            f"{by}: cao nhất {best.label} ({percent(best.estimate.value)}), "
            f"thấp nhất {worst.label} ({percent(worst.estimate.value)})"
        )
    return intervals(
        [_interval(line) for line in lines],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung.",
        chart_id=chart_id,
        reference=whole.estimate.value if whole.estimate else None,
    )


def through_time(counts: dict[date, Counter[str]]) -> Chart | None:
    """Responses by day, or by week where there are many days; days without any are shown."""
    if not counts:
        return None
    first, last = min(counts), max(counts)
    days = (last - first).days + 1
    step = 1 if days <= _MOST_DAYS else 7
    amounts: Counter[date] = Counter()
    for day, by_channel in counts.items():
        amounts[first + timedelta(days=(day - first).days // step * step)] += sum(
            by_channel.values()
        )
    starts = [first + timedelta(days=place) for place in range(0, days, step)]
    total = sum(amounts.values())
    by = "ngày" if step == 1 else "tuần"
    top = max(starts, key=lambda start: amounts[start])
    return columns(
        [BarRow(printed_day(start)[:5], Decimal(amounts[start])) for start in starts],
        title=f"{number(total)} phiếu hợp lệ; nhiều nhất {by} từ {printed_day(top)} "
        f"({number(amounts[top])} phiếu)",
        source=SOURCE,
        unit="Số phiếu",
        chart_id="theo-ngay",
    )


def day_table(counts: dict[date, Counter[str]]) -> tuple[list[str], list[list[str]]]:
    """Days with responses, newest first, a column a channel."""
    channels = [code for code in Channel.values if any(row[code] for row in counts.values())]
    header = ["Ngày", *(CHANNELS[Channel(code)] for code in channels), "Tổng"]
    rows = [
        [
            printed_day(day),
            *(number(row[code]) for code in channels),
            number(sum(row.values())),
        ]
        for day, row in sorted(counts.items(), reverse=True)
    ]
    return header, rows


def span_table(spans: list[Span]) -> tuple[list[str], list[list[str]]]:
    """Days joined for who sees no small group, newest first."""
    rows = [
        [
            printed_day(span.first)
            if span.first == span.last
            else f"{printed_day(span.first)} – {printed_day(span.last)}",
            number(span.n),
        ]
        for span in reversed(spans)
    ]
    return ["Từ ngày – đến ngày", "Số phiếu"], rows


def channel_table(totals: dict[str, int | None]) -> tuple[list[str], list[list[str]]]:
    rows = [[CHANNELS[Channel(code)], shown_or(n)] for code, n in totals.items()]
    return ["Kênh", "Số phiếu"], rows


def items(rows: list[dict]) -> tuple[Chart | None, list[str], list[list[str]]]:
    """Levels of items of one scale, with their table."""
    if not rows:
        return None, [], []
    scale = rows[0]["scale"]
    header = ["Nội dung", *scale, "Số đánh giá", "Không áp dụng"]
    table = [
        [row["label"], *["–"] * (len(scale) + 2)]
        if not sum(row["levels"] or [])
        else [
            row["label"],
            *level_cells(row["levels"], row["spans"]),
            number(sum(row["levels"])),
            number(row["not_applicable"]),
        ]
        for row in rows
    ]
    if any(row["scale"] != scale for row in rows):
        return None, header, table
    chart = likert(
        [LikertRow(row["label"], row["levels"], row["spans"]) for row in rows],
        scale,
        title="Mức trả lời theo từng nội dung",
        source=f"{SOURCE} Dấu *: mức được gộp vì dưới ngưỡng.",
        chart_id="noi-dung",
    )
    return chart, header, table
