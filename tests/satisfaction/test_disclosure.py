"""What is hidden in a table cannot be worked out, as a linear programme sees it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from portal.accounts.models import User
from satisfaction.disclosure import TOTAL, TwoWay, bounds, two_way
from satisfaction.suppression import fewest_shown
from tests.accounts import staff

K = 10
unhurried = settings(deadline=None, max_examples=80)
tables = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda size: st.lists(
        st.one_of(st.integers(0, 12), st.integers(0, 90)),
        min_size=size[0] * size[1],
        max_size=size[0] * size[1],
    ).map(lambda ns: {(f"r{i // size[1]}", f"c{i % size[1]}"): n for i, n in enumerate(ns)})
)


def solved(table: TwoWay, cell) -> tuple[float, float]:
    """The least and the most that a cell can be, by another's solver."""
    cells = list(table.counts)
    at = {cell: number for number, cell in enumerate(cells)}
    rows = list(dict.fromkeys(row for row, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    equations = []
    for row in rows:
        line = np.zeros(len(cells))
        for column in columns:
            line[at[row, column]] = -1 if column == TOTAL else 1
        equations.append(line)
    for column in columns:
        line = np.zeros(len(cells))
        for row in rows:
            line[at[row, column]] = -1 if row == TOTAL else 1
        equations.append(line)
    limits = [(0, None) if c in table.hidden else (n, n) for c, n in table.counts.items()]
    ends = []
    for sign in (1, -1):
        aim = np.zeros(len(cells))
        aim[at[cell]] = sign
        made = linprog(aim, A_eq=np.array(equations), b_eq=np.zeros(len(equations)), bounds=limits)
        ends.append(np.inf if made.status == 3 else sign * made.fun)
    return ends[0], ends[1]


@unhurried
@given(tables)
def test_no_small_cell_can_be_told_from_one_that_is_not(cells):
    table = two_way(cells, K)
    for cell, n in table.counts.items():
        if n < K:
            assert cell in table.hidden
            low, high = bounds(table, cell)
            assert low <= n
            assert high is None or high >= n + K or len(table.hidden) == len(table.counts)


@settings(deadline=None, max_examples=25)
@given(tables)
def test_the_bounds_are_those_of_a_linear_programme(cells):
    table = two_way(cells, K)
    for cell in sorted(table.hidden, key=str)[:4]:
        low, high = bounds(table, cell)
        other_low, other_high = solved(table, cell)
        assert low == pytest.approx(other_low, abs=1e-6)
        assert (np.inf if high is None else high) == pytest.approx(other_high, abs=1e-6)


def test_large_tables_without_small_cells_are_shown_whole():
    cells = {(row, column): 10 + row + column for row in range(8) for column in range(6)}
    table = two_way(cells, K)
    assert not table.hidden
    assert table.shown(0, TOTAL) == sum(10 + column for column in range(6))


def test_little_more_than_needed_is_hidden():
    cells = {(row, column): 40 + row * 3 + column for row in range(5) for column in range(4)}
    cells[2, 1] = 3
    table = two_way(cells, K)
    assert len(table.hidden) == 4
    assert table.shown(2, 1) is None
    assert table.shown(TOTAL, TOTAL) == sum(cells.values())


def test_an_empty_cell_is_hidden_like_a_small_one():
    def hidden(n: int) -> set:
        cells = {(row, column): 40 for row in range(3) for column in range(3)}
        return two_way(cells | {(1, 1): n}, K).hidden

    assert hidden(0) == hidden(4) == hidden(9)


@pytest.mark.django_db
def test_who_looks_over_each_response_is_shown_every_count():
    assert fewest_shown() == 10
    assert fewest_shown(staff("nguoi.doc", "satisfaction.view_results")) == 10
    reviewer = User.objects.get(pk=staff("to.cong.tac", "satisfaction.review_responses").pk)
    assert fewest_shown(reviewer) == 0
