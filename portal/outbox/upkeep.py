"""Looking after the outbox: trying again, clearing away, and telling how late it is."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User

from .models import Heartbeat, OutboxRow, OutboxState
from .sending import wake_on_commit

KEEP_DONE = timedelta(days=90)


@transaction.atomic
def retry(row_id: int, by: User) -> bool:
    """Make a failed effect due again. False if it has not failed (any more)."""
    if not by.has_perm("outbox.change_outboxrow"):
        raise PermissionDenied
    row = OutboxRow.objects.select_for_update().get(pk=row_id)
    if row.state != OutboxState.FAILED:
        return False
    row.state, row.attempts, row.next_at = OutboxState.WAITING, 0, clock.now()
    row.save(update_fields=["state", "attempts", "next_at"])
    wake_on_commit(row.pk)
    log(row, "outbox.retry", user=by)
    return True


def purge() -> int:
    """Delete effects done longer ago than 90 days."""
    old = OutboxRow.objects.filter(state=OutboxState.DONE, done_at__lt=clock.now() - KEEP_DONE)
    return old.delete()[0]


def lateness() -> timedelta:
    """How long the oldest due effect has been waiting; zero when none is due."""
    now = clock.now()
    oldest = (
        OutboxRow.objects.filter(
            # A running row is due again when its lease ends: its worker is gone.
            state__in=[OutboxState.WAITING, OutboxState.RUNNING],
            next_at__lte=now,
        )
        .order_by("next_at")
        .values_list("next_at", flat=True)
        .first()
    )
    return now - oldest if oldest else timedelta()


def last_beat():
    """When the queue last drained, or None if it never has."""
    return Heartbeat.objects.values_list("beat_at", flat=True).first()
