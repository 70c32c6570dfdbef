"""The report drawn from its snapshot: chapters of sentences, tables and charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.dateparse import parse_date

from portal.reporting.charts import Chart, IntervalRow, LikertRow, intervals, level_cells, likert
from portal.reporting.formats import day, number, percent
from portal.reporting.parts import Block, Chapter, Figure, Table, Text, numbered, traced

from . import plan, question_parts
from .question_parts import HIDDEN, LEVELS, person_tables, row_of

SOURCE = "Nguồn: khảo sát trực tuyến trên Trang thông tin; tính từ phiếu hợp lệ."
OLD_INDEX = "Chỉ số hài lòng của người dân đối với sự phục vụ của cơ quan hành chính nhà nước"
INDEX_HEADER = ["Số người đánh giá", "Chỉ số", "Khoảng tin cậy 95%"]


def share(figure: dict) -> Fraction:
    """The index as a share of one."""
    return Fraction(figure["sy"], figure["sx"])


def _row(label: str, figure: dict, note: str = "") -> IntervalRow:
    if not figure["sx"]:
        return IntervalRow(label, None)
    return IntervalRow(label, share(figure), float(figure["low"]), float(figure["high"]), note)


def _cells(figure: dict) -> dict[str, str]:
    """Printed forms of an index with its interval."""
    if not figure["sx"]:
        return {"n": "–", "value": "–", "interval": "–"}
    low, high = (percent(Decimal(figure[name])) for name in ("low", "high"))
    return {
        "n": number(figure["n"]),
        "value": percent(share(figure)),
        "interval": f"{low} – {high}",
    }


def index_name(figures: dict) -> str:
    """Snapshots made before questionnaires named their index are of the SIPAS kind."""
    return figures["words"]["index"] if "words" in figures else OLD_INDEX


def context(figures: dict) -> dict:
    """Tables, charts and sentences of the PDF and of the page, from the snapshot alone."""
    best, worst = _extremes(figures)
    chosen = plan.read(figures.get("plan"))
    chapters = drawn(figures)
    return {
        "figures": figures,
        "index_name": index_name(figures),
        "period": {
            name: day(parse_date(figures["survey"][name])) for name in ("opens_on", "until")
        },
        "as_of": datetime.fromisoformat(figures["survey"]["as_of"]),
        "index": _cells(figures["index"]),
        "best": best and {**best, **_cells(best)},
        "worst": worst and {**worst, **_cells(worst)},
        "received": _received_rows(figures["received"]),
        "criteria": [{"title": row["title"], **_cells(row)} for row in figures["criteria"]],
        "criteria_chart": criteria_chart(figures),
        "items": [_item_cells(item) for item in figures.get("items", [])],
        "lowest": lowest_items(figures),
        "agencies": [
            {"name": row["name"], "is_small": row["is_small"], **_cells(row)}
            for row in figures["agencies"]["shown"]
        ],
        "people": person_tables(figures),
        "chapters": chapters,
        "sources": list(traced(chapters)),
        "comments": chosen.comments,
    }


def drawn(figures: dict) -> list[Chapter]:
    """Chapters in the plan's order, each ending in the working group's comment, then the method."""
    chosen = plan.read(figures.get("plan"))
    made = []
    for code in chosen.chapters:
        blocks = DRAWERS[code](figures) if code in DRAWERS else []
        if comment := chosen.comments.get(code):
            blocks = [*blocks, *(Text(part, is_comment=True) for part in comment.split("\n") if part)]
        if blocks:
            made.append(Chapter(code, TITLES[code], blocks))
    return numbered([*made, Chapter("method", "Phương pháp", _method(figures))])


TITLES = {
    "received": "Số phiếu tiếp nhận",
    "index": "Chỉ số chung và theo tiêu chí",
    "items": "Kết quả theo nội dung",
    "questions": "Kết quả từng câu hỏi khác",
    "agencies": "Kết quả theo cơ quan, đơn vị",
    "ranking": "Thứ hạng và khoảng thứ hạng",
    "matrix": "Mức quan trọng và mức hài lòng",
    "channels": "Kết quả theo kênh trả lời",
    "periods": "Diễn biến theo kỳ",
    "earlier": "So với lần khảo sát trước",
    "flagged": "Kết quả khi có và khi không có phiếu bị đánh dấu",
    "weighted": "Kết quả có trọng số",
    "themes": "Ý kiến viết theo chủ đề",
    "rates": "Tỷ lệ trả lời",
}


def _extremes(figures: dict) -> tuple[dict, dict] | tuple[None, None]:
    """The criteria with the highest and the lowest index; None when too few rated any."""
    rated = [row for row in figures["criteria"] if row["sx"]]
    if len(rated) < 2:
        return None, None
    return max(rated, key=share), min(rated, key=share)


def _received_rows(received: dict) -> dict:
    total = received["total"]

    def cell(n: int) -> dict[str, str]:
        return {"n": number(n), "share": percent(Fraction(n, total)) if total else "–"}

    rejected = sum(row["n"] for row in received["rejected"])
    return {
        "total": cell(total),
        "valid": cell(received["valid"]),
        "rejected": cell(rejected),
        "reasons": [{"reason": row["reason"], **cell(row["n"])} for row in received["rejected"]],
    }


def _received(figures: dict) -> list[Block]:
    rows = _received_rows(figures["received"])
    moment = datetime.fromisoformat(figures["survey"]["as_of"])
    table = [
        ["Phiếu tiếp nhận", rows["total"]["n"], rows["total"]["share"]],
        ["Phiếu hợp lệ", rows["valid"]["n"], rows["valid"]["share"]],
        ["Phiếu loại", rows["rejected"]["n"], rows["rejected"]["share"]],
        *([f"– {row['reason']}", row["n"], row["share"]] for row in rows["reasons"]),
    ]
    return [
        Text(f"Số liệu chốt lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}."),
        Table(
            "Số phiếu tiếp nhận, hợp lệ và loại",
            ["Nội dung", "Số phiếu", "Tỷ lệ"],
            table,
            source="results.received",
        ),
    ]


def criteria_chart(figures: dict) -> Chart:
    best, worst = _extremes(figures)
    title = "Chỉ số theo tiêu chí"
    if best:
        title = (
            f"Cao nhất: {best['title']} ({percent(share(best))}); "
            f"thấp nhất: {worst['title']} ({percent(share(worst))})"
        )
    return intervals(
        [_row(row["title"], row) for row in figures["criteria"]],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung.",
        chart_id="tieu-chi",
        reference=share(figures["index"]),
    )


def _index_rows(rows: list[tuple[str, dict]]) -> list[list[str]]:
    return [[label, *_cells(figure).values()] for label, figure in rows]


def _index(figures: dict) -> list[Block]:
    rows = [(row["title"], row) for row in figures["criteria"]]
    table = Table(
        "Chỉ số chung và theo tiêu chí",
        ["Tiêu chí", *INDEX_HEADER],
        _index_rows([*rows, ("Chỉ số chung", figures["index"])]),
        has_total=True,
        source="results.moments_by_scope",
    )
    if not rows:
        return [table]
    return [Figure(criteria_chart(figures), "results.moments_by_scope"), table]


def _item_cells(item: dict) -> dict:
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
        "shares": level_cells(levels, _spans(item)),
        "rated": number(sum(levels)),
        "na": number(item["not_applicable"]),
    }


def _spans(item: dict) -> list[int]:
    # Snapshots made before levels were merged have one count a level.
    return item.get("spans") or [1] * len(item.get("scale", LEVELS))


def _satisfied(item: dict) -> Fraction | None:
    """Share of the satisfied levels, where they are the upper ones and no merged level hides it."""
    if not item["levels"]:
        return None
    satisfied = item.get("satisfied", [3, 4])
    first = min(satisfied, default=0)
    if satisfied != list(range(first, sum(_spans(item)))):
        return None
    upper = start = 0
    for n, span in zip(item["levels"], _spans(item), strict=True):
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
        if (found := _satisfied(item)) is not None
    ]
    shares.sort(key=lambda pair: pair[0])
    return [{"label": item["label"], "value": percent(found)} for found, item in shares[:most]]


def _items(figures: dict) -> list[Block]:
    """Items in groups of one scale each: only those can be laid side by side."""
    groups: dict[tuple[str, ...], list[dict]] = {}
    for item in figures.get("items", []):
        groups.setdefault(tuple(item.get("scale", LEVELS)), []).append(item)
    blocks: list[Block] = []
    for place, (scale, items) in enumerate(groups.items(), 1):
        blocks += _scale_group(figures, list(scale), items, f"noi-dung-{place}")
    return blocks


def _scale_group(figures: dict, scale: list[str], items: list[dict], chart_id: str) -> list[Block]:
    shares = [(found, item) for item in items if (found := _satisfied(item)) is not None]
    title = "Mức trả lời theo từng nội dung"
    if shares:
        found, lowest = min(shares, key=lambda pair: pair[0])
        levels = " và ".join(figures.get("words", {}).get("satisfied", LEVELS[3:]))
        title = f"Thấp nhất về tỷ lệ {levels.lower()}: {lowest['label']} ({percent(found)})"
    k = figures["method"]["k"]
    chart = likert(
        [LikertRow(item["label"], item["levels"], _spans(item)) for item in items],
        scale,
        title=title,
        source=f"{SOURCE} Cột bên phải: số câu trả lời có đánh giá. Mức có dưới {k} câu trả lời "
        "được gộp vào mức liền kề.",
        chart_id=chart_id,
    )
    table = Table(
        "Tỷ lệ trả lời theo mức, trên số câu trả lời có đánh giá",
        ["Nội dung", *scale, "Số đánh giá", "Không áp dụng"],
        [
            [cells["label"], *cells["shares"], cells["rated"], cells["na"]]
            for cells in map(_item_cells, items)
        ],
        note=f"Dấu *: mức có dưới {k} câu trả lời được gộp vào mức liền kề; tỷ lệ gộp ghi ở ô có "
        "số. Dấu –: dưới ngưỡng công bố.",
        source="results.counts_by_question",
    )
    return [Figure(chart, "results.counts_by_question"), table, *_unanswered(items)]


def _unanswered(items: list[dict]) -> list[Block]:
    """Left open and not asked, apart; nothing where that cannot be or never was."""
    if not any(item.get("skipped") or item.get("not_shown") for item in items):
        return []
    return [
        Table(
            "Số người bỏ qua và số người không được hỏi từng nội dung",
            ["Nội dung", "Bỏ qua", "Không được hỏi"],
            [[i["label"], row_of(i.get("skipped")), row_of(i.get("not_shown"))] for i in items],
            note=f"Dấu {HIDDEN}: không nêu riêng vì dưới ngưỡng công bố.",
            source="results.counts_by_question",
        )
    ]


def agencies_chart(figures: dict) -> Chart | None:
    rows = figures["agencies"]["shown"]
    if not rows:
        return None
    clear = [row for row in rows if float(row["high"]) < float(figures["index"]["low"])]
    title = (
        f"{len(clear)} cơ quan có khoảng tin cậy nằm hẳn dưới chỉ số chung"
        if clear
        else "Không cơ quan nào có khoảng tin cậy nằm hẳn dưới chỉ số chung"
    )
    return intervals(
        [_row(row["name"], row, " (ít phiếu)" if row["is_small"] else "") for row in rows],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung. Thứ tự theo danh mục cơ quan, "
        "không phải xếp hạng.",
        chart_id="co-quan",
        reference=share(figures["index"]),
    )


def _agencies(figures: dict) -> list[Block]:
    of, chart = figures["agencies"], agencies_chart(figures)
    blocks: list[Block] = []
    if chart:
        rows = [
            (row["name"] + (" (ít phiếu)" if row["is_small"] else ""), row) for row in of["shown"]
        ]
        blocks += [
            Figure(chart, "results.moments_by_agency"),
            Table(
                "Chỉ số theo cơ quan, đơn vị",
                ["Cơ quan, đơn vị", "Số phiếu", *INDEX_HEADER[1:]],
                _index_rows(rows),
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


def _channels(figures: dict) -> list[Block]:
    return _breakdown(figures, figures["channels"], "kênh trả lời", "kenh", "results.moments_by")


def _breakdown(
    figures: dict, rows: list[dict], by: str, chart_id: str, source: str
) -> list[Block]:
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
        [_row(row["title"], row) for row in rows],
        title=title,
        source=f"{SOURCE} Vạch đứng nét đứt: chỉ số chung.",
        chart_id=chart_id,
        reference=share(figures["index"]),
    )
    table = Table(
        f"Chỉ số theo {by}",
        [by[:1].upper() + by[1:], *INDEX_HEADER],
        _index_rows([(row["title"], row) for row in rows]),
        note="Dấu –: không nêu riêng vì dưới ngưỡng công bố.",
        source=source,
    )
    return [Figure(chart, source), table]


def _points(text: str) -> str:
    """A difference of two shares in percentage points, with its sign."""
    points = Decimal(text) * 100
    return ("+" if points > 0 else "") + number(points, 2)


def _change_cells(made: dict) -> list[str]:
    p = made["p"]
    return [
        _points(made["by"]),
        f"{_points(made['low'])} – {_points(made['high'])}",
        "–" if p is None else ("<0,001" if Decimal(p) < Decimal("0.001") else number(Decimal(p), 3)),
    ]


CHANGE_HEADER = ["Thay đổi (điểm %)", "Khoảng tin cậy 95%", "p"]
CHANGE_NOTE = (
    "p: xác suất có chênh lệch như vậy nếu thực ra không có thay đổi (kiểm định z hai phía trên hai "
    "tỷ số độc lập, sai số theo người trả lời)."
)


def _periods(figures: dict) -> list[Block]:
    rows = figures["periods"]
    blocks = _breakdown(figures, rows, "kỳ", "ky", "results.moments_by")
    changed = [row for row in rows if row.get("change")]
    if changed:
        blocks.append(
            Table(
                "Thay đổi so với kỳ liền trước",
                ["Kỳ", *CHANGE_HEADER],
                [[row["title"], *_change_cells(row["change"])] for row in changed],
                note=CHANGE_NOTE,
                source="results.moments_by",
            )
        )
    return blocks


def _earlier(figures: dict) -> list[Block]:
    past = figures["earlier"]
    if past is None:
        return [Text("Không có cuộc khảo sát trước để so sánh hoặc số phiếu dưới ngưỡng công bố.")]
    opened = day(parse_date(past["opened_on"]))
    return [
        Table(
            "Chỉ số chung so với lần khảo sát trước",
            ["Cuộc khảo sát", *INDEX_HEADER],
            _index_rows(
                [(f"{past['title']} (mở ngày {opened})", past["index"]), ("Lần này", figures["index"])]
            ),
            source="results.moments_by_scope",
        ),
        Table(
            "Thay đổi so với lần khảo sát trước",
            ["Nội dung", *CHANGE_HEADER],
            [["Chỉ số chung", *_change_cells(past["change"])]],
            note=CHANGE_NOTE,
            source="results.moments_by_scope",
        ),
    ]


def _flagged(figures: dict) -> list[Block]:
    made = figures["flagged"]
    if made is None:
        return [
            Text(
                "Số phiếu bị đánh dấu, hoặc số phiếu còn lại, dưới ngưỡng công bố nên không tính riêng."
            )
        ]
    return [
        Text(
            f"Có {number(made['flagged_n'])} phiếu bị đánh dấu là khác thường (trả lời quá nhanh, "
            "một mức cho mọi nội dung, dồn dập từ một thiết bị hoặc từ mạng của chính cơ quan được "
            "đánh giá). Các phiếu này không bị xóa; chỉ số được tính cả hai cách."
        ),
        Table(
            "Chỉ số chung khi có và khi không có phiếu bị đánh dấu",
            ["Cách tính", *INDEX_HEADER],
            _index_rows(
                [
                    ("Tất cả phiếu hợp lệ", made["every"]),
                    ("Không tính phiếu bị đánh dấu", made["clean"]),
                ]
            ),
            source="results.moments_by_scope",
        ),
    ]


def _method(figures: dict) -> list[Block]:
    of, survey = figures["method"], figures["survey"]
    criteria = f" thuộc {of['criteria']} tiêu chí" if of.get("criteria") else ""
    return [
        Text(
            f"1. Bộ câu hỏi tính chỉ số gồm {of['items']} nội dung{criteria}; phiên bản "
            f"{survey['version']}. Căn cứ: {of['survey_basis']}."
        ),
        Text(
            f"2. {of['index_basis']} (định nghĩa {of['index_version']}). Câu trả lời “Không áp dụng” "
            "không tính vào mẫu số."
        ),
        Text(
            "3. Khoảng tin cậy 95% tính theo người trả lời: một người trả lời nhiều nội dung chỉ được "
            "coi là một quan sát (ước lượng tỷ số; khoảng Wilson với cỡ mẫu hiệu dụng)."
        ),
        Text(
            "4. Nếu người trả lời tự nguyện tham gia, không phải mẫu chọn ngẫu nhiên, khoảng tin cậy "
            "chỉ phản ánh sai số do số lượng phiếu, không phản ánh sai lệch do tự chọn tham gia."
        ),
        Text(
            f"5. Phiếu trả lời dưới {of['min_seconds']} giây hoặc không đánh giá nội dung nào bị loại. "
            f"Không công bố số liệu của nhóm dưới {of['k']} người: cơ quan, đơn vị và nhóm người trả "
            "lời dưới ngưỡng không nêu riêng, mức trả lời dưới ngưỡng được gộp vào mức liền kề."
        ),
    ]


DRAWERS: dict[str, Callable[[dict], list[Block]]] = {
    "received": _received,
    "index": _index,
    "items": _items,
    "questions": question_parts.questions,
    "agencies": _agencies,
    "channels": _channels,
    "periods": _periods,
    "earlier": _earlier,
    "flagged": _flagged,
}
