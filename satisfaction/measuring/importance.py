"""What matters most and satisfies least: importance beside satisfaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Quadrant(StrEnum):
    """Martilla and James (1977): what to do about an item."""

    IMPROVE = "improve"  # important, less satisfying than most
    KEEP = "keep"  # important, more satisfying than most
    LATER = "later"  # less important, less satisfying
    ENOUGH = "enough"  # less important, more satisfying


@dataclass(frozen=True)
class Point:
    """Importance and satisfaction of an item, both from 0 to 1."""

    code: str
    label: str
    importance: float
    satisfaction: float


@dataclass(frozen=True)
class Placed:
    point: Point
    quadrant: Quadrant


@dataclass(frozen=True)
class Matrix:
    """Items by urgency, with where the axes cross."""

    importance: float
    satisfaction: float
    placed: tuple[Placed, ...]


_URGENCY = [Quadrant.IMPROVE, Quadrant.KEEP, Quadrant.LATER, Quadrant.ENOUGH]


def matrix(points: Sequence[Point]) -> Matrix | None:
    """Importance-performance analysis (Martilla and James 1977), axes at the means.

    Importance is either said (the share who expect much of it) or derived (how an item goes
    with the rest of the scale: reliability.ItemFit.r); the caller says which.
    """
    if not points:
        return None
    across = sum(point.importance for point in points) / len(points)
    up = sum(point.satisfaction for point in points) / len(points)
    placed = [Placed(point, _quadrant(point, across, up)) for point in points]
    placed.sort(
        key=lambda one: (
            _URGENCY.index(one.quadrant),
            one.point.satisfaction - one.point.importance,
            one.point.code,
        )
    )
    return Matrix(across, up, tuple(placed))


def _quadrant(point: Point, across: float, up: float) -> Quadrant:
    is_important, is_satisfying = point.importance >= across, point.satisfaction >= up
    if is_important:
        return Quadrant.KEEP if is_satisfying else Quadrant.IMPROVE
    return Quadrant.ENOUGH if is_satisfying else Quadrant.LATER
