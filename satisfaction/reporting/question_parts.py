"""Questions beside the index, drawn: each kind has its table, and a chart where one tells more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from portal.reporting.charts import BarRow, Chart, LikertRow, bars, level_cells, likert
from portal.reporting.formats import number, percent, rounded
from portal.reporting.parts import Block, Figure, Heading, Table, Text, fitted

from .printed import HIDDEN, SOURCE, shown_or

TALLIES, ANSWERS = "results.counts_by_question", "reporting.values"
_MOST_LEVELS = 12


def _share(n: int | None, base: int | None) -> str:
    # Without the total, a share would tell it.
    return HIDDEN if n is None or not base else percent(Fraction(n, base))


def person_tables(figures: dict) -> list[dict]:
    """Questions that a person answers with one code, as label, rows and total."""
    tables = figures["people"] if "people" in figures else _one_code(figures.get("questions", []))
    return [_person_cells(table) for table in tables]


def _one_code(questions: list[dict]) -> Iterator[dict]:
    for question in questions:
        if question["kind"] == "single":
            yield question
        elif question["kind"] == "rating":
            yield {"label": question["label"], **_rating_rows(question)}


def _rating_rows(question: dict) -> dict:
    """A rating's levels as rows; of merged levels the first and the last are named."""
    if not question.get("levels"):
        return {"rows": [{"label": "0 – 10", "n": None}], "total": None}
    base, rows, start = question["base"], [], 0
    for n, span in zip(question["levels"], question["spans"], strict=True):
        last = start + span - 1
        rows.append({"label": str(start) if span == 1 else f"{start} – {last}", "n": n})
        start += span
    tail = [("na", "Không áp dụng"), ("silent", "Không trả lời")]
    rows += [{"label": word, "n": base[name]} for name, word in tail if base[name] != 0]
    parts = [base[name] for name in ("answered", "na", "silent")]
    return {"rows": rows, "total": None if None in parts else sum(parts)}


def _person_cells(table: dict) -> dict:
    total = table["total"]
    return {
        "label": table["label"],
        "rows": [
            {
                "label": row["label"],
                "n": shown_or(row["n"]),
                "share": HIDDEN
                if row["n"] is None or total is None
                else percent(Fraction(row["n"], total or 1)),
            }
            for row in table["rows"]
        ],
        "total": shown_or(total),
    }


def questions(figures: dict) -> list[Block]:
    """Every other question under the title of its section; grids as one table."""
    if "questions" not in figures:
        return [_table_of_people(table) for table in person_tables(figures)]
    blocks: list[Block] = []
    k = figures["method"]["k"]
    for title, group in groupby(figures["questions"], key=lambda question: question["section"]):
        blocks.append(Heading(title))
        for (grid, _kind, _scale), rows in groupby(group, key=_laid_together):
            made = list(rows)
            blocks += _grid(grid, made) if made[0]["kind"] == "scale" else _one(made[0])
    if blocks:
        blocks.append(
            Text(
                f"Dấu * thay cho ô dưới ngưỡng công bố {k} người và ô cần che để không suy ra được "
                "ô "
                "đó; mức có dưới ngưỡng được gộp vào mức liền kề.",
                is_note=True,
            )
        )
    return blocks


def _laid_together(question: dict) -> tuple:
    """Scale questions of one grid, or of one scale in a row; others stand alone."""
    if question["kind"] == "scale":
        return question["grid"], "scale", tuple(question.get("scale", ()))
    return question["code"], question["kind"], ()


def _one(question: dict) -> list[Block]:
    kind = question["kind"]
    base = question.get("base", {"answered": 1})
    if kind != "single" and base["answered"] is None:
        return [Text(f"{_named(question)} không nêu vì dưới ngưỡng công bố.")]
    return _DRAWERS[kind](question)


def _base_line(question: dict) -> str:
    """Answered, not applicable, left open and not asked, apart."""
    base = question["base"]
    told = [f"Trả lời: {shown_or(base['answered'])}"]
    for name, word in (
        ("na", "không áp dụng"),
        ("silent", "bỏ qua hoặc không muốn trả lời"),
        ("not_asked", "không được hỏi"),
    ):
        if base.get(name) != 0:
            told.append(f"{word}: {shown_or(base[name])}")
    return "; ".join(told) + "."


def _table_of_people(table: dict) -> Table:
    rows = [[row["label"], row["n"], row["share"]] for row in table["rows"]]
    rows.append(["Tổng số", table["total"], "100,00%" if table["total"] != HIDDEN else HIDDEN])
    return Table(
        table["label"],
        ["Trả lời", "Số người", "Tỷ lệ"],
        rows,
        has_total=True,
        source=TALLIES,
    )


def _single(question: dict) -> list[Block]:
    return [_table_of_people(_person_cells(question))]


def _grid(grid: str, rows: list[dict]) -> list[Block]:
    shown = [row for row in rows if row.get("levels")]
    if not shown:
        return [Text(f"{_named(row)} không nêu vì dưới ngưỡng công bố.") for row in rows]
    scale = shown[0]["scale"]
    caption = grid or (rows[0]["label"] if len(rows) == 1 else "Các nội dung cùng thang đo")
    table = Table(
        caption,
        ["Nội dung", *scale, "Số trả lời", "Không áp dụng"],
        [_grid_row(row, len(scale)) for row in rows],
        note=" ".join(dict.fromkeys(_base_line(row) for row in rows if len(rows) == 1)),
        source=TALLIES,
    )
    if len(shown) < 2 or not 2 <= len(scale) <= _MOST_LEVELS:
        return [table]

    def draw(part: Sequence[dict], _place: int) -> Chart:
        return likert(
            [LikertRow(row["label"], row.get("levels"), row.get("spans")) for row in part],
            scale,
            title=_grid_finding(shown, scale),
            source=f"{SOURCE} Cột bên phải: số câu trả lời.",
            chart_id=f"cau-{part[0]['code']}",
        )

    return [*fitted(rows, draw, TALLIES), table]


def _grid_row(row: dict, levels: int) -> list[str]:
    if not row.get("levels"):
        return [row["label"], *["–"] * (levels + 2)]
    shares = level_cells(row["levels"], row["spans"])
    return [row["label"], *shares, number(sum(row["levels"])), shown_or(row["not_applicable"])]


def _grid_finding(rows: list[dict], scale: list[str]) -> str:
    """Which row has the largest share at the last level, where that level is shown alone."""
    alone = [row for row in rows if row["spans"][-1] == 1]
    if not alone:
        return "Mức trả lời theo từng nội dung"
    top = max(alone, key=lambda row: Fraction(row["levels"][-1], sum(row["levels"])))
    share = percent(Fraction(top["levels"][-1], sum(top["levels"])))
    return f"Mức “{scale[-1]}” cao nhất: {top['label']} ({share})"


def _bars(question: dict, rows: list[tuple[str, Fraction]], title: str, unit: str) -> Figure:
    chart = bars(
        [BarRow(label, rounded(share, 2)) for label, share in rows],
        title=title,
        source=SOURCE,
        unit=unit,
        chart_id=f"cau-{question['code']}",
    )
    return Figure(chart, TALLIES)


def _multiple(question: dict) -> list[Block]:
    base, rows = question["base"]["answered"], question["rows"]
    table = Table(
        f"{question['label']} (được chọn nhiều)",
        ["Lựa chọn", "Số người chọn", "Tỷ lệ trên số người trả lời"],
        [[row["label"], shown_or(row["n"]), _share(row["n"], base)] for row in rows],
        note=f"{_base_line(question)} Một người có thể chọn nhiều mục nên các tỷ lệ cộng lại có "
        "thể "
        "hơn 100%.",
        source=TALLIES,
    )
    shown = [row for row in rows if row["n"] is not None]
    if len(shown) < 2:
        return [table]
    top = max(shown, key=lambda row: row["n"])
    title = f"Được chọn nhiều nhất: {top['label']} ({percent(Fraction(top['n'], base))})"
    percents = [(row["label"], Fraction(100 * row["n"], base)) for row in shown]
    return [_bars(question, percents, title, "% người trả lời"), table]


def _ranking(question: dict) -> list[Block]:
    base, rows = question["base"]["answered"], question["rows"]
    table = Table(
        f"{question['label']} (xếp thứ tự)",
        ["Lựa chọn", "Số người xếp thứ nhất", "Tỷ lệ", "Thứ hạng bình quân"],
        [
            [
                row["label"],
                shown_or(row["first"]),
                _share(row["first"], base),
                HIDDEN if row["mean"] is None else number(Decimal(row["mean"]), 2),
            ]
            for row in rows
        ],
        note=f"{_base_line(question)} Thứ hạng bình quân tính trên những người có xếp mục đó; 1 là "
        "cao nhất.",
        source=f"{TALLIES}; {ANSWERS}.rankings",
    )
    return [table]


def _rating(question: dict) -> list[Block]:
    cells = _person_cells({"label": question["label"], **_rating_rows(question)})
    low, high = question["ends"]
    ends = f" 0: {low}; 10: {high}." if low and high else ""
    mean = f"Điểm trung bình: {number(Decimal(question['mean']), 2)}."
    nps = ""
    if "nps" in question:
        told = "không nêu vì dưới ngưỡng công bố"
        if question["nps"] is not None:
            told = number(Decimal(question["nps"]) * 100, 1)
        nps = f" Chỉ số giới thiệu ròng (mức 9–10 trừ mức 0–6): {told}."
    table = _table_of_people(cells)
    return [
        Table(
            table.caption,
            ["Mức", "Số người", "Tỷ lệ"],
            table.rows,
            note=f"{mean}{nps}{ends} {_base_line(question)}",
            has_total=True,
            source=TALLIES,
        )
    ]


def _amounts(question: dict, rows: list[dict], head: str, source: str, note: str) -> Table:
    base = sum(row["n"] for row in rows)
    return Table(
        question["label"],
        [head, "Số người", "Tỷ lệ"],
        [[row["label"], shown_or(row["n"]), _share(row["n"], base)] for row in rows],
        note=note,
        source=source,
    )


def _number(question: dict) -> list[Block]:
    places = question["decimals"] + 1
    unit = f" ({question['unit']})" if question["unit"] else ""
    mean = number(Decimal(question["mean"]), places)
    first, median, third = (number(Decimal(quarter), places) for quarter in question["quarters"])
    note = (
        f"Trung bình: {mean}; trung vị: {median}; một nửa số người ở giữa: từ {first} đến {third}"
        f"{unit}. {_base_line(question)}"
    )
    return [_amounts(question, question["bands"], f"Mức{unit}", f"{ANSWERS}.numbers", note)]


def _date(question: dict) -> list[Block]:
    note = _base_line(question)
    return [_amounts(question, question["months"], "Tháng", f"{ANSWERS}.months", note)]


def _written(question: dict) -> list[Block]:
    n = shown_or(question["base"]["answered"])
    return [Text(f"{_named(question)} {n} người viết câu trả lời.")]


def _named(question: dict) -> str:
    """A question ends in its own mark; anything else is followed by a colon."""
    label = question["label"].rstrip()
    return label if label.endswith(("?", ".", ":", "…")) else f"{label}:"


_DRAWERS: dict[str, Callable[[dict], list[Block]]] = {
    "single": _single,
    "multiple": _multiple,
    "ranking": _ranking,
    "rating": _rating,
    "number": _number,
    "date": _date,
    "short": _written,
    "text": _written,
}
