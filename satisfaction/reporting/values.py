"""What the tallies do not hold: numbers, days and whole rankings, counted in the database.

Each distinct answer is one row of the result, so memory grows with the answers' variety and
not with their number.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform

from ..models import Response, ResponseStatus, Survey
from ..results import ALL, Wanted
from ..versions import pooled


def grouped(survey: Survey, code: str, wanted: Wanted = ALL) -> dict[str, int]:
    """How many valid responses gave each answer to a question, as the JSON's text."""
    rows = (
        Response.objects.filter(
            wanted.among(), version__in=pooled(survey), status=ResponseStatus.VALID
        )
        .annotate(given=KeyTextTransform(code, "answers"))
        .exclude(given=None)
        .values_list("given")
        .annotate(n=Count("pk"))
        .order_by("given")
    )
    return dict(rows.iterator(chunk_size=2000))


@dataclass(frozen=True)
class Numbers:
    """Distinct numbers in order, each with how many people gave it."""

    counts: tuple[tuple[Decimal, int], ...]

    @property
    def n(self) -> int:
        return sum(n for _value, n in self.counts)

    @property
    def mean(self) -> Fraction:
        return sum((Fraction(value) * n for value, n in self.counts), Fraction()) / self.n

    def at(self, place: int) -> Decimal:
        """The number at a place of the sorted list, from 0."""
        passed = 0
        for value, n in self.counts:
            passed += n
            if place < passed:
                return value
        raise IndexError(place)

    def quantile(self, share: Fraction) -> Fraction:
        """Hyndman and Fan (1996), definition 7: linear between places (n−1)·p."""
        place = (self.n - 1) * share
        low = int(place)
        lower = Fraction(self.at(low))
        if low == place:
            return lower
        return lower + (Fraction(self.at(low + 1)) - lower) * (place - low)

    def between(self, low: Decimal | None, high: Decimal | None) -> int:
        """How many numbers are in low <= x < high."""
        return sum(
            n
            for value, n in self.counts
            if (low is None or value >= low) and (high is None or value < high)
        )


def numbers(survey: Survey, code: str, wanted: Wanted = ALL) -> Numbers:
    counts: Counter[Decimal] = Counter()
    for text, n in grouped(survey, code, wanted).items():
        counts[Decimal(text)] += n
    return Numbers(tuple(sorted(counts.items())))


_STEPS = (1, 2, 5)
MOST_BANDS = 6


def band_edges(given: Numbers) -> list[Decimal]:
    """Round edges (1, 2 or 5 times a power of ten) between the 5 % and 95 % points.

    The lowest and the highest answer are no edges: they would tell of one person.
    """
    low, high = (given.quantile(Fraction(part, 100)) for part in (5, 95))
    span = high - low
    if not span:
        return []
    power = Decimal(1).scaleb(_magnitude(span / MOST_BANDS))
    step = next(
        made
        for scale in (power, power * 10)
        for factor in _STEPS
        if Fraction(made := scale * factor) * MOST_BANDS >= span
    )
    first = int(low / Fraction(step)) * step
    edges = [first + step * place for place in range(MOST_BANDS + 2)]
    return [edge for edge in edges if low < Fraction(edge) <= high]


def _magnitude(x: Fraction) -> int:
    """The power of ten at or below x > 0."""
    power = len(str(int(x))) - 1 if x >= 1 else -1
    while Fraction(10) ** power > x:
        power -= 1
    return power


def months(survey: Survey, code: str, wanted: Wanted = ALL) -> dict[date, int]:
    """First days of months, without gaps, with how many days that were given fall in each."""
    counts: Counter[date] = Counter()
    for text, n in grouped(survey, code, wanted).items():
        counts[date.fromisoformat(text).replace(day=1)] += n
    if not counts:
        return {}
    day, last, made = min(counts), max(counts), {}
    while day <= last and len(made) < 240:
        made[day] = counts[day]
        day = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    return made


@dataclass(frozen=True)
class Ranked:
    """Of one choice: who put it first, who ranked it at all, and the sum of its ranks."""

    first: int = 0
    n: int = 0
    ranks: int = 0

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self.ranks, self.n) if self.n else None


def rankings(survey: Survey, code: str, wanted: Wanted = ALL) -> dict[int, Ranked]:
    made: dict[int, Ranked] = {}
    for text, n in grouped(survey, code, wanted).items():
        for rank, choice in enumerate(json.loads(text), 1):
            before = made.get(choice, Ranked())
            made[choice] = Ranked(
                before.first + n * (rank == 1), before.n + n, before.ranks + n * rank
            )
    return made
