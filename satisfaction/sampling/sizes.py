"""How many people a survey has to ask, and how they are spread over units."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

# Two-sided 95 %: the quantile of the normal distribution, to the places that tables give.
Z95 = Fraction(196, 100)
Share = Decimal | Fraction


def yamane(population: int, margin: Share) -> int:
    """n = N / (1 + N·e²), rounded up (Yamane 1967, Statistics: An Introductory Analysis)."""
    if population < 1:
        return 0
    e = Fraction(margin)
    return math.ceil(population / (1 + population * e * e))


def by_share(population: int, margin: Share, share: Share, z: Fraction = Z95) -> int:
    """n0 = z²·p·(1-p)/e², corrected for a finite population: n = n0 / (1 + (n0-1)/N), rounded up
    (Cochran 1977, Sampling Techniques, 3rd ed., eq. 4.1 and 4.2)."""
    if population < 1:
        return 0
    e, p = Fraction(margin), Fraction(share)
    infinite = z * z * p * (1 - p) / (e * e)
    if infinite <= 1:
        return 1
    return min(population, math.ceil(infinite / (1 + (infinite - 1) / population)))


def read_stages(text: str) -> list[int]:
    """'6 × 3 × 2 × 250' as numbers; ValueError where it is none of that."""
    parts = [part.strip() for part in re.split(r"[×xX*]", text)]
    if not all(re.fullmatch(r"[1-9]\d{0,5}", part, re.ASCII) for part in parts):
        raise ValueError(text)
    return [int(part) for part in parts]


def by_stages(stages: Sequence[int]) -> int:
    """Units of each stage multiplied: 6 districts × 3 communes × 2 villages × 250 households."""
    return math.prod(stages)


def proportional(total: int, populations: Sequence[int]) -> list[int]:
    """`total` over units in proportion to their size, by largest remainder.

    No unit gets more than it has; what one cannot take, the others share.
    """
    return _spread(total, populations, populations)


def equal(total: int, populations: Sequence[int]) -> list[int]:
    """The same number in each unit; what one cannot take, the others share."""
    return _spread(total, populations, [1 if size else 0 for size in populations])


def _spread(total: int, limits: Sequence[int], weights: Sequence[int]) -> list[int]:
    given = [0] * len(limits)
    left = min(total, sum(limits))
    while left:
        open_units = [i for i, limit in enumerate(limits) if given[i] < limit and weights[i]]
        shares = _by_largest_remainder(left, [weights[i] for i in open_units])
        for i, share in zip(open_units, shares, strict=True):
            given[i] += min(share, limits[i] - given[i])
        left = min(total, sum(limits)) - sum(given)
    return given


def _by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers that sum to `total`; of equal remainders the earlier unit's is the larger."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    rest = total - sum(shares)
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[:rest]:
        shares[i] += 1
    return shares
