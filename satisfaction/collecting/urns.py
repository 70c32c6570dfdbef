"""Slips put into the urn and drawn from it: no row, order or transaction is one person's.

A slip goes to a place by lot in a row that holds many. A row that has grown is parted in
two by lot, so that rewriting it stays cheap while no row holds few.
"""

from __future__ import annotations

import secrets

from ..models import Survey, Urn

LARGEST = 128


def lay(survey: Survey) -> None:
    """The urn stands before the first slip: nobody's answer makes it."""
    if not Urn.objects.filter(survey=survey).exists():
        Urn.objects.create(survey=survey)


def put(survey_id: int, slip: str) -> None:
    """Inside the transaction that marks the participation."""
    urn = Urn.objects.select_for_update().filter(survey=survey_id).order_by("size", "pk").first()
    if urn is None:
        urn = Urn(survey_id=survey_id)
    slips = [*urn.slips, slip]
    secrets.SystemRandom().shuffle(slips)
    if len(slips) >= LARGEST:
        half = len(slips) // 2
        Urn.objects.create(survey_id=survey_id, slips=slips[:half], size=half)
        slips = slips[half:]
    urn.slips, urn.size = slips, len(slips)
    urn.save()


def count(survey_id: int) -> int:
    return sum(Urn.objects.filter(survey=survey_id).values_list("size", flat=True))


def empty(survey_id: int) -> list[str]:
    """Every slip, in an order drawn by lot; the urn is gone."""
    urns = list(Urn.objects.select_for_update().filter(survey=survey_id))
    slips = [slip for urn in urns for slip in urn.slips]
    Urn.objects.filter(survey=survey_id).delete()
    secrets.SystemRandom().shuffle(slips)
    return slips
