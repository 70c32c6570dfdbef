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


def ends_for_the_begun(survey: Survey) -> datetime:
    """Until then, exclusive, an answer begun before the closing may be sent."""
    return survey.closes_at + timedelta(minutes=survey.grace_minutes)


def takes(survey: Survey, now: datetime, begun_at: datetime | None = None) -> bool:
    """Whether an answer is taken now; one begun in the window has the survey's grace besides."""
    if state(survey, now) is WindowState.OPEN:
        return True
    is_begun = begun_at is not None and state(survey, begun_at) is WindowState.OPEN
    return is_begun and begun_at <= now < ends_for_the_begun(survey)


def require_open(survey: Survey, now: datetime, begun_at: datetime | None = None) -> None:
    if not takes(survey, now, begun_at):
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
