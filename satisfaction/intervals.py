"""Ratio estimates and their 95 % intervals, by respondent."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from fractions import Fraction

# 97.5 % point of the standard normal distribution.
Z = 1.959963984540054


@dataclass(frozen=True)
class Moments:
    """n respondents; sums over them of y (satisfied), x (rated) and their products."""

    n: int = 0
    sy: int = 0
    sx: int = 0
    syy: int = 0
    sxy: int = 0
    sxx: int = 0

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.n + other.n,
            self.sy + other.sy,
            self.sx + other.sx,
            self.syy + other.syy,
            self.sxy + other.sxy,
            self.sxx + other.sxx,
        )

    def __sub__(self, other: Moments) -> Moments:
        return self + Moments(*(-part for part in astuple(other)))


@dataclass(frozen=True)
class Estimate:
    """A share of one, its standard error, and a 95 % interval."""

    value: Fraction
    se: float
    low: float
    high: float
    n: int


def wilson(share: float, n: float, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval (1927) for a share observed in n independent trials.

    n may be an effective sample size and need not be whole.
    """
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def ratio_se(moments: Moments) -> float:
    """Standard error of R = Σy/Σx over respondents (Cochran, Sampling Techniques, ch. 6).

    sqrt(n/(n−1) · Σ(y − R·x)²) / Σx, from the five sums; 0 for a single respondent.
    """
    if moments.n < 2:
        return 0.0
    r = Fraction(moments.sy, moments.sx)
    squares = moments.syy - 2 * r * moments.sxy + r * r * moments.sxx
    return math.sqrt(squares * Fraction(moments.n, moments.n - 1)) / moments.sx


def estimate(moments: Moments) -> Estimate | None:
    """R with a Wilson interval of effective size R(1−R)/SE² (Dean and Pagano, 2015).

    It stays within 0 and 1 and does not collapse: where all respondents agree (SE 0)
    the effective size is their number. None when nobody rated anything.
    """
    if not moments.sx:
        return None
    return around(Fraction(moments.sy, moments.sx), ratio_se(moments), moments.n)


def around(r: Fraction, se: float, n: int) -> Estimate:
    """An index of n people with this standard error, and its interval."""
    low, high = interval(r, se, n)
    return Estimate(r, se, low, high, n)


def interval(r: Fraction, se: float, n: int, z: float = Z) -> tuple[float, float]:
    """Wilson's with the effective size, at the level of this point of the normal distribution."""
    size = float(r * (1 - r)) / se**2 if se > 0 and 0 < r < 1 else float(n)
    return wilson(float(r), size, z)
