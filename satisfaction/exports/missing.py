"""Which values SPSS is told are no answer: it has room for a range and one value, or for three."""

from __future__ import annotations

from itertools import pairwise

from ..tallies import NOT_SHOWN
from .columns import Column

# Codes of "does not apply" that have no room are moved this far below zero, label and all.
MOVED = -1000
Declared = list[int | dict[str, int]]


class Missing:
    """How the values of a column that are no answer are told in a .sav file.

    1. As they are, where a range that holds no answer, and one value beside it, cover them.
    2. With "not shown" as SPSS's own empty value, where that makes room.
    3. With the codes that the questionnaire calls no answer moved below zero, next to "skipped"
       and "not shown": code 9 is -1009 there. The data dictionary lists both.
    """

    def __init__(self, column: Column) -> None:
        codes = sorted(column.missing)
        answers = [code for code in column.values if code not in codes]
        self.is_not_shown_empty = self.are_moved = False
        found = _covered(codes, answers)
        if found is None and NOT_SHOWN in codes:
            self.is_not_shown_empty = True
            found = _covered([code for code in codes if code != NOT_SHOWN], answers)
        if found is None:
            self.is_not_shown_empty, self.are_moved = False, True
            found = [{"lo": MOVED - codes[-1], "hi": -1}]
        self.declared: Declared = found
        self._moved = {code for code in codes if code >= 0} if self.are_moved else set()

    def code(self, code: int) -> int | None:
        """The number that stands for a code in the file; None for SPSS's empty value."""
        if self.is_not_shown_empty and code == NOT_SHOWN:
            return None
        return MOVED - code if code in self._moved else code


def _covered(codes: list[int], answers: list[int]) -> Declared | None:
    """A range and at most one value, or None where no range without answers leaves one over.

    Among ranges the longest, then the lowest.
    """
    if not codes:
        return []
    runs = [[codes[0]]]
    for before, after in pairwise(codes):
        if any(before < answer < after for answer in answers):
            runs.append([])
        runs[-1].append(after)
    longest = max(runs, key=len)
    beside = [code for run in runs if run is not longest for code in run]
    if len(beside) > 1:
        return None
    as_range: Declared = [{"lo": longest[0], "hi": longest[-1]}] if len(longest) > 1 else [*longest]
    return [*as_range, *beside]
