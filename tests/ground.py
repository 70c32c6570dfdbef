"""What is dear to lay is laid once: its rows are taken, and given back to later tests.

def code(transactional_db):
    return ground.once("citizen", build)     # build() runs for the first test only
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

Laid = TypeVar("Laid")
Rows = dict[str, bytes]
_laid: dict[str, tuple[Rows, object]] = {}


def taken() -> Rows:
    """Every row of the database (PostgreSQL), by table."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.cursor.copy(f"COPY {_quoted(table)} TO STDOUT (FORMAT binary)") as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
    return rows


def give_back(rows: Rows) -> None:
    """Make the database hold these rows and no others."""
    with connection.cursor() as cursor:
        # Neither keys nor triggers are asked: the rows stood together before.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(map(_quoted, rows))}")
        for table, data in rows.items():
            with cursor.cursor.copy(f"COPY {_quoted(table)} FROM STDIN (FORMAT binary)") as copy:
                copy.write(data)
        cursor.execute("SET session_replication_role = origin")
        models = apps.get_models(include_auto_created=True)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def once(name: str, build: Callable[[], Laid]) -> Laid:
    """What `build` lays and returns, on top of whatever it found the first time."""
    if name in _laid:
        rows, value = _laid[name]
        give_back(rows)
    else:
        value = build()
        _laid[name] = taken(), value
    return value
