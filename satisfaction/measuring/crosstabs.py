"""Two questions against each other: counts with totals, and whether they go together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .tails import chi_square

# Cochran (1954): the chi-square distribution serves while at most a fifth of the expected
# counts is below five and none is below one.
_EXPECTED = 5
_FEW = 0.2


@dataclass(frozen=True)
class Test:
    """Pearson's chi-square of independence with Cramér's V."""

    statistic: float
    df: int
    p: float
    v: float
    is_doubtful: bool


@dataclass(frozen=True)
class CrossTab:
    """Counts by the codes of a question in rows and of another in columns."""

    rows: tuple[object, ...]
    columns: tuple[object, ...]
    counts: Mapping[tuple[object, object], int]

    def n(self, row: object, column: object) -> int:
        return self.counts.get((row, column), 0)

    @cached_property
    def row_totals(self) -> dict[object, int]:
        return {row: sum(self.n(row, column) for column in self.columns) for row in self.rows}

    @cached_property
    def column_totals(self) -> dict[object, int]:
        return {column: sum(self.n(row, column) for row in self.rows) for column in self.columns}

    @property
    def total(self) -> int:
        return sum(self.row_totals.values())

    @property
    def table(self) -> list[list[int]]:
        """Rows with their totals, and the row of totals last."""
        body = [
            [*(self.n(row, column) for column in self.columns), self.row_totals[row]]
            for row in self.rows
        ]
        return [*body, [*self.column_totals.values(), self.total]]

    def test(self) -> Test | None:
        """None where one of the two questions has fewer than two codes in use."""
        return independence([[self.n(row, column) for column in self.columns] for row in self.rows])


def independence(table: Sequence[Sequence[int]]) -> Test | None:
    """χ² = Σ (O − E)²/E with (r−1)(c−1) degrees of freedom, no correction for continuity
    (Pearson 1900); V = √(χ² / (n · min(r−1, c−1))) (Cramér 1946). Rows and columns without
    anybody are left out.
    """
    rows = [row for row in table if sum(row)]
    used = [at for at in range(len(table[0]) if table else 0) if sum(row[at] for row in rows)]
    counts = [[row[at] for at in used] for row in rows]
    if len(rows) < 2 or len(used) < 2:
        return None
    n = sum(map(sum, counts))
    columns = [sum(column) for column in zip(*counts, strict=True)]
    expected = [[sum(row) * column / n for column in columns] for row in counts]
    statistic = math.fsum(
        (o - e) ** 2 / e
        for observed, hoped in zip(counts, expected, strict=True)
        for o, e in zip(observed, hoped, strict=True)
    )
    df = (len(rows) - 1) * (len(used) - 1)
    flat = [e for hoped in expected for e in hoped]
    low = sum(e < _EXPECTED for e in flat)
    return Test(
        statistic,
        df,
        chi_square(statistic, df),
        math.sqrt(statistic / (n * min(len(rows) - 1, len(used) - 1))),
        low > _FEW * len(flat) or min(flat) < 1,
    )
