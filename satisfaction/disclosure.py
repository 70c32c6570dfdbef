"""Tables of two ways in which no small cell can be worked out from what is shown.

A table with its totals is a flow: every cell runs from its row to its column, every row's
total runs back into the row, every column's total out of the column. What is hidden may be
anything that keeps each row and column in balance and is not negative; so the bounds of a
hidden cell are a largest flow, and to protect one is to hide a circle of cells through it
along which k people can be shifted (Kelly, Golden and Assad 1992; Hundepool et al. 2012, 4).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

TOTAL = "total"  # the row, or the column, of totals
Cell = tuple[Hashable, Hashable]
_ROW, _COLUMN = "row", "column"
Node = tuple[str, Hashable]


@dataclass
class TwoWay:
    """Counts of a table with its totals, and which of them are hidden."""

    counts: dict[Cell, int]
    hidden: set[Cell] = field(default_factory=set)

    def shown(self, row: Hashable, column: Hashable) -> int | None:
        """None where it is hidden. TOTAL stands for the totals."""
        cell = row, column
        return None if cell in self.hidden else self.counts[cell]


def two_way(cells: Mapping[Cell, int], k: int, is_secret: Iterable[Cell] = ()) -> TwoWay:
    """Hide what is small, and what would give it away; totals are cells as well.

    Small: fewer than k people, nobody included; and whatever `is_secret` names. After that
    each of these could be anything from where it is to k more for all that is shown.
    """
    table = TwoWay(_with_totals(cells))
    small = {cell for cell, n in table.counts.items() if n < k} | set(is_secret)
    table.hidden |= small
    for cell in sorted(small, key=lambda cell: (-table.counts[cell], str(cell))):
        _protect(table, cell, k)
    return table


def bounds(table: TwoWay, cell: Cell) -> tuple[int, int | None]:
    """The least and the most that a cell can be for who sees the table; None: no end.

    Whole numbers from 0 are all that is known of what is hidden.
    """
    n = table.counts[cell]
    if cell not in table.hidden:
        return n, n
    start, end = _ends(cell)
    more = _flow(table, cell, end, start, None)
    less = _flow(table, cell, start, end, n)
    return n - (less or 0), None if more is None else n + more


def _with_totals(cells: Mapping[Cell, int]) -> dict[Cell, int]:
    counts = dict(cells)
    rows = dict.fromkeys(row for row, _column in cells)
    columns = dict.fromkeys(column for _row, column in cells)
    for row in rows:
        for column in columns:
            counts.setdefault((row, column), 0)
    for row in rows:
        counts[row, TOTAL] = sum(counts[row, column] for column in columns)
    for column in columns:
        counts[TOTAL, column] = sum(counts[row, column] for row in rows)
    counts[TOTAL, TOTAL] = sum(counts[row, TOTAL] for row in rows)
    return counts


def _ends(cell: Cell) -> tuple[Node, Node]:
    """Where a cell runs from and to. Totals run the other way, so that all is in balance."""
    row, column = cell
    if (row == TOTAL) == (column == TOTAL):
        return (_ROW, row), (_COLUMN, column)
    return (_COLUMN, column), (_ROW, row)


def _protect(table: TwoWay, cell: Cell, k: int) -> None:
    """Hide the circle through the cell that costs fewest people, if none is hidden yet."""
    start, end = _ends(cell)
    path = _cheapest(table, cell, end, start, k)
    table.hidden |= set(table.counts) if path is None else set(path)


def _cheapest(table: TwoWay, cell: Cell, start: Node, end: Node, k: int) -> list[Cell] | None:
    """Cells along which k people can be shifted from one node to another (Dijkstra 1959).

    Along its direction any cell takes k more; against it only one that has k. What is hidden
    already costs nothing; the grand total costs most.
    """
    edges = _edges(table, cell, k)
    order = count()
    queue: list[tuple[int, int, Node]] = [(0, next(order), start)]
    best: dict[Node, int] = {start: 0}
    came: dict[Node, tuple[Node, Cell]] = {}
    while queue:
        cost, _order, node = heapq.heappop(queue)
        if node == end:
            return _way(came, start, end)
        if cost > best[node]:
            continue
        for to, other, price in edges.get(node, ()):
            if cost + price < best.get(to, cost + price + 1):
                best[to] = cost + price
                came[to] = node, other
                heapq.heappush(queue, (cost + price, next(order), to))
    return None


def _edges(table: TwoWay, cell: Cell, k: int) -> dict[Node, list[tuple[Node, Cell, int]]]:
    everybody = table.counts[TOTAL, TOTAL] + 1
    edges: dict[Node, list[tuple[Node, Cell, int]]] = {}
    for other, n in table.counts.items():
        if other == cell:
            continue
        price = 0 if other in table.hidden else n + 1
        if price and TOTAL in other:
            price += everybody * (2 if other == (TOTAL, TOTAL) else 1)
        start, end = _ends(other)
        edges.setdefault(start, []).append((end, other, price))
        if n >= k:
            edges.setdefault(end, []).append((start, other, price))
    return edges


def _way(came: Mapping[Node, tuple[Node, Cell]], start: Node, end: Node) -> list[Cell]:
    cells, node = [], end
    while node != start:
        node, cell = came[node]
        cells.append(cell)
    return cells


def _flow(table: TwoWay, cell: Cell, start: Node, end: Node, limit: int | None) -> int | None:
    """The largest flow over hidden cells other than this one, up to the limit (Edmonds and
    Karp 1972); None where nothing bounds it. Along a cell any number, against it what it has.
    """
    left: dict[tuple[Node, Node, Cell], int | None] = {}
    around: dict[Node, list[tuple[Node, Cell]]] = {}
    for other in table.hidden - {cell}:
        a, b = _ends(other)
        left[a, b, other], left[b, a, other] = None, table.counts[other]
        around.setdefault(a, []).append((b, other))
        around.setdefault(b, []).append((a, other))
    total = 0
    while limit is None or total < limit:
        came = _reach(around, left, start, end)
        if end not in came:
            return total
        way: list[tuple[Node, Node, Cell]] = []
        node = end
        while node != start:
            before, other = came[node]
            way.append((before, node, other))
            node = before
        sizes = [size for step in way if (size := left[step]) is not None]
        if not sizes and limit is None:
            return None
        step = min([*sizes, *([] if limit is None else [limit - total])])
        for a, b, other in way:
            for key, change in (((a, b, other), -step), ((b, a, other), step)):
                if (size := left[key]) is not None:
                    left[key] = size + change
        total += step
    return total


def _reach(
    around: Mapping[Node, list[tuple[Node, Cell]]],
    left: Mapping[tuple[Node, Node, Cell], int | None],
    start: Node,
    end: Node,
) -> dict[Node, tuple[Node, Cell]]:
    came: dict[Node, tuple[Node, Cell]] = {}
    queue, seen = deque([start]), {start}
    while queue and end not in came:
        node = queue.popleft()
        for to, other in around.get(node, ()):
            if to not in seen and left[node, to, other] != 0:
                seen.add(to)
                came[to] = node, other
                queue.append(to)
    return came
