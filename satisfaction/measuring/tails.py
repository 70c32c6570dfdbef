"""How far out a test statistic lies: p-values of the normal and the chi-square distribution."""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()
_PRECISION = 1e-15
_STEPS = 10_000
_TINY = 1e-300


def two_sided(z: float) -> float:
    """P(|N(0, 1)| ≥ |z|)."""
    return math.erfc(abs(z) / math.sqrt(2))


def normal_point(probability: float) -> float:
    """The point below which this share of the standard normal distribution lies."""
    return _NORMAL.inv_cdf(probability)


def chi_square(statistic: float, df: int) -> float:
    """P(χ²(df) ≥ statistic) = Q(df/2, statistic/2) (Abramowitz and Stegun, 26.4.19)."""
    return upper_gamma(df / 2, statistic / 2) if df > 0 else 1.0


def upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x).

    Below a + 1 one less the series of P (Abramowitz and Stegun, 6.5.29), above it the
    continued fraction of Q (6.5.31) by Lentz's method (1976): each converges fast there.
    """
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return max(0.0, 1 - front * _series(a, x))
    return front * _fraction(a, x)


def _series(a: float, x: float) -> float:
    """Σ xⁿ / (a (a+1) … (a+n))."""
    term = total = 1 / a
    for n in range(1, _STEPS):
        term *= x / (a + n)
        total += term
        if term < total * _PRECISION:
            break
    return total


def _fraction(a: float, x: float) -> float:
    """1/(x+1−a− 1(1−a)/(x+3−a− 2(2−a)/(x+5−a− …)))."""
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for n in range(1, _STEPS):
        numerator = -n * (n - a)
        b += 2
        d = 1 / (_kept_off_zero(numerator * d + b))
        c = _kept_off_zero(b + numerator / c)
        value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _kept_off_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
