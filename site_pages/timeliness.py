"""The clocks of Article 8.1.a: how long after its cause an item was sent in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

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


# How the room above finds when an item was sent in, for any query on pages.
_sent_at: list[Callable[[], Combinable]] = []


def arrives_with(sent_at: Callable[[], Combinable]) -> None:
    """A clock of intake stops when the item is sent in, not when it is published."""
    _sent_at[:] = [sent_at]


def arrived_at() -> Combinable:
    """When a page arrived: sent in, or published where it never was; for lists."""
    moments = [*(made() for made in _sent_at), F("first_published_at")]
    return Coalesce(*moments) if len(moments) > 1 else moments[0]


def arrival(page: Page) -> datetime | None:
    """The same for one page in hand."""
    if _sent_at and page.pk:
        sent = Page.objects.filter(pk=page.pk).annotate(sent_at=_sent_at[0]())
        if moment := sent.values_list("sent_at", flat=True).first():
            return moment
    return page.first_published_at


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
    """Those whose clock is in the state; `pages` carry `due_at` and `arrived_at`."""
    return pages.filter(conditions()[Clock(state)])


def conditions() -> dict[Clock, Q]:
    """Each state as a condition on `due_at` and `arrived_at`."""
    now = clock.now()
    return {
        Clock.RUNNING: Q(arrived_at=None, due_at__gte=now),
        Clock.OVERDUE: Q(arrived_at=None, due_at__lt=now),
        Clock.ON_TIME: Q(arrived_at__lte=F("due_at")),
        Clock.LATE: Q(arrived_at__gt=F("due_at")),
    }


def end_of(day: date | None) -> datetime | None:
    """The moment in Hanoi at which a day ends."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
