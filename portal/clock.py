"""The one clock. Verbs take `now` as a parameter and fall back to it here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped.get() or timezone.now()


def of_database() -> datetime:
    """The present moment by the database's clock, the only one that every process shares.

    Asked after a lock is held it is the moment of holding it, not of the transaction's
    beginning. SQLite lives on the same machine as its processes: their clock is one.
    """
    stopped = _stopped.get()
    if stopped or connection.vendor != "postgresql":
        return stopped or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def today() -> date:
    """The present day in Hanoi."""
    return timezone.localdate(now())


def day_of(moment: datetime) -> date:
    """The day in Hanoi on which a moment falls."""
    return timezone.localdate(moment)


def start_of_day() -> datetime:
    """The first moment of the present day in Hanoi."""
    return timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let every `now()` inside be `moment` (aware): for tests and for the demo's past."""
    if timezone.is_naive(moment):
        raise ValueError("the clock stops only at an aware moment")
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
