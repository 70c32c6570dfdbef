"""Where a quotation that a paragraph opens comes to its end.

An amending text quotes whole provisions: “Điều 5. … 2. …”. They are words of the clause
that amends, however much they look like provisions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A quotation longer than this was never closed.
LONGEST = 300
_OPENS_STRAIGHT = re.compile(r'^\s*"|:\s*"')
_ENDS = re.compile(r"[\"”“»’]\s*[.;,:]?\s*$")
_BEGINS = re.compile(r"^\s*[“«\"]|:\s*[“«\"]")


def depth(text: str, before: int = 0) -> int:
    """Quotations open after these words, of those that are written “so” or «so»."""
    open_now = before
    for char in text:
        if char in "“«":
            open_now += 1
        elif char in "”»":
            open_now = max(0, open_now - 1)
    return open_now


def closes_at(text: str, following: Sequence[str]) -> int:
    """How many of the paragraphs that follow belong to a quotation opened in `text`; 0: none."""
    if _OPENS_STRAIGHT.search(text) and text.count('"') % 2:
        return _closing(following, lambda line: line.count('"') % 2 == 1)
    open_now = depth(text)
    if not open_now:
        return 0
    for count, line in enumerate(following[:LONGEST], 1):
        open_now = depth(line, open_now)
        if not open_now:
            return count
    # Never closed as it was opened: by any mark at the end of a paragraph then.
    return _closing(following, lambda line: bool(_ENDS.search(line))) if _BEGINS.search(text) else 0


def _closing(following: Sequence[str], closes) -> int:
    for count, line in enumerate(following[:LONGEST], 1):
        if closes(line):
            return count
    return 0
