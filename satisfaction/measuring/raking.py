"""Weights that give a sample the make-up of the population, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

# Shares of a margin closer than this to their targets are met.
TOLERANCE = 1e-9
ROUNDS = 500

Profile = tuple[Hashable, ...]  # a person's category in each margin, None where not known


class CannotWeigh(ValueError):
    """Targets ask for people of whom there is nobody; `empty` says which."""

    def __init__(self, empty: Sequence[tuple[int, Hashable]]) -> None:
        super().__init__(f"nobody in {list(empty)}")
        self.empty = list(empty)


@dataclass(frozen=True)
class Weights:
    """A weight for each profile, with mean 1 over people, and how the fitting went.

    `deviation`: the largest gap between a weighted share and its target.
    """

    weights: dict[Profile, float]
    rounds: int
    has_converged: bool
    deviation: float
    trimmed: int = 0
    n: int = 0
    deff: float = 1.0
    history: tuple[float, ...] = field(default=())

    @property
    def effective_n(self) -> float:
        return self.n / self.deff


def kish(people: Mapping[Profile, int], weights: Mapping[Profile, float]) -> float:
    """Kish's design effect of unequal weights: n Σw² / (Σw)² (Kish 1965, 11.7)."""
    n = sum(people.values())
    total = math.fsum(people[key] * weights[key] for key in people)
    squares = math.fsum(people[key] * weights[key] ** 2 for key in people)
    return n * squares / total**2 if total else 1.0


def rake(
    people: Mapping[Profile, int],
    targets: Sequence[Mapping[Hashable, float]],
    limits: tuple[float, float] | None = None,
    rounds: int = ROUNDS,
) -> Weights:
    """Iterative proportional fitting to the margins (Deming and Stephan 1940).

    `targets[m]` gives shares of margin m; they need not add up to one. Who did not say
    where they belong keep their share of a margin, and the targets share out the rest.
    With `limits`, weights are cut to that multiple of the mean after each round and fitted
    again (Battaglia et al. 2009): the margins are then met as nearly as the limits allow.
    """
    aims = [_aims(people, at, target) for at, target in enumerate(targets)]
    weights = {key: 1.0 for key, n in people.items() if n}
    history: list[float] = []
    for _ in range(rounds):
        for at, aim in enumerate(aims):
            _fit(people, weights, at, aim)
        if limits:
            _cut(people, weights, limits)
        history.append(_deviation(people, weights, aims))
        if history[-1] < TOLERANCE or _stands_still(history):
            break
    return _weights(people, weights, history, limits)


def post_stratify(
    people: Mapping[Profile, int],
    targets: Mapping[Profile, float],
    limits: tuple[float, float] | None = None,
) -> Weights:
    """w = N_h/N : n_h/n in each stratum h (Holt and Smith 1979): raking over one margin
    whose categories are whole profiles.
    """
    joint = {(key,): n for key, n in people.items()}
    made = rake(joint, [targets], limits)
    return replace(made, weights={key: weight for (key,), weight in made.weights.items()})


def _aims(
    people: Mapping[Profile, int], at: int, target: Mapping[Hashable, float]
) -> dict[Hashable, float]:
    """Shares that the weighted margin shall have. Who is in no target keep their share."""
    n = sum(people.values())
    there: dict[Hashable, int] = {}
    for key, m in people.items():
        there[key[at]] = there.get(key[at], 0) + m
    wanted = {category: share for category, share in target.items() if share > 0}
    empty = [(at, category) for category in wanted if not there.get(category)]
    if empty or not wanted:
        raise CannotWeigh(empty)
    rest = {category: m / n for category, m in there.items() if category not in wanted and m}
    left, total = 1 - math.fsum(rest.values()), math.fsum(wanted.values())
    return rest | {category: left * share / total for category, share in wanted.items()}


def _margin(
    people: Mapping[Profile, int], weights: Mapping[Profile, float], at: int
) -> dict[Hashable, float]:
    sums: dict[Hashable, float] = {}
    for key, weight in weights.items():
        sums[key[at]] = sums.get(key[at], 0.0) + people[key] * weight
    return sums


def _fit(
    people: Mapping[Profile, int],
    weights: dict[Profile, float],
    at: int,
    aim: Mapping[Hashable, float],
) -> None:
    margin = _margin(people, weights, at)
    n = sum(people.values())
    for key in weights:
        weights[key] *= aim[key[at]] * n / margin[key[at]]


def _cut(
    people: Mapping[Profile, int], weights: dict[Profile, float], limits: tuple[float, float]
) -> None:
    """Cut, and share what was cut out among the others, so that the mean stays one.

    The factor for the others is found by halving: the cut total grows with it.
    """
    low, high = limits
    n = sum(people.values())
    small, large = 0.0, high / min(weights.values())
    for _ in range(80):
        factor = (small + large) / 2
        held = {key: min(high, max(low, weight * factor)) for key, weight in weights.items()}
        if math.fsum(people[key] * weight for key, weight in held.items()) < n:
            small = factor
        else:
            large = factor
    weights.update(held)


def _deviation(
    people: Mapping[Profile, int],
    weights: Mapping[Profile, float],
    aims: Sequence[Mapping[Hashable, float]],
) -> float:
    n = sum(people.values())
    return max(
        abs(total / n - aim[category])
        for at, aim in enumerate(aims)
        for category, total in _margin(people, weights, at).items()
    )


def _stands_still(history: Sequence[float]) -> bool:
    return len(history) > 20 and abs(history[-1] - history[-2]) < TOLERANCE * 1e-3


def _weights(
    people: Mapping[Profile, int],
    weights: dict[Profile, float],
    history: list[float],
    limits: tuple[float, float] | None,
) -> Weights:
    trimmed = 0
    if limits:
        low, high = limits
        trimmed = sum(
            people[key]
            for key, w in weights.items()
            if w <= low * (1 + 1e-6) or w >= high * (1 - 1e-6)
        )
    used = {key: people[key] for key in weights}
    return Weights(
        weights,
        len(history),
        history[-1] < TOLERANCE,
        history[-1],
        trimmed,
        sum(used.values()),
        kish(used, weights),
        tuple(history),
    )
