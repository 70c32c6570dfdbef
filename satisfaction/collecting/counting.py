"""How many came to each step: counts only, so that they say nothing of anybody."""

from __future__ import annotations

from django.db import connection

from ..models import Channel, FieldworkCount, Step


def count_step(survey_id: int, channel: Channel, step: Step, n: int = 1) -> None:
    """One statement on both databases; two at once both count."""
    table = FieldworkCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (survey_id, channel, step, n) VALUES (%s, %s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (survey_id, channel, step) DO UPDATE SET n = {table}.n + excluded.n",
            [survey_id, channel.value, step.value, n],
        )
