"""Đôn đốc: reminding of orders, higher with each step, until answered (Art. 5.2.d, 5.4.d)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Membership
from portal.agencies.queries import in_force
from portal.outbox.mail import send_letter
from portal.rules.values import value

from .authority import authority, deciders, may_screen, screeners
from .models import Nudge, Order, Reminder, ReminderLevel
from .orders import is_collaborator, with_names

logger = logging.getLogger(__name__)
LETTER = "editorial.reminder"


@dataclass(frozen=True)
class Ladder:
    """Days before and after a deadline at which a reminder climbs."""

    before: timedelta
    agency: timedelta
    board: timedelta

    @classmethod
    def on_this_day(cls) -> Ladder:
        keys = ("order.remind_before_days", "order.agency_after_days", "order.board_after_days")
        return cls(*(timedelta(days=value(key).integer) for key in keys))

    def step(self, waits_until: datetime, now: datetime) -> tuple[Nudge, ReminderLevel] | None:
        """The highest step that is reached; None while there is time."""
        if now >= waits_until + self.board:
            return Nudge.PASSED, ReminderLevel.BOARD
        if now >= waits_until + self.agency:
            return Nudge.PASSED, ReminderLevel.AGENCY
        if now >= waits_until:
            return Nudge.PASSED, ReminderLevel.COLLABORATOR
        if now >= waits_until - self.before:
            return Nudge.BEFORE, ReminderLevel.COLLABORATOR
        return None


def remind_all() -> int:
    """Nightly chore: send each order's next reminder; how many were sent.

    An order that is answered or delivered waits for nothing and is not looked at. Run
    twice, or after a night left out, each step is sent once.
    """
    ladder = Ladder.on_this_day()
    horizon = clock.now() + ladder.before
    waiting = Order.objects.filter(waits_until__lte=horizon).values_list("pk", flat=True)
    sent = 0
    for order_id in waiting.order_by("waits_until", "pk"):
        try:
            sent += _remind(order_id, ladder)
        except Exception:
            logger.exception("order %s: reminder failed", order_id)
    return sent


@transaction.atomic
def _remind(order_id: int, ladder: Ladder) -> bool:
    order = _locked(order_id)
    if order.waits_until is None:
        return False
    step = ladder.step(order.waits_until, clock.now())
    if step is None:
        return False
    occasion, level = step
    known = {"level": level, "occasion": occasion, "waited_until": order.waits_until}
    if order.reminders.filter(**known).exists():
        return False
    _send(order, occasion, level, None)
    return True


def may_remind(user: User, order: Order) -> bool:
    """The working group, who is in charge of the section, the Head (Art. 5.2.d, 5.4.d)."""
    return may_screen(user) or authority(user, order.topic.section) is not None


@transaction.atomic
def remind(order_id: int, level: int, by: User) -> Reminder:
    """Remind by hand, once a day and level."""
    order = _locked(order_id)
    if not may_remind(by, order):
        raise PermissionDenied
    if order.waits_until is None:
        raise ValidationError(_("The collaborator has answered: there is nothing to remind of."))
    today = order.reminders.filter(
        occasion=Nudge.MANUAL, level=level, sent_on=clock.today()
    ).exists()
    if today:
        raise ValidationError(_("They were reminded today already."))
    reminder = _send(order, Nudge.MANUAL, ReminderLevel(level), by)
    log(order, "editorial.order.remind", user=by, data={"level": int(level)})
    return reminder


def recipients(order: Order, level: ReminderLevel) -> list[User]:
    """Whom a level reaches today, each once. With nobody left below, the working group."""
    person = order.collaborator.user
    found = [person] if is_collaborator(person) else []
    if level >= ReminderLevel.AGENCY:
        found += _officers(order)
    if level >= ReminderLevel.AGENCY or not found:
        found += screeners()
    if level >= ReminderLevel.BOARD:
        found += deciders(order.topic.section)
    return _each_once(person for person in found if person.is_active)


def _officers(order: Order) -> list[User]:
    """Who acts today for the collaborator's agency, or for the one that carries it on."""
    if order.collaborator.agency is None:
        return []
    agency, day = in_force(order.collaborator.agency), clock.today()
    rows = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), agency=agency, valid_from__lte=day
    )
    return [row.user for row in rows.select_related("user").order_by("pk")]


def _each_once(people: Iterable[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())


def _locked(order_id: int) -> Order:
    return with_names(Order.objects.select_for_update(of=("self",))).get(pk=order_id)


def _send(order: Order, occasion: Nudge, level: ReminderLevel, by: User | None) -> Reminder:
    reminder = Reminder.objects.create(
        order=order,
        level=level,
        occasion=occasion,
        waited_until=order.waits_until,
        sent_by=by,
        sent_at=clock.now(),
        sent_on=clock.today(),
    )
    people = recipients(order, level)
    reminder.recipients.set(people)
    for person in people:
        send_letter(LETTER, str(reminder.pk), person.pk, order_id=order.pk)
    return reminder
