"""Charts as small SVG: presentation attributes only (CSP), a title, and the table beside it.

The same SVG stands on the page and in the PDF; text takes the colour of its
surroundings, so that the page's dark mode and grey print both read.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .formats import number, percent

WIDTH = 640
FONT = "Tinos, 'Segoe UI', system-ui, Roboto, 'Noto Sans', sans-serif"
# Five levels, from very dissatisfied to very satisfied.
LEVEL_FILLS = ["#8E3B2E", "#C98B6B", "#D9CFC0", "#7FA79A", "#1F5F5B"]
BRIGHT, DARK = "#FFFFFF", "#1B1B1A"
MARK = "currentColor"
RULE = "#8A867E"


@dataclass(frozen=True)
class Chart:
    """A drawing and the same figures as a table."""

    svg: SafeString
    title: str
    source: str
    header: list[str]
    rows: list[list[str]]

    @property
    def height(self) -> float:
        """In the units of which a chart is WIDTH wide."""
        return float(self.svg.split(' height="', 1)[1].split('"', 1)[0])


@dataclass(frozen=True)
class LikertRow:
    """Counts, lowest level first; None instead of counts hides a small base.

    `spans` says how many levels each count covers; one each unless given.
    """

    label: str
    counts: list[int] | None
    spans: list[int] | None = None


@dataclass(frozen=True)
class IntervalRow:
    """An estimate with its interval, as shares of one; None hides a small base."""

    label: str
    estimate: Fraction | float | None
    low: float = 0.0
    high: float = 0.0
    note: str = ""


@dataclass(frozen=True)
class BarRow:
    """A labelled amount."""

    label: str
    value: Decimal


def fills(levels: int) -> list[str]:
    """A colour for each level: the five of the palette, blended where there are more or fewer."""
    if levels == len(LEVEL_FILLS):
        return LEVEL_FILLS
    last = len(LEVEL_FILLS) - 1
    return [_blend(last * level / max(1, levels - 1)) for level in range(levels)]


def _blend(place: float) -> str:
    low = min(int(place), len(LEVEL_FILLS) - 2)
    share = place - low
    pairs = zip(_channels(LEVEL_FILLS[low]), _channels(LEVEL_FILLS[low + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _ink_on(fill: str) -> str:
    """White or ink, whichever has the higher contrast (WCAG relative luminance)."""
    parts = [channel / 255 for channel in _channels(fill)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return BRIGHT if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else DARK


def _wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters, broken at spaces."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines or [""]


def _text(x: float, y: float, text: str, **attributes: str) -> str:
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    fill = "" if "fill" in attributes else ' fill="currentColor"'
    return f'<text x="{x:g}" y="{y:g}"{fill}{extra}>{escape(text)}</text>'


def _frame(chart_id: str, title: str, height: float, body: list[str]) -> SafeString:
    # Everything inside was escaped by _text or is a number of ours.
    return mark_safe(  # noqa: S308
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}" role="img" aria-labelledby="{chart_id}-title" '
        f'font-family="{FONT}" font-size="13">'
        f'<title id="{chart_id}-title">{escape(title)}</title>{"".join(body)}</svg>'
    )


def likert(
    rows: list[LikertRow], levels: list[str], *, title: str, source: str, chart_id: str
) -> Chart:
    """Stacked bars of the levels of one scale, each row 100 %, the lowest level left."""
    left, right = 240, 46
    span = WIDTH - left - right
    body, y = _legend(levels, 0, 8)
    table = []
    for row in rows:
        lines = _wrap(row.label, 36)
        height = max(26, 15 * len(lines) + 6)
        for index, line in enumerate(lines):
            body.append(_text(0, y + 12 + index * 15, line))
        body.extend(_likert_bar(row, left, y + (height - 26) / 2, span))
        table.append([row.label, *_shares(row, len(levels))])
        y += height + 6
    header = ["Nội dung", *levels, "Số trả lời"]
    return Chart(_frame(chart_id, title, y, body), title, source, header, table)


def _legend(levels: list[str], x: float, y: float) -> tuple[list[str], float]:
    body = []
    for fill, label in zip(fills(len(levels)), levels, strict=True):
        width = 28 + 7.2 * len(label)
        if x + width > WIDTH:
            x, y = 0, y + 20
        body.append(
            f'<rect x="{x:g}" y="{y:g}" width="13" height="13" fill="{fill}" stroke="{RULE}"/>'
        )
        body.append(_text(x + 18, y + 11, label, font_size="12"))
        x += width
    return body, y + 26


def _likert_bar(row: LikertRow, left: float, y: float, span: float) -> list[str]:
    base = sum(row.counts or [])
    if row.counts is None or not base:
        return [_text(left, y + 17, "không đủ phiếu để công bố", font_style="italic")]
    body, x = [], float(left)
    colours = fills(sum(row.spans or [1] * len(row.counts)))
    for index, count in _placed(row.counts, row.spans):
        width = span * count / base
        if not count:
            continue
        body.append(
            f'<rect x="{x:.2f}" y="{y:g}" width="{width:.2f}" height="24" '
            f'fill="{colours[index]}" stroke="#FFFFFF" stroke-width="0.6"/>'
        )
        if width >= 34:
            label = percent(Fraction(count, base), 0)
            body.append(
                _text(
                    round(x + width / 2, 2),
                    y + 16.5,
                    label,
                    text_anchor="middle",
                    fill=_ink_on(colours[index]),
                    font_size="12",
                )
            )
        x += width
    body.append(_text(WIDTH, y + 16.5, number(base), text_anchor="end", font_size="12"))
    return body


def _placed(counts: list[int], spans: list[int] | None) -> list[tuple[int, int]]:
    """Each count with the level that stands for it: of merged levels the one nearest the middle."""
    placed, start = [], 0
    widths = spans or [1] * len(counts)
    middle = (sum(widths) - 1) / 2
    for count, width in zip(counts, widths, strict=True):
        level = min(range(start, start + width), key=lambda level: abs(level - middle))
        placed.append((level, count))
        start += width
    return placed


def level_cells(counts: list[int], spans: list[int], places: int = 2) -> list[str]:
    """Shares as a row of a table, a cell a level. Where levels were merged the cell nearest
    the middle carries the share, and all of them an asterisk."""
    base = sum(counts)
    cells = ["*"] * sum(spans)
    for (level, count), span in zip(_placed(counts, spans), spans, strict=True):
        cells[level] = percent(Fraction(count, base), places) + ("*" if span > 1 else "")
    return cells


def _shares(row: LikertRow, levels: int) -> list[str]:
    base = sum(row.counts or [])
    if row.counts is None or not base:
        return ["–"] * (levels + 1)
    return [*level_cells(row.counts, row.spans or [1] * levels, 1), number(base)]


def intervals(
    rows: list[IntervalRow],
    *,
    title: str,
    source: str,
    chart_id: str,
    reference: float | Fraction | None = None,
) -> Chart:
    """One line a row: a tick at the estimate, a thin line over its 95 % interval."""
    left, right = 240, 118 if any(row.note for row in rows) else 78
    span = WIDTH - left - right
    shown = [row for row in rows if row.estimate is not None]
    floor = _floor(shown)
    layout = [(row, _wrap(row.label, 36)) for row in rows]
    heights = [max(24, 15 * len(lines) + 6) for _, lines in layout]
    bottom = 22 + sum(heights)

    def place(share: float | Fraction) -> float:
        return left + span * (float(share) - floor) / (1 - floor)

    body = _axis(floor, place, bottom)
    if reference is not None:
        x = place(reference)
        body.append(
            f'<line x1="{x:.2f}" x2="{x:.2f}" y1="20" y2="{bottom:g}" '
            f'stroke="{LEVEL_FILLS[0]}" stroke-dasharray="4 3"/>'
        )
    y = 22.0
    table = []
    for (row, lines), height in zip(layout, heights, strict=True):
        for index, line in enumerate(lines):
            body.append(_text(0, y + 13 + index * 15, line))
        body.extend(_interval(row, y + height / 2, place, left))
        table.append(_interval_cells(row))
        y += height
    header = ["Nội dung", "Chỉ số", "Khoảng tin cậy 95%"]
    return Chart(_frame(chart_id, title, bottom + 6, body), title, source, header, table)


def _floor(shown: list[IntervalRow]) -> float:
    """Where the axis begins: the ten per cent below the lowest interval."""
    lowest = min((row.low for row in shown), default=0.0)
    return max(0, int(lowest * 10 - 0.001)) / 10 if lowest < 0.9 else 0.8


def _axis(floor: float, place, bottom: float) -> list[str]:
    body = []
    steps = round((1 - floor) * 10)
    stride = 2 if steps > 5 else 1
    for index in range(0, steps + 1, stride):
        share = floor + index / 10
        x = place(share)
        body.append(
            f'<line x1="{x:.2f}" x2="{x:.2f}" y1="18" y2="{bottom:g}" '
            f'stroke="{RULE}" stroke-opacity="0.4"/>'
        )
        body.append(_text(round(x, 2), 12, percent(share, 0), text_anchor="middle", font_size="11"))
    return body


def _interval(row: IntervalRow, y: float, place, left: float) -> list[str]:
    if row.estimate is None:
        return [_text(left, y + 4, "dưới ngưỡng công bố", font_style="italic", font_size="12")]
    low, high, x = place(row.low), place(row.high), place(row.estimate)
    return [
        f'<line x1="{low:.2f}" x2="{high:.2f}" y1="{y:g}" y2="{y:g}" '
        f'stroke="{MARK}" stroke-width="2"/>',
        f'<line x1="{x:.2f}" x2="{x:.2f}" y1="{y - 7:g}" y2="{y + 7:g}" '
        f'stroke="{MARK}" stroke-width="4"/>',
        _text(WIDTH, y + 4, percent(row.estimate) + row.note, text_anchor="end", font_size="12"),
    ]


def _interval_cells(row: IntervalRow) -> list[str]:
    if row.estimate is None:
        return [row.label, "–", "–"]
    return [
        row.label,
        percent(row.estimate) + row.note,
        f"{percent(row.low)} – {percent(row.high)}",
    ]


def bars(rows: list[BarRow], *, title: str, source: str, unit: str, chart_id: str) -> Chart:
    """One bar a row, from zero; amounts below zero run left of it."""
    left, right = 240, 90
    span = WIDTH - left - right
    low = min([Decimal(0), *(row.value for row in rows)])
    high = max([Decimal(0), *(row.value for row in rows)])
    scale = span / float(high - low or 1)
    zero = left + float(-low) * scale
    body, y, table = [], 4.0, []
    for row in rows:
        lines = _wrap(row.label, 36)
        height = max(26, 15 * len(lines) + 6)
        for index, line in enumerate(lines):
            body.append(_text(0, y + 12 + index * 15, line))
        width = abs(float(row.value)) * scale
        x = zero - width if row.value < 0 else zero
        shown = number(row.value, max(0, -int(row.value.normalize().as_tuple().exponent)))
        body.append(
            f'<rect x="{x:.2f}" y="{y:g}" width="{width:.2f}" height="16" '
            f'fill="{LEVEL_FILLS[4]}" stroke="{RULE}"/>'
        )
        body.append(_text(WIDTH, y + 13, shown, text_anchor="end"))
        table.append([row.label, shown])
        y += height
    return Chart(_frame(chart_id, title, y, body), title, source, ["Nội dung", unit], table)


def columns(rows: list[BarRow], *, title: str, source: str, unit: str, chart_id: str) -> Chart:
    """One column a row, left to right: amounts through time, none below zero."""
    height, foot, left = 150.0, 20.0, 44.0
    highest = max([Decimal(1), *(row.value for row in rows)])
    step = (WIDTH - left) / max(1, len(rows))
    body = [
        f'<line x1="{left:g}" x2="{WIDTH}" y1="{height + 6:g}" y2="{height + 6:g}" '
        f'stroke="{RULE}"/>',
        _text(left - 6, 16, number(highest), text_anchor="end", font_size="11"),
        _text(left - 6, height + 6, "0", text_anchor="end", font_size="11"),
    ]
    for place, row in enumerate(rows):
        tall = height * float(row.value / highest) - 6 * float(row.value / highest)
        body.append(
            f'<rect x="{left + place * step + step * 0.1:.2f}" y="{height + 6 - tall:.2f}" '
            f'width="{step * 0.8:.2f}" height="{tall:.2f}" fill="{LEVEL_FILLS[4]}"/>'
        )
    # As many labels as stand beside each other.
    stride = max(1, -(-len(rows) * 62 // int(WIDTH - left)))
    for place in range(0, len(rows), stride):
        x = left + (place + 0.5) * step
        anchor = "start" if place == 0 else "middle"
        x = left if place == 0 else min(x, WIDTH - 30)
        body.append(
            _text(round(x, 2), height + foot, rows[place].label, text_anchor=anchor, font_size="11")
        )
    table = [[row.label, number(row.value)] for row in rows]
    drawing = _frame(chart_id, title, height + foot + 8, body)
    return Chart(drawing, title, source, ["Thời gian", unit], table)
