"""Small cells are hidden before anything is public, and so is what would give them away."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def hidden(cells: Mapping[Key, int], k: int) -> set[Key]:
    """Cells that may not be shown beside their total.

    Primary: fewer than k people (an empty cell is hidden too, so that empty and small
    look alike). Complementary: the hidden cells together must hold at least k people
    and be at least two, or the total would give them away; the smallest shown cells
    join until that holds.
    """
    if not any(0 < n < k for n in cells.values()):
        return {key for key, n in cells.items() if n == 0}
    secret = {key for key, n in cells.items() if n < k}
    rest = sorted((key for key in cells if key not in secret), key=lambda key: cells[key])
    while rest and (_people(cells, secret) < k or _filled(cells, secret) < 2):
        secret.add(rest.pop(0))
    return secret


def _people(cells: Mapping[Key, int], secret: set[Key]) -> int:
    return sum(cells[key] for key in secret)


def _filled(cells: Mapping[Key, int], secret: set[Key]) -> int:
    return sum(1 for key in secret if cells[key])
