"""Inviting, taking part, and reading all that the database holds."""

from __future__ import annotations

from datetime import timedelta

from django.apps import apps
from django.db import connection

from portal import clock
from satisfaction.collecting import closed, invitations
from satisfaction.models import Participation
from tests.satisfaction.factories import answers, begin


def invite(survey, inviter, count: int) -> list[Participation]:
    addresses = [f"can.bo{number}@hanoi.example" for number in range(count)]
    invitations.add(survey, addresses, inviter)
    return list(Participation.objects.filter(survey=survey).order_by("email"))


def take_part(survey, participation, level: int, agency: str = "SNV", comment: str = "") -> None:
    _key, draft = begin(survey, answers(level, agency, comment=comment))
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        closed.take_part(draft.pk, invitations.token_of(participation))


def everything() -> dict[str, list[tuple[str, ...]]]:
    """Every column of every table, as text, in the order in which the database gives it."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            hidden = ", xmin::text, ctid::text" if connection.vendor == "postgresql" else ""
            cursor.execute(f'SELECT *{hidden} FROM "{table}"')  # noqa: S608
            found[table] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return found
