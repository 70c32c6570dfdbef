"""Places of a quota, taken one by one and never one too many.

A place is taken by an UPDATE that the database carries out only while there is one, in the
transaction that writes the answer: two people at the last place cannot both have it, and
what is rolled back is free again. Only answers that count hold a place.
"""

from __future__ import annotations

from django.db.models import F, Q

from ..models import Collector, Response, SampleUnit


class QuotaFull(Exception):
    """Enough people have answered here; the answer was not taken."""


def unit_of(survey_id: int, agency_id: int, collector: Collector | None) -> SampleUnit | None:
    """The unit of the sample plan that an answer counts in, if there is one."""
    if collector and collector.unit_id:
        return SampleUnit.objects.select_related("plan").filter(pk=collector.unit_id).first()
    rows = SampleUnit.objects.filter(plan__survey=survey_id, agency=agency_id, name="")
    return rows.select_related("plan").first()


def take(collector: Collector | None, unit: SampleUnit | None) -> None:
    """Take a place in each quota; QuotaFull when one has none left. Collectors first, then
    units: all writers take locks in one order."""
    if collector:
        free = Q(quota__isnull=True) | Q(taken__lt=F("quota"))
        _take(Collector, collector.pk, free)
    if unit:
        # No join in the condition: only what stands on the row itself is looked at anew by
        # the one who waited for its lock.
        free = Q(taken__lt=F("target")) if unit.plan.is_enforced else Q()
        _take(SampleUnit, unit.pk, free)


def _take(model: type[Collector] | type[SampleUnit], pk: int, free: Q) -> None:
    rows = model.objects.filter(free, pk=pk)
    if not rows.update(taken=F("taken") + 1):
        raise QuotaFull


def release(response: Response) -> None:
    """Give a place back: the answer no longer counts."""
    _move(response, -1)


def retake(response: Response) -> None:
    """An answer that counts again has its place, be the quota full or not."""
    if response.unit_id is None:
        # It was refused as it came: it never had a place.
        unit = unit_of(response.survey_id, response.agency_id, response.collector)
        response.unit = unit
        response.save(update_fields=["unit"])
    _move(response, 1)


def _move(response: Response, step: int) -> None:
    for model, pk in ((Collector, response.collector_id), (SampleUnit, response.unit_id)):
        if pk:
            model.objects.filter(pk=pk, taken__gte=-step).update(taken=F("taken") + step)


def is_full(survey_id: int, agency_id: int, collector: Collector | None) -> bool:
    """Whether an answer begun now could not be taken; told before anybody fills in a form."""
    if collector and collector.quota is not None and collector.taken >= collector.quota:
        return True
    unit = unit_of(survey_id, agency_id, collector)
    return bool(unit and unit.plan.is_enforced and unit.taken >= unit.target)
