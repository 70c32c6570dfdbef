"""Whether the items of a scale measure one thing: Cronbach's alpha, from sums."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class ItemSums:
    """Sums over the people who rated every item; T is a person's total of all items."""

    code: str
    s: int  # Σ v
    ss: int  # Σ v²
    st: int  # Σ v·T


@dataclass(frozen=True)
class ItemFit:
    """`without`: alpha of the other items; `r`: correlation with the sum of the others."""

    code: str
    without: float | None
    r: float | None


@dataclass(frozen=True)
class Reliability:
    n: int
    alpha: float | None
    items: tuple[ItemFit, ...]


def cronbach(n: int, sums: list[ItemSums]) -> Reliability:
    """α = k/(k−1) · (1 − Σ s²ᵢ / s²_T) (Cronbach 1951), over people who rated all k items.

    Σ v·T of each item carries the sums over all pairs: Σ T² = Σᵢ Σ vᵢ·T, and the sum of the
    other items has Σ (T−v)² = Σ T² − 2 Σ v·T + Σ v². So neither alpha nor alpha without an
    item nor the corrected item-total correlation needs a scan.
    """
    total, square = sum(one.s for one in sums), sum(one.st for one in sums)
    spreads = {one.code: _spread(n, one.s, one.s, one.ss) for one in sums}
    fits = []
    for one in sums:
        rest = _spread(n, total - one.s, total - one.s, square - 2 * one.st + one.ss)
        others = sum(spread for code, spread in spreads.items() if code != one.code)
        together = _spread(n, one.s, total - one.s, one.st - one.ss)
        fits.append(
            ItemFit(
                one.code,
                _alpha(len(sums) - 1, others, rest),
                _correlation(together, spreads[one.code], rest),
            )
        )
    whole = _alpha(len(sums), sum(spreads.values()), _spread(n, total, total, square))
    return Reliability(n, whole, tuple(fits))


def _spread(n: int, sa: int, sb: int, sab: int) -> Fraction:
    """Σ (a − ā)(b − b̄) from sums; the divisor n − 1 cancels everywhere."""
    return sab - Fraction(sa * sb, n) if n else Fraction(0)


def _alpha(k: int, parts: Fraction, whole: Fraction) -> float | None:
    if k < 2 or not whole:
        return None
    return float(Fraction(k, k - 1) * (1 - parts / whole))


def _correlation(together: Fraction, one: Fraction, other: Fraction) -> float | None:
    if not one or not other:
        return None
    return float(together) / math.sqrt(one * other)
