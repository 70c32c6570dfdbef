"""Ranking, importance, trend, weights and response rates, drawn."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from portal.reporting.formats import number, percent
from portal.reporting.parts import Block, Table, Text

from ..models import Channel
from .breakdown_parts import CHANGE_HEADER, CHANGE_NOTE, breakdown, change_cells
from .printed import CHANNELS, HIDDEN, INDEX_HEADER, cells_of, index_rows, shown_or

GROUPS = {"A": "A – cao hơn chung", "B": "B – không khác rõ", "C": "C – thấp hơn chung"}
QUADRANTS = {
    "improve": "Cần cải thiện trước",
    "keep": "Cần giữ vững",
    "later": "Cải thiện sau",
    "enough": "Đã đáp ứng",
}


def ranking(figures: dict) -> list[Block]:
    of, few = figures["ranking"], figures["method"]["min_sample"]
    if not of["ranked"]:
        return [
            Text(f"Không cơ quan nào có từ {few} phiếu có đánh giá trở lên nên không xếp hạng.")
        ]
    rows = [
        [
            row["name"],
            f"{row['place']}{' =' if row['is_tied'] else ''}",
            f"{row['best']} – {row['worst']}",
            GROUPS[row["group"]],
            *list(cells_of(row).values())[1:],
        ]
        for row in of["ranked"]
    ]
    blocks: list[Block] = [
        Table(
            "Thứ hạng theo chỉ số và khoảng thứ hạng mà mẫu không loại trừ được",
            ["Cơ quan, đơn vị", "Hạng", "Khoảng hạng", "Nhóm", *INDEX_HEADER[1:]],
            rows,
            note=_range_note(of.get("comparisons")),
            source="measuring.figures.ranking",
        )
    ]
    if of["unranked"]:
        blocks.append(
            Text(f"Không xếp hạng vì dưới {few} phiếu có đánh giá: {'; '.join(of['unranked'])}.")
        )
    return blocks


def _range_note(comparisons: int | None) -> str:
    """Editions of before compared each pair at 95 % and do not say how many."""
    sure = "Dấu =: bằng điểm. Khoảng hạng: đếm các cơ quan có chênh lệch chắc chắn ("
    if comparisons is None:
        return f"{sure}khoảng tin cậy 95% của hiệu không chứa 0); từng cặp được so ở mức 95%."
    return (
        f"{sure}khoảng tin cậy của hiệu không chứa 0). Mỗi cơ quan được so với {comparisons} cơ "
        "quan khác, mỗi cặp ở mức 1 − 0,05/(số phép so) (hiệu chỉnh Bonferroni), nên khoảng hạng "
        "chứa hạng thật với độ tin cậy ít nhất 95%. Nhóm A, B, C: một phép so với tất cả cơ quan "
        "còn lại gộp chung, ở mức 95%."
    )


def importance(figures: dict) -> list[Block]:
    of = figures["matrix"]
    if of is None:
        return [Text("Không lập bảng mức quan trọng vì có nội dung dưới ngưỡng công bố.")]
    blocks: list[Block] = []
    if of.get("placed"):
        blocks += _matrix(
            of,
            "Mức quan trọng và mức hài lòng của từng nội dung",
            "Mức quan trọng suy ra từ tương quan của nội dung với phần còn lại của thang đo; ",
            lambda share: number(share, 3),
            "measuring.figures.derived_importance",
        )
    if of.get("stated"):
        blocks += _matrix(
            of["stated"],
            "Mức mong đợi mà người dân nêu và mức hài lòng",
            "Mức quan trọng là tỷ lệ người chọn mức cao nhất ở câu hỏi về mong đợi tương ứng; ",
            percent,
            "measuring.figures.stated_importance",
        )
    return blocks


def _matrix(
    of: dict, caption: str, note: str, words: Callable[[Decimal], str], source: str
) -> list[Block]:
    first = [row["label"] for row in of["placed"] if row["quadrant"] == "improve"]
    told = "; ".join(first) if first else "không có nội dung nào"
    across, up = (Decimal(of[name]) for name in ("importance", "satisfaction"))
    return [
        Text(f"Nội dung quan trọng mà mức hài lòng thấp hơn trung bình: {told}."),
        Table(
            caption,
            ["Nội dung", "Mức quan trọng", "Mức hài lòng", "Nhóm việc"],
            [
                [
                    row["label"],
                    words(Decimal(row["importance"])),
                    percent(Decimal(row["satisfaction"])),
                    QUADRANTS[row["quadrant"]],
                ]
                for row in of["placed"]
            ],
            note=f"{note}hai trục cắt nhau ở giá trị trung bình ({words(across)}; {percent(up)}).",
            source=source,
        ),
    ]


def points(figures: dict) -> list[Block]:
    """The trend; after a break nothing is compared with what went before."""
    rows = [
        row | {"title": f"{row['title']} (đổi cách đo)"} if row["is_break"] else row
        for row in figures["earlier"]
    ]
    # Periods of one survey stand in the chapter of periods.
    if len({row["code"].partition(":")[0] for row in rows}) < 2:
        return [Text("Chưa có lần đo trước để so sánh.")]
    blocks = breakdown(figures, rows, "lần đo", "lan-do", "measuring.trend.trend")
    changed = [row for row in rows if row.get("change")]
    if changed:
        blocks.append(
            Table(
                "Thay đổi so với lần đo liền trước",
                ["Lần đo", *CHANGE_HEADER],
                [[row["title"], *change_cells(row["change"])] for row in changed],
                note=CHANGE_NOTE,
                source="measuring.trend.trend",
            )
        )
    if any(row["is_break"] for row in rows):
        blocks.append(
            Text("“Đổi cách đo”: câu hỏi hoặc định nghĩa chỉ số đã khác, không so với lần trước.")
        )
    return blocks


def weighted(figures: dict) -> list[Block]:
    of = figures["weighted"]
    if of is None:
        return [Text("Chưa có trọng số nào được tính cho cuộc khảo sát này.")]
    rows = [(row["title"], row) for row in of["rows"]]
    return [
        Table(
            "Chỉ số có trọng số",
            ["Nội dung", *INDEX_HEADER],
            index_rows(rows),
            note=f"Trọng số lần {of['number']}, cách tính: {of['method']}; cơ cấu dân số theo "
            f"{of['source']}.{_effect(of)}",
            source="measuring.weighting.by_scope",
        )
    ]


def _effect(of: dict) -> str:
    """What the weights cost, and which margins they meet; editions of before say deff alone."""
    if not of["deff"]:
        return ""
    deff = f" Hệ số thiết kế Kish (deff): {number(Decimal(str(of['deff'])), 3)}"
    if not of.get("effective_n"):
        return f"{deff}.".replace(" (deff)", "")
    return (
        f" Biến làm khớp: {'; '.join(of['margins'])}. Số người n = {number(of['n'])}.{deff}; cỡ "
        f"mẫu hiệu dụng n/deff = {number(Decimal(str(of['effective_n'])), 1)}. Chỉ số có trọng số "
        f"cộng gộp theo câu trả lời, theo định nghĩa {of['definition'] or 'lúc tính'}."
    )


def rates(figures: dict) -> list[Block]:
    rows = figures["rates"]
    if not rows:
        return []
    header = ["Kênh", "Mời", "Mở", "Bắt đầu", "Từ chối", "Hợp lệ", "Loại", "Tỷ lệ trả lời"]
    return [
        Table(
            "Tỷ lệ trả lời theo kênh",
            header,
            [
                [
                    CHANNELS[Channel(row["channel"])],
                    *_reached(row),
                    *(shown_or(row[name]) for name in ("refused", "valid", "rejected")),
                    "–" if row["rate"] is None else percent(Fraction(*row["rate"])),
                ]
                for row in rows
            ],
            note="Tỷ lệ trả lời: phiếu hợp lệ trên số người được mời (trừ thư không đến), hoặc "
            "trên "
            "số người bắt đầu trả lời. Dấu –: kênh không đếm bước đó. Dấu *: dưới ngưỡng công "
            "bố hoặc để không suy ra được số dưới ngưỡng.",
            source="sampling.progress.response_rates",
        )
    ]


def _reached(row: dict) -> list[str]:
    if row["valid"] is None:
        return [_count(row["invited"]), HIDDEN, HIDDEN]
    return [_count(row[name]) for name in ("invited", "opened", "begun")]


def _count(n: int | None) -> str:
    return "–" if n is None else number(n)


def themes(figures: dict) -> list[Block]:
    """What people wrote, in the themes that a person approved."""
    if not figures["themes"]:
        return [Text("Chưa có chủ đề nào được duyệt.")]
    blocks: list[Block] = []
    for question, rows in groupby(figures["themes"], key=lambda row: row["question"]):
        found = list(rows)
        blocks.append(
            Table(
                question,
                ["Chủ đề", "Số ý kiến"],
                [[row["name"], shown_or(row["n"])] for row in found],
                note="Chủ đề do cán bộ duyệt; dấu *: dưới ngưỡng công bố.",
                source="themes.queries.approved",
            )
        )
        blocks += [Text(f"{row['name']}: “{quote}”") for row in found for quote in row["quotes"]]
    return blocks
