"""Whether two estimates from different people differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ..intervals import Estimate, Z, interval
from .tails import two_sided

Span = tuple[float, float, float]  # an estimate with the ends of its interval


@dataclass(frozen=True)
class Difference:
    """later − earlier (or first − second), its 95 % interval and the p-value of "none"."""

    value: Fraction
    low: float
    high: float
    p: float

    @property
    def is_significant(self) -> bool:
        return self.low > 0 or self.high < 0


def newcombe(first: Span, second: Span) -> tuple[float, float]:
    """The interval of p₁ − p₂ from (p, low, high) of each: Newcombe (1998), method 10.

    d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²). With the intervals of a ratio
    index, which are Wilson's with an effective size, it does not collapse where all agree.
    """
    (p1, l1, u1), (p2, l2, u2) = first, second
    d = p1 - p2
    return d - math.hypot(p1 - l1, u2 - p2), d + math.hypot(u1 - p1, p2 - l2)


def of_indices(first: Estimate, second: Estimate) -> Difference:
    """Two ratio indices of different people: z = (R₁ − R₂) / √(SE₁² + SE₂²)
    (Cochran 1977, 6.10: independent samples), interval by Newcombe.

    Where neither varies the test says nothing unless they are equal.
    """
    low, high = newcombe(as_span(first), as_span(second))
    d = first.value - second.value
    se = math.hypot(first.se, second.se)
    p = two_sided(float(d) / se) if se else float(not d)
    return Difference(d, low, high, p)


def as_span(made: Estimate, z: float = Z) -> Span:
    """With its interval of 95 %, or at the level of another point of the normal distribution."""
    if z == Z:
        return float(made.value), made.low, made.high
    return float(made.value), *interval(made.value, made.se, made.n, z)
