"""The index, its criteria and items, and the agencies, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from portal.reporting.charts import Chart, LikertRow, intervals, level_cells, likert
from portal.reporting.formats import number, percent
from portal.reporting.parts import Block, Figure, Table, Text, fitted

from .printed import (
    HIDDEN,
    INDEX_HEADER,
    LEVELS,
    SOURCE,
    index_rows,
    interval_row,
    share,
    shown_or,
)


def extremes(figures: dict) -> tuple[dict, dict] | tuple[None, None]:
    """The criteria with the highest and the lowest index; None when too few rated any."""
    rated = [row for row in figures["criteria"] if row["sx"]]
    if len(rated) < 2:
        return None, None
    return max(rated, key=share), min(rated, key=share)


def criteria_chart(figures: dict) -> Chart:
    best, worst = extremes(figures)
    title = "Chỉ số theo tiêu chí"
    if best:
        title = (
            f"Cao nhất: {best['title']} ({percent(share(best))}); "
            f"thấp nhất: {worst['title']} ({percent(share(worst))})"
        )
    return intervals(
        [interval_row(row["title"], row) for row in figures["criteria"]],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung.",
        chart_id="tieu-chi",
        reference=share(figures["index"]),
    )


def index(figures: dict) -> list[Block]:
    rows = [(row["title"], row) for row in figures["criteria"]]
    table = Table(
        "Chỉ số chung và theo tiêu chí",
        ["Tiêu chí", *INDEX_HEADER],
        index_rows([*rows, ("Chỉ số chung", figures["index"])]),
        has_total=True,
        source="results.moments_by_scope",
    )
    if not rows:
        return [table]
    return [Figure(criteria_chart(figures), "results.moments_by_scope"), table]


def item_cells(item: dict) -> dict:
    levels = item["levels"]
    if levels is None:
        return {
            "label": item["label"],
            "shares": ["–"] * len(item.get("scale", LEVELS)),
            "rated": "–",
            "na": "–",
        }
    return {
        "label": item["label"],
        "shares": level_cells(levels, spans_of(item)),
        "rated": number(sum(levels)),
        "na": number(item["not_applicable"]),
    }


def spans_of(item: dict) -> list[int]:
    # Snapshots made before levels were merged have one count a level.
    return item.get("spans") or [1] * len(item.get("scale", LEVELS))


def satisfied_share(item: dict) -> Fraction | None:
    """Share of the satisfied levels, where they are the upper ones and no merged level hides it."""
    if not item["levels"]:
        return None
    satisfied = item.get("satisfied", [3, 4])
    first = min(satisfied, default=0)
    if satisfied != list(range(first, sum(spans_of(item)))):
        return None
    upper = start = 0
    for n, span in zip(item["levels"], spans_of(item), strict=True):
        if start >= first:
            upper += n
        elif start + span > first:
            return None
        start += span
    return Fraction(upper, sum(item["levels"]))


def lowest_items(figures: dict, most: int = 5) -> list[dict[str, str]]:
    """Items with the smallest satisfied share: what the leadership looks at first."""
    shares = [
        (found, item)
        for item in figures.get("items", [])
        if (found := satisfied_share(item)) is not None
    ]
    shares.sort(key=lambda pair: pair[0])
    return [{"label": item["label"], "value": percent(found)} for found, item in shares[:most]]


def items(figures: dict) -> list[Block]:
    """Items in groups of one scale each: only those can be laid side by side."""
    groups: dict[tuple[str, ...], list[dict]] = {}
    for item in figures.get("items", []):
        groups.setdefault(tuple(item.get("scale", LEVELS)), []).append(item)
    blocks: list[Block] = []
    for place, (scale, items) in enumerate(groups.items(), 1):
        blocks += _scale_group(figures, list(scale), items, f"noi-dung-{place}")
    return blocks


def _scale_group(figures: dict, scale: list[str], items: list[dict], chart_id: str) -> list[Block]:
    shares = [(found, item) for item in items if (found := satisfied_share(item)) is not None]
    title = "Mức trả lời theo từng nội dung"
    if shares:
        found, lowest = min(shares, key=lambda pair: pair[0])
        levels = " và ".join(figures.get("words", {}).get("satisfied", LEVELS[3:]))
        title = f"Thấp nhất về tỷ lệ {levels.lower()}: {lowest['label']} ({percent(found)})"
    k = figures["method"]["k"]

    def draw(part: Sequence[dict], place: int) -> Chart:
        return likert(
            [LikertRow(item["label"], item["levels"], spans_of(item)) for item in part],
            scale,
            title=title,
            source=f"{SOURCE} Cột bên phải: số câu trả lời có đánh giá. Mức có dưới {k} câu trả "
            "lời được gộp vào mức liền kề.",
            chart_id=f"{chart_id}-{place}" if place else chart_id,
        )

    charts = fitted(items, draw, "results.counts_by_question")
    table = Table(
        "Tỷ lệ trả lời theo mức, trên số câu trả lời có đánh giá",
        ["Nội dung", *scale, "Số đánh giá", "Không áp dụng"],
        [
            [cells["label"], *cells["shares"], cells["rated"], cells["na"]]
            for cells in map(item_cells, items)
        ],
        note=f"Dấu *: mức có dưới {k} câu trả lời được gộp vào mức liền kề; tỷ lệ gộp ghi ở ô có "
        "số. Dấu –: dưới ngưỡng công bố.",
        source="results.counts_by_question",
    )
    return [*charts, table, *_unanswered(items)]


def _unanswered(items: list[dict]) -> list[Block]:
    """Left open and not asked, apart; nothing where that cannot be or never was."""
    if not any(item.get("skipped") or item.get("not_shown") for item in items):
        return []
    return [
        Table(
            "Số người bỏ qua và số người không được hỏi từng nội dung",
            ["Nội dung", "Bỏ qua", "Không được hỏi"],
            [[i["label"], shown_or(i.get("skipped")), shown_or(i.get("not_shown"))] for i in items],
            note=f"Dấu {HIDDEN}: không nêu riêng vì dưới ngưỡng công bố.",
            source="results.counts_by_question",
        )
    ]


def agencies_charts(figures: dict) -> list[Figure]:
    rows = figures["agencies"]["shown"]
    if not rows:
        return []
    clear = [row for row in rows if float(row["high"]) < float(figures["index"]["low"])]
    title = (
        f"{len(clear)} cơ quan có khoảng tin cậy nằm hẳn dưới chỉ số chung"
        if clear
        else "Không cơ quan nào có khoảng tin cậy nằm hẳn dưới chỉ số chung"
    )

    def draw(part: Sequence[dict], place: int) -> Chart:
        noted = [(row, " (ít phiếu)" if row["is_small"] else "") for row in part]
        return intervals(
            [interval_row(row["name"], row, note) for row, note in noted],
            title=title,
            source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung. Thứ tự theo danh mục cơ quan, "
            "không phải xếp hạng.",
            chart_id=f"co-quan-{place}" if place else "co-quan",
            reference=share(figures["index"]),
        )

    return fitted(rows, draw, "results.moments_by_agency")


def agencies(figures: dict) -> list[Block]:
    of, charts = figures["agencies"], agencies_charts(figures)
    blocks: list[Block] = []
    if charts:
        rows = [
            (row["name"] + (" (ít phiếu)" if row["is_small"] else ""), row) for row in of["shown"]
        ]
        blocks += [
            *charts,
            Table(
                "Chỉ số theo cơ quan, đơn vị",
                ["Cơ quan, đơn vị", "Số phiếu", *INDEX_HEADER[1:]],
                index_rows(rows),
                source="results.moments_by_agency",
            ),
        ]
    if of["hidden"]:
        blocks.append(
            Text(
                f"Ngoài ra có {of['hidden']} cơ quan, đơn vị với tổng số {number(of['hidden_n'])} "
                "phiếu không nêu riêng vì dưới ngưỡng công bố hoặc để không suy ra được số liệu "
                "dưới ngưỡng; các phiếu này vẫn được tính vào chỉ số chung."
            )
        )
    few = figures["method"]["min_sample"]
    blocks.append(
        Text(
            "Bảng theo thứ tự danh mục cơ quan, không phải xếp hạng. “Ít phiếu”: dưới "
            f"{few} phiếu, chỉ để tham khảo."
        )
    )
    return blocks
