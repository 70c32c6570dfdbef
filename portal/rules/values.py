"""What a rule says on a day. Where two texts disagree the stricter decides."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.signals import request_finished, request_started
from django.db.models.signals import post_delete, post_save

from portal import clock

from .keys import KEYS, Stricter, Unit
from .models import LegalBasis, RuleValue


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
    found = [
        Value(amount, KEYS[key].unit, basis, article)
        for amount, basis, article, valid_from, valid_to in _rows(key)
        if valid_from <= day and (valid_to is None or valid_to >= day)
    ]
    if not found:
        raise UnknownRule(f"{key} on {day:%Y-%m-%d}")
    found.sort(key=lambda item: item.amount, reverse=KEYS[key].stricter is Stricter.LARGER)
    first, *rest = found
    return Value(first.amount, first.unit, first.basis, first.article, tuple(rest))


_Row = tuple[Decimal, str, str, date, date | None]
# One request asks for several rules: it reads them all at once, and forgets them with itself.
_read: ContextVar[dict[str, list[_Row]] | None] = ContextVar("rules read", default=None)


def _rows(key: str) -> list[_Row]:
    kept = _read.get()
    if kept is None:
        return _from_table(key=key).get(key, [])
    if not kept:
        kept |= _from_table()
    return kept.get(key, [])


def _from_table(**wanted: str) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for key, *row in RuleValue.objects.filter(**wanted).values_list(
        "key", "amount", "basis__number", "article", "valid_from", "valid_to"
    ):
        found.setdefault(key, []).append(tuple(row))
    return found


def _begin(**_signal: object) -> None:
    _read.set({})


def _end(**_signal: object) -> None:
    _read.set(None)


def _read_anew(**_signal: object) -> None:
    if _read.get() is not None:
        _read.set({})


def keep_for_requests() -> None:
    """Called once, when the portal starts."""
    request_started.connect(_begin, dispatch_uid="rules.begin")
    request_finished.connect(_end, dispatch_uid="rules.end")
    for model in (RuleValue, LegalBasis):
        for changed in (post_save, post_delete):
            changed.connect(_read_anew, sender=model, dispatch_uid=f"rules.{model.__name__}")
