"""The report drawn from its snapshot: chapters of sentences, tables and charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

from django.utils.dateparse import parse_date

from portal.reporting.formats import day, number, percent
from portal.reporting.parts import Block, Chapter, Table, Text, numbered

from . import breakdown_parts, index_parts, measure_parts, plan, question_parts
from .index_parts import criteria_chart, extremes, item_cells, lowest_items
from .printed import cells_of, share
from .tracing import by_method

OLD_INDEX = "Chỉ số hài lòng của người dân đối với sự phục vụ của cơ quan hành chính nhà nước"


def index_name(figures: dict) -> str:
    """Snapshots made before questionnaires named their index are of the SIPAS kind."""
    return figures["words"]["index"] if "words" in figures else OLD_INDEX


RECIPIENTS = [
    "Như trên;",
    "Ban Biên tập Trang thông tin CCHC;",
    "Các sở, ban, ngành; UBND các xã, phường;",
    "Lưu: VT, CCHC.",
]


def context(figures: dict) -> dict:
    """Tables, charts and sentences of the PDF and of the page, from the snapshot alone."""
    best, worst = extremes(figures)
    chapters = drawn(figures)
    told = {
        "figures": figures,
        "index_name": index_name(figures),
        "period": {
            name: day(parse_date(figures["survey"][name])) for name in ("opens_on", "until")
        },
        "as_of": datetime.fromisoformat(figures["survey"]["as_of"]),
        "index": cells_of(figures["index"]),
        "best": best and {**best, **cells_of(best)},
        "worst": worst and {**worst, **cells_of(worst)},
        "received": _received_rows(figures["received"]),
        "criteria": [{"title": row["title"], **cells_of(row)} for row in figures["criteria"]],
        "criteria_chart": criteria_chart(figures),
        "items": [item_cells(item) for item in figures.get("items", [])],
        "lowest": lowest_items(figures),
        "agencies": [
            {"name": row["name"], "is_small": row["is_small"], **cells_of(row)}
            for row in figures["agencies"]["shown"]
        ],
        "people": question_parts.person_tables(figures),
        "chapters": chapters,
        "methods": by_method(chapters),
        "recipients": RECIPIENTS,
        **_clear_of_the_index(figures),
    }
    return told | {"finding": finding(told)}


def _clear_of_the_index(figures: dict, most: int = 5) -> dict[str, list[str]]:
    """Agencies whose interval lies wholly above or below the index, the farthest first."""
    low, high = (float(figures["index"][name]) for name in ("low", "high"))
    rows = sorted(figures["agencies"]["shown"], key=share)
    sound = [row for row in rows if not row["is_small"]]

    def named(found: list[dict]) -> list[str]:
        return [f"{row['name']} ({cells_of(row)['value']})" for row in found[:most]]

    return {
        "below": named([row for row in sound if float(row["high"]) < low]),
        "above": named([row for row in reversed(sound) if float(row["low"]) > high]),
    }


def finding(told: dict) -> str:
    """What the report says first: the index, its interval, the best and the worst criterion."""
    count = told["figures"]["agencies"]["count"]
    about = f" về {count} cơ quan, đơn vị" if count > 1 else ""
    index, period = told["index"], told["period"]
    text = (
        f"Qua {told['received']['valid']['n']} phiếu hợp lệ{about} trong thời gian từ ngày "
        f"{period['opens_on']} đến ngày {period['until']}, {told['index_name']} đạt "
        f"{index['value']} "
        f"(khoảng tin cậy 95%: {index['interval']})"
    )
    best, worst = told["best"], told["worst"]
    if best:
        text += (
            f"; cao nhất ở tiêu chí {best['title']} ({best['value']}), thấp nhất ở tiêu chí "
            f"{worst['title']} ({worst['value']})"
        )
    return f"{text}."


def drawn(figures: dict) -> list[Chapter]:
    """Chapters in the plan's order, each ending in the working group's comment, then the method."""
    chosen = plan.read(figures.get("plan"))
    made = []
    for code in chosen.chapters:
        blocks = DRAWERS[code](figures) if code in DRAWERS else []
        if comment := chosen.comments.get(code):
            blocks = [
                *blocks,
                *(Text(part, is_comment=True) for part in comment.split("\n") if part),
            ]
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


def received(figures: dict) -> list[Block]:
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


def _method(figures: dict) -> list[Block]:
    of, survey = figures["method"], figures["survey"]
    criteria = f" thuộc {of['criteria']} tiêu chí" if of.get("criteria") else ""
    return [
        Text(
            f"1. Bộ câu hỏi tính chỉ số gồm {of['items']} nội dung{criteria}; phiên bản "
            f"{survey['version']}. Căn cứ: {of['survey_basis']}."
        ),
        Text(
            f"2. {of['index_basis']} (định nghĩa {of['index_version']}). Câu trả lời “Không áp "
            "dụng” "
            "không tính vào mẫu số."
        ),
        Text(
            "3. Khoảng tin cậy 95% tính theo người trả lời: một người trả lời nhiều nội dung chỉ "
            "được "
            "coi là một quan sát (ước lượng tỷ số; khoảng Wilson với cỡ mẫu hiệu dụng)."
        ),
        Text(
            "4. Nếu người trả lời tự nguyện tham gia, không phải mẫu chọn ngẫu nhiên, khoảng tin "
            "cậy "
            "chỉ phản ánh sai số do số lượng phiếu, không phản ánh sai lệch do tự chọn tham gia."
        ),
        Text(
            f"5. Phiếu trả lời dưới {of['min_seconds']} giây hoặc không đánh giá nội dung nào bị "
            "loại. "
            f"Không công bố số liệu của nhóm dưới {of['k']} người: cơ quan, đơn vị và nhóm người "
            "trả "
            "lời dưới ngưỡng không nêu riêng, mức trả lời dưới ngưỡng được gộp vào mức liền kề."
        ),
    ]


DRAWERS: dict[str, Callable[[dict], list[Block]]] = {
    "received": received,
    "index": index_parts.index,
    "items": index_parts.items,
    "questions": question_parts.questions,
    "agencies": index_parts.agencies,
    "channels": breakdown_parts.channels,
    "periods": breakdown_parts.periods,
    "earlier": measure_parts.points,
    "ranking": measure_parts.ranking,
    "matrix": measure_parts.importance,
    "weighted": measure_parts.weighted,
    "rates": measure_parts.rates,
    "themes": measure_parts.themes,
    "flagged": breakdown_parts.flagged,
}
