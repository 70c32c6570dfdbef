"""Carrying out what is due.

How each failure ends:
- a handler raises: its writes are rolled back (atomic kinds), the row waits longer
  each time and is FAILED after the last attempt; nothing is lost, an officer retries it;
- a worker is killed: an atomic row was never marked done and is due as before; a
  leased row is due again when its lease ends;
- two workers drain at once: a locked row is skipped, a leased one is not due;
- the queue loses the wake-up: the schedule drains every minute.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from portal import clock

from .models import Heartbeat, OutboxRow, OutboxState
from .registry import Effect, effect_of

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]


LAST_ATTEMPT = len(BACKOFF) + 1


class WorkerLost(Exception):
    """The worker did not live to say what happened."""


class Refused(Exception):
    """The effect can never succeed (e.g. the address does not exist): do not try again."""


def drain(limit: int = 100) -> int:
    """Carry out due effects, at most `limit`; returns how many were attempted."""
    count = 0
    while count < limit and _attempt_next():
        count += 1
    Heartbeat.objects.update_or_create(pk=1, defaults={"beat_at": clock.now()})
    return count


def _due(now: datetime):
    states = [OutboxState.WAITING, OutboxState.RUNNING]
    return OutboxRow.objects.filter(Q(state__in=states), next_at__lte=now).order_by("next_at", "pk")


def _attempt_next() -> bool:
    now = clock.now()
    with transaction.atomic():
        row = _due(now).select_for_update(skip_locked=True).first()
        if row is None:
            return False
        row.attempts += 1
        try:
            effect = effect_of(row.kind)
        except KeyError as error:
            _postpone(row, error, now)
            return True
        if row.attempts > LAST_ATTEMPT:
            # Its lease ran out again and again: it takes its worker down with it.
            _postpone(row, WorkerLost(), now, effect)
            if effect.lost:
                effect.lost(row)
            return True
        if effect.atomic:
            _run_atomic(row, effect, now)
            return True
        _lease(row, now)
    _run_leased(row, effect)
    return True


def _run_atomic(row: OutboxRow, effect: Effect, now: datetime) -> None:
    try:
        with transaction.atomic():
            effect.handler(row)
    except Exception as error:
        _postpone(row, error, now, effect)
    else:
        _finish(row)


def _lease(row: OutboxRow, now: datetime) -> None:
    row.state, row.claim, row.next_at = OutboxState.RUNNING, uuid.uuid4(), now + LEASE
    row.save(update_fields=["state", "claim", "next_at", "attempts"])


def _run_leased(row: OutboxRow, effect: Effect) -> None:
    try:
        effect.handler(row)
    except Exception as error:
        outcome: Exception | None = error
    else:
        outcome = None
    with transaction.atomic():
        still_ours = OutboxRow.objects.select_for_update().filter(pk=row.pk, claim=row.claim)
        if not still_ours.exists():
            return
        if outcome is None:
            _finish(row)
        else:
            _postpone(row, outcome, clock.now(), effect)


def _finish(row: OutboxRow) -> None:
    row.state, row.done_at, row.last_error, row.claim = OutboxState.DONE, clock.now(), "", None
    row.save(update_fields=["state", "done_at", "last_error", "claim", "attempts"])


def _postpone(
    row: OutboxRow, error: Exception, now: datetime, effect: Effect | None = None
) -> None:
    # The error's text may quote data: keep its kind only.
    row.last_error, row.claim = type(error).__name__[:120], None
    logger.warning("effect %s attempt %s: %s", row.pk, row.attempts, row.last_error)
    if isinstance(error, Refused) or row.attempts >= LAST_ATTEMPT:
        row.state = OutboxState.FAILED
    else:
        row.state, row.next_at = OutboxState.WAITING, now + BACKOFF[row.attempts - 1]
    row.save(update_fields=["state", "next_at", "last_error", "claim", "attempts"])
    if row.state == OutboxState.FAILED and effect and effect.failed:
        effect.failed(row)
