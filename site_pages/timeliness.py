"""The clocks of Article 8.1.a: how long after its cause an item came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.rules.values import UnknownRule, value


class Clock(models.TextChoices):
    RUNNING = "running", _("Time left")
    OVERDUE = "overdue", _("Overdue")
    ON_TIME = "on-time", _("On time")
    LATE = "late", _("Late")


@dataclass(frozen=True)
class Timeliness:
    """Where an item stands against its deadline."""

    state: Clock
    due_at: datetime
    # Between now, or the publication, and the deadline.
    margin: timedelta

    @property
    def hours(self) -> int:
        """Whole hours left or late."""
        return int(abs(self.margin).total_seconds() // 3600)


def timeliness(rule: str, began_at: datetime | None, out_at: datetime | None) -> Timeliness | None:
    """Compare with the rule's hours; None where nothing began or no rule was in force then."""
    if began_at is None:
        return None
    try:
        hours = float(value(rule, on=timezone.localdate(began_at)).amount)
    except UnknownRule:
        return None
    due_at = began_at + timedelta(hours=hours)
    margin = due_at - (out_at or clock.now())
    in_time = margin >= timedelta(0)
    if out_at is None:
        state = Clock.RUNNING if in_time else Clock.OVERDUE
    else:
        state = Clock.ON_TIME if in_time else Clock.LATE
    return Timeliness(state, due_at, margin)


def end_of(day: date | None) -> datetime | None:
    """The moment in Hanoi at which a day ends."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
