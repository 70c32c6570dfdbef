"""The clocks of Article 8.1.a: how long after its cause an item came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.rules.models import RuleValue
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
    return against(began_at + timedelta(hours=hours), out_at)


def against(due_at: datetime, out_at: datetime | None) -> Timeliness:
    """Compare a publication, or now, with a deadline."""
    margin = due_at - (out_at or clock.now())
    in_time = margin >= timedelta(0)
    if out_at is None:
        state = Clock.RUNNING if in_time else Clock.OVERDUE
    else:
        state = Clock.ON_TIME if in_time else Clock.LATE
    return Timeliness(state, due_at, margin)


def due_at(rule: str, began_at: Combinable) -> Case:
    """The deadline in the database, for lists; as `timeliness` reckons it for one item."""
    rows = RuleValue.objects.filter(key=rule).order_by("amount")
    return Case(
        *(
            When(
                _begun_within(began_at, row.valid_from, row.valid_to),
                then=ExpressionWrapper(
                    began_at + Value(timedelta(hours=float(row.amount))),
                    output_field=models.DateTimeField(),
                ),
            )
            for row in rows
        ),
        default=None,
        output_field=models.DateTimeField(),
    )


def _begun_within(began_at: Combinable, first: date, last: date | None) -> Q:
    inside = Q(GreaterThanOrEqual(began_at, end_of(first - timedelta(days=1))))
    return inside & Q(LessThan(began_at, end_of(last))) if last else inside


def in_state(pages: models.QuerySet, state: str) -> models.QuerySet:
    """Those whose clock is in the state; `pages` carry `due_at`."""
    now = clock.now()
    wanted = {
        Clock.RUNNING: Q(first_published_at=None, due_at__gte=now),
        Clock.OVERDUE: Q(first_published_at=None, due_at__lt=now),
        Clock.ON_TIME: Q(first_published_at__lte=F("due_at")),
        Clock.LATE: Q(first_published_at__gt=F("due_at")),
    }
    return pages.filter(wanted[Clock(state)])


def end_of(day: date | None) -> datetime | None:
    """The moment in Hanoi at which a day ends."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
