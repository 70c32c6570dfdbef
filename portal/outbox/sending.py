"""Calling for an effect in the transaction that makes it due."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from itertools import islice

from django.db import connection, transaction
from django_q.tasks import async_task

from portal import clock

from .models import OutboxRow

logger = logging.getLogger(__name__)
BATCH = 1000


def send(kind: str, key: str, **ids: int) -> OutboxRow:
    """Write the effect beside the change; the same kind and key is the same effect.

    Must run inside a transaction. The queue is woken on commit; if that fails, the
    drain of each minute finds the row all the same.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an effect is called for inside the transaction of its cause")
    now = clock.now()
    row, created = OutboxRow.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={"payload": ids, "next_at": now, "created_at": now},
    )
    if created:
        wake_on_commit(row.pk)
    return row


def send_many(kind: str, effects: Iterable[tuple[str, dict[str, int]]]) -> None:
    """`send` for thousands of (key, ids): written in batches, the queue woken once."""
    if not connection.in_atomic_block:
        raise RuntimeError("effects are called for inside the transaction of their cause")
    now, waiting = clock.now(), iter(effects)
    while batch := list(islice(waiting, BATCH)):
        rows = [
            OutboxRow(kind=kind, key=key, payload=ids, next_at=now, created_at=now)
            for key, ids in batch
        ]
        OutboxRow.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(partial(_wake, 0))


def wake_on_commit(row_id: int) -> None:
    """Wake the queue once the present transaction is through."""
    transaction.on_commit(partial(_wake, row_id))


def _wake(row_id: int) -> None:
    try:
        async_task("portal.outbox.tasks.drain", group="outbox")
    except Exception:
        logger.exception("the queue could not be woken; row %s waits for the minute", row_id)
