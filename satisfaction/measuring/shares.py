"""One question's answers: distribution, top boxes and mean, each with its 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..intervals import Z, wilson


@dataclass(frozen=True)
class Share:
    """n of `of` people with Wilson's interval; nothing is known where `of` is 0."""

    n: int
    of: int
    low: float = 0.0
    high: float = 1.0

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.n, self.of) if self.of else None


@dataclass(frozen=True)
class Mean:
    """Mean score of n people, their standard deviation, and the interval of the mean."""

    n: int
    value: Fraction
    sd: float
    low: float
    high: float


def share(n: int, of: int) -> Share:
    """A share of people with Wilson's interval (1927): one person gives one answer."""
    return Share(n, of, *wilson(n / of, of)) if of else Share(0, 0)


def distribution(counts: Mapping[int, int], levels: Collection[int]) -> dict[int, Share]:
    """The share of each level among the people who chose one of these levels."""
    of = sum(counts.get(level, 0) for level in levels)
    return {level: share(counts.get(level, 0), of) for level in levels}


def top_box(
    counts: Mapping[int, int], levels: Collection[int], satisfied: Collection[int]
) -> Share:
    """The share at a satisfied level ("top two boxes") among those who chose a level.

    Not applicable, declined, skipped and not shown are in no denominator.
    """
    of = sum(counts.get(level, 0) for level in levels)
    return share(sum(counts.get(level, 0) for level in levels if level in satisfied), of)


def mean(counts: Mapping[int, int], levels: Collection[int]) -> Mean | None:
    """x̄ = Σ f·v / n; s² = Σ f (v − x̄)² / (n − 1); x̄ ± z·s/√n (Cochran 1977, ch. 2).

    The levels' codes are their scores. None where nobody chose one.
    """
    frequencies = {level: counts.get(level, 0) for level in levels}
    n = sum(frequencies.values())
    if not n:
        return None
    value = Fraction(sum(level * f for level, f in frequencies.items()), n)
    squares = sum(f * (level - value) ** 2 for level, f in frequencies.items())
    sd = math.sqrt(squares / (n - 1)) if n > 1 else 0.0
    reach = Z * sd / math.sqrt(n)
    low, high = float(value) - reach, float(value) + reach
    return Mean(n, value, sd, max(low, min(levels)), min(high, max(levels)))
