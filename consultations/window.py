"""The window of a consultation: a pure function of its records and the moment.

Half-open: an opinion is taken while opens_at <= now < closes_at and the taking is not
suspended. No job opens or closes anything. Every path that writes asks `require_open`,
inside its transaction: it locks the consultation's row, then asks the database for the
moment, so that processes whose clocks disagree still get one decision, and an extension
or a closing that came first is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from portal import clock

from .models import Consultation, WindowAct, WindowRecord

SMALLEST = timedelta(microseconds=1)


class WindowState(Enum):
    UNSET = "unset"
    UPCOMING = "upcoming"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class NotOpen(Exception):
    """The consultation takes no opinion at this moment; `window` says why."""

    def __init__(self, window: Window) -> None:
        super().__init__(window.state.value)
        self.window = window


@dataclass(frozen=True)
class Window:
    """What the records say at a moment."""

    now: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_suspended: bool = False
    is_closed_early: bool = False

    @property
    def state(self) -> WindowState:
        if self.opens_at is None or self.closes_at is None:
            return WindowState.UNSET
        if self.now >= self.closes_at:
            return WindowState.CLOSED
        if self.is_suspended:
            return WindowState.SUSPENDED
        return WindowState.OPEN if self.now >= self.opens_at else WindowState.UPCOMING

    @property
    def is_open(self) -> bool:
        return self.state is WindowState.OPEN

    @property
    def last_moment(self) -> datetime | None:
        """In Hanoi, the last moment that still counts: what people are told as "23:59"."""
        return timezone.localtime(self.closes_at - SMALLEST) if self.closes_at else None

    @property
    def first_moment(self) -> datetime | None:
        return timezone.localtime(self.opens_at) if self.opens_at else None

    @property
    def next_turn(self) -> datetime | None:
        """When the state changes next by the clock alone."""
        turns = (self.opens_at, self.closes_at)
        return min((turn for turn in turns if turn and turn > self.now), default=None)


def read(records: Iterable[WindowRecord], now: datetime) -> Window:
    """The window as the records, in their order, leave it."""
    opens_at = closes_at = None
    is_suspended = is_closed_early = False
    for record in records:
        if record.act == WindowAct.OPEN:
            opens_at, closes_at = record.opens_at, record.closes_at
            is_suspended = is_closed_early = False
        elif record.act in (WindowAct.EXTEND, WindowAct.SHORTEN):
            closes_at = record.closes_at
        elif record.act == WindowAct.CLOSE:
            closes_at, is_closed_early = record.made_at, True
            # Closed before it opened: there is no moment at which it was open.
            opens_at = min(opens_at, closes_at)
        else:
            is_suspended = record.act == WindowAct.SUSPEND
    return Window(now, opens_at, closes_at, is_suspended, is_closed_early)


def of(consultation: Consultation, now: datetime | None = None) -> Window:
    """For showing. What writes asks `require_open`."""
    return read(consultation.records.all(), now or clock.now())


@dataclass(frozen=True)
class Held:
    """A consultation whose row is locked, and the moment at which it was."""

    consultation: Consultation
    window: Window

    @property
    def now(self) -> datetime:
        return self.window.now


def queue_up(consultation_id: int) -> Consultation:
    """Lock the consultation's row: one at a time from here to the transaction's end."""
    if not connection.in_atomic_block:
        raise RuntimeError("a window is held inside the transaction that rests on it")
    return Consultation.objects.select_for_update(no_key=True).get(pk=consultation_id)


def hold(consultation_id: int) -> Held:
    """Lock the consultation's row and read its window at the database's own moment."""
    consultation = queue_up(consultation_id)
    # Asked once the lock is held: whoever waited for it is judged by when it came free.
    now = clock.of_database()
    return Held(consultation, of(consultation, now))


def require_open(consultation_id: int) -> Held:
    """The one guard of every path that takes an opinion; raises NotOpen."""
    held = hold(consultation_id)
    if not held.window.is_open:
        raise NotOpen(held.window)
    return held


def days_left(window: Window) -> int:
    """Days from today to the last day, both in Hanoi; 0 on the last day."""
    return (window.last_moment.date() - timezone.localdate(window.now)).days


def next_turn(now: datetime) -> datetime | None:
    """The next moment at which any consultation opens or closes."""
    turns = (window.next_turn for window in _undecided(now))
    return min((turn for turn in turns if turn), default=None)


def _undecided(now: datetime) -> list[Window]:
    """Windows of consultations some record of which names a moment to come."""
    ahead = WindowRecord.objects.filter(Q(opens_at__gt=now) | Q(closes_at__gt=now))
    records = WindowRecord.objects.filter(consultation__in=ahead.values("consultation"))
    grouped: dict[int, list[WindowRecord]] = {}
    for record in records.order_by("consultation", "number"):
        grouped.setdefault(record.consultation_id, []).append(record)
    return [read(rows, now) for rows in grouped.values()]
