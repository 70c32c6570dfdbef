"""Agencies in order of their index, with how sure each one's place is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from ..intervals import Estimate, Moments, Z, estimate
from .comparing import as_span, newcombe, of_indices
from .tails import normal_point

Key = TypeVar("Key")
_ERROR = 0.05  # of a whole range, shared among its comparisons


class Group(StrEnum):
    """Beside all others together: surely above, not told apart, surely below."""

    ABOVE = "A"
    LIKE = "B"
    BELOW = "C"


@dataclass(frozen=True)
class Ranked(Generic[Key]):
    """`place` is shared by those whose printed index is the same; `best` and `worst` bound
    the places that the sample cannot rule out.
    """

    key: Key
    estimate: Estimate
    place: int
    is_tied: bool
    best: int
    worst: int
    group: Group


@dataclass(frozen=True)
class Ranking(Generic[Key]):
    ranked: list[Ranked[Key]]
    unranked: list[Key]


def rank(
    estimates: Mapping[Key, Estimate | None],
    fewest: int,
    printed: Callable[[Fraction], object],
    others: Callable[[Key], Estimate | None],
) -> Ranking[Key]:
    """Order agencies by their index as printed; those with fewer than `fewest` people who
    rated anything are listed unranked. `others(key)`: what an agency's group is told by.

    The range of places counts the agencies that are surely better and surely worse: 1 + those
    whose difference has an interval (Newcombe 1998) wholly above 0, to m − those wholly below
    (Goldstein and Spiegelhalter 1996; Klein, Wright and Wieczorek 2020). An agency is compared
    with m − 1 others, each at 1 − 0.05/(m − 1) (Bonferroni; `point_for`): so a range holds the
    agency's true place with at least 95 % (Mogstad, Romano, Shaikh and Wilhelm 2024, 3.1).
    The group is one comparison an agency, at 95 %.
    """
    made = {key: found for key, found in estimates.items() if found and found.n >= fewest}
    values = {key: printed(found.value) for key, found in made.items()}
    order = sorted(made, key=lambda key: (values[key], made[key].value), reverse=True)
    places: dict[object, int] = {}
    for number, key in enumerate(order, 1):
        places.setdefault(values[key], number)
    often = Counter(values.values())
    ranges = _ranges(made)
    return Ranking(
        [
            Ranked(
                key,
                made[key],
                places[values[key]],
                often[values[key]] > 1,
                *ranges[key],
                _group(made[key], others(key)),
            )
            for key in order
        ],
        [key for key in estimates if key not in made],
    )


def rank_moments(
    moments: Mapping[Key, Moments], fewest: int, printed: Callable[[Fraction], object]
) -> Ranking[Key]:
    """Agencies by a pooled index; each is grouped beside all others that are ranked, without
    itself: independent people."""
    made = {key: estimate(m) for key, m in moments.items()}
    ranked = [m for m in moments.values() if m.sx and m.n >= fewest]
    whole = sum(ranked, Moments())
    return rank(made, fewest, printed, lambda key: estimate(whole - moments[key]))


def point_for(agencies: int) -> float:
    """The point z of the normal distribution for one of the m − 1 comparisons of an agency:
    Φ(z) = 1 − 0.05 / (2 (m − 1)) (Bonferroni)."""
    return Z if agencies <= 2 else normal_point(1 - _ERROR / (2 * (agencies - 1)))


def _ranges(made: Mapping[Key, Estimate]) -> dict[Key, tuple[int, int]]:
    keys = list(made)
    point = point_for(len(keys))
    spans = [as_span(made[key], point) for key in keys]
    better, worse = [0] * len(keys), [0] * len(keys)
    for at, one in enumerate(spans):
        for beside in range(at + 1, len(spans)):
            low, high = newcombe(one, spans[beside])
            if low > 0 or high < 0:
                up, down = (at, beside) if low > 0 else (beside, at)
                better[down] += 1
                worse[up] += 1
    return {key: (1 + better[at], len(keys) - worse[at]) for at, key in enumerate(keys)}


def _group(one: Estimate, others: Estimate | None) -> Group:
    if others is None:
        return Group.LIKE
    found = of_indices(one, others)
    if not found.is_significant:
        return Group.LIKE
    return Group.ABOVE if found.low > 0 else Group.BELOW
