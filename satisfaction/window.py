"""A survey's window: half-open, a pure function of its two moments and the time."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Min, Q
from django.utils import timezone

from .models import Survey


class WindowState(Enum):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class SurveyClosed(Exception):
    """The survey does not take answers at this moment."""


def state(survey: Survey, now: datetime) -> WindowState:
    """Open while opens_at <= now < closes_at."""
    if now < survey.opens_at:
        return WindowState.UPCOMING
    return WindowState.OPEN if now < survey.closes_at else WindowState.CLOSED


def require_open(survey: Survey, now: datetime) -> None:
    if state(survey, now) is not WindowState.OPEN:
        raise SurveyClosed(survey.code)


def next_turn(now: datetime) -> datetime | None:
    """The next moment at which any survey opens or closes."""
    turns = Survey.objects.aggregate(
        opens=Min("opens_at", filter=Q(opens_at__gt=now)),
        closes=Min("closes_at", filter=Q(closes_at__gt=now)),
    )
    return min((moment for moment in turns.values() if moment), default=None)


def last_minute(survey: Survey) -> datetime:
    """What people are told: the last minute in which an answer is taken, in Hanoi."""
    return timezone.localtime(survey.closes_at - timedelta(microseconds=1))


def days_left(survey: Survey, now: datetime) -> int:
    """Days from today to the last day, both in Hanoi; 0 on the last day."""
    return (last_minute(survey).date() - timezone.localdate(now)).days
