"""Reading several figures as they stood together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query inside see the database as it stood at the first one.

    Inside a transaction that runs already its isolation can no longer be chosen. SQLite
    lets nobody else write meanwhile.
    """
    chooses = connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic():
        if chooses:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
