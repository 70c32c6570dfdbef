"""What a rule says on a day. Where two texts disagree the stricter decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from portal import clock

from .keys import KEYS, Stricter, Unit
from .models import RuleValue


class UnknownRule(LookupError):
    """No such rule, or none in force on that day."""


@dataclass(frozen=True)
class Value:
    """A rule's amount on a day, with the text it rests on."""

    amount: Decimal
    unit: Unit
    basis: str
    article: str
    others: tuple[Value, ...] = ()

    @property
    def integer(self) -> int:
        return int(self.amount)


def value(key: str, on: date | None = None) -> Value:
    """The value in force on `on` (today in Hanoi by default); `others` are the weaker ones."""
    if key not in KEYS:
        raise UnknownRule(key)
    day = on or clock.today()
    rows = RuleValue.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), key=key, valid_from__lte=day
    ).select_related("basis")
    found = [Value(row.amount, row.unit, row.basis.number, row.article) for row in rows]
    if not found:
        raise UnknownRule(f"{key} on {day:%Y-%m-%d}")
    found.sort(key=lambda item: item.amount, reverse=KEYS[key].stricter is Stricter.LARGER)
    first, *rest = found
    return Value(first.amount, first.unit, first.basis, first.article, tuple(rest))
