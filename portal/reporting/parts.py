"""A report's body as parts that the PDF, the page and the DOCX draw alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeVar

from .charts import Chart

# Tables with more columns than this are set small, with columns of one width.
_FEW = 5


@dataclass(frozen=True)
class Text:
    """One paragraph; a comment is set apart with a line that says whose it is."""

    kind: ClassVar[str] = "text"

    text: str
    is_comment: bool = False
    is_note: bool = False


@dataclass(frozen=True)
class Heading:
    """A title inside a chapter."""

    kind: ClassVar[str] = "heading"

    text: str


@dataclass(frozen=True)
class Table:
    """Printed cells; the first of a row names it. `source` names the query behind it."""

    kind: ClassVar[str] = "table"

    caption: str
    header: list[str]
    rows: list[list[str]]
    note: str = ""
    has_total: bool = False
    source: str = ""
    number: int = 0

    @property
    def is_short(self) -> bool:
        return len(self.rows) <= 16

    @property
    def is_wide(self) -> bool:
        return len(self.header) > _FEW

    @property
    def label(self) -> str:
        return f"Bảng {self.number}. {self.caption}"


@dataclass(frozen=True)
class Figure:
    """A chart; `has_table` where a fuller table follows anyway and the chart's own is left out."""

    kind: ClassVar[str] = "figure"

    chart: Chart
    source: str = ""
    has_table: bool = True
    number: int = 0

    @property
    def label(self) -> str:
        return f"Hình {self.number}. {self.chart.title}"


Block = Heading | Text | Table | Figure

Row = TypeVar("Row")
# What a sheet of A4 holds of a chart beside its title and source, in the chart's own units.
_TALLEST = 940


def fitted(
    rows: Sequence[Row], draw: Callable[[Sequence[Row], int], Chart], source: str
) -> list[Figure]:
    """One chart of the rows, or as many as fit a sheet each: what runs over is cut off there.

    `draw` is given the rows of a part and its place from 0; each is told apart in its title.
    """
    parts = 0
    charts: list[Chart] = []
    while not charts or (parts < len(rows) and max(chart.height for chart in charts) > _TALLEST):
        parts += 1
        size = -(-len(rows) // parts) or 1
        starts = range(0, max(len(rows), 1), size)
        charts = [draw(rows[start : start + size], place) for place, start in enumerate(starts)]
    if len(charts) > 1:
        charts = [
            replace(chart, title=f"{chart.title} (phần {place}/{len(charts)})")
            for place, chart in enumerate(charts, 1)
        ]
    return [Figure(chart, source) for chart in charts]


@dataclass(frozen=True)
class Chapter:
    code: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    number: int = 0

    @property
    def roman(self) -> str:
        return roman(self.number)


def numbered(chapters: Iterable[Chapter]) -> list[Chapter]:
    """Tables and figures counted through the whole report."""
    tables = figures = 0
    made = []
    for place, chapter in enumerate(chapters, 1):
        blocks: list[Block] = []
        for block in chapter.blocks:
            if isinstance(block, Table):
                tables += 1
                block = replace(block, number=tables)
            elif isinstance(block, Figure):
                figures += 1
                block = replace(block, number=figures)
            blocks.append(block)
        made.append(replace(chapter, blocks=blocks, number=place))
    return made


def traced(chapters: Iterable[Chapter]) -> Iterator[tuple[str, str]]:
    """Every numbered table and figure with the query that it rests on."""
    for chapter in chapters:
        for block in chapter.blocks:
            if isinstance(block, Table):
                yield f"Bảng {block.number}", block.source
            elif isinstance(block, Figure):
                yield f"Hình {block.number}", block.source


_ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV"]


def roman(number: int) -> str:
    """1 → 'I'; reports have at most a few chapters."""
    tens, rest = divmod(number, 10)
    return "X" * tens + (_ROMAN[rest - 1] if rest else "")
