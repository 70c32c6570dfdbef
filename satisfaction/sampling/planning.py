"""Making a sample plan: its size, its units, and how many are asked in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.agencies.queries import by_code
from portal.text import clean

from ..models import (
    Allocation,
    Response,
    ResponseStatus,
    SamplePlan,
    SampleUnit,
    SizeMethod,
    Survey,
)
from . import sizes

MOST_UNITS = 5_000
LARGEST = 100_000_000


@dataclass(frozen=True)
class UnitLine:
    """One line of the list of units: agency, unit within it, households."""

    agency: Agency
    name: str
    population: int


@dataclass(frozen=True)
class Design:
    """How the size is found and spread."""

    method: SizeMethod
    margin: Decimal = Decimal("0.05")
    share: Decimal = Decimal("0.5")
    stages: str = ""
    size: int = 0
    allocation: Allocation = Allocation.PROPORTIONAL
    is_enforced: bool = False


def size_of(design: Design, population: int) -> int:
    """How many are to be asked; never more than there are."""
    match design.method:
        case SizeMethod.YAMANE:
            size = sizes.yamane(population, design.margin)
        case SizeMethod.SHARE:
            size = sizes.by_share(population, design.margin, design.share)
        case SizeMethod.STAGES:
            try:
                size = sizes.by_stages(sizes.read_stages(design.stages))
            except ValueError:
                raise ValidationError(
                    {"stages": _("Write whole numbers with × between them, e.g. 6 × 3 × 2 × 250.")}
                ) from None
        case SizeMethod.FIXED:
            size = design.size
    if not size:
        raise ValidationError({"size": _("Say how many people are to be asked.")})
    return min(size, population)


def read_units(text: str) -> list[UnitLine]:
    """Lines "agency code; unit; households"; ValidationError names every line at fault."""
    lines, faults = [], []
    seen: set[tuple[int, str]] = set()
    for number, raw in enumerate(clean(text).splitlines(), 1):
        if not raw.strip():
            continue
        try:
            line = _unit(raw)
            key = (line.agency.pk, line.name)
            if key in seen:
                raise ValueError(_("the unit stands here twice"))
            seen.add(key)
            lines.append(line)
        except ValueError as error:
            faults.append(_("Line %(n)s: %(why)s.") % {"n": number, "why": error})
    if faults:
        raise ValidationError({"units": faults[:20]})
    if not lines:
        raise ValidationError({"units": _("Name at least one unit.")})
    if len(lines) > MOST_UNITS:
        raise ValidationError({"units": _("At most %(n)s units.") % {"n": MOST_UNITS}})
    return lines


def _unit(raw: str) -> UnitLine:
    cells = [" ".join(cell.split()) for cell in raw.replace("\t", ";").split(";")]
    if len(cells) not in (2, 3):
        raise ValueError(_("write the agency's code; the unit; the number of households"))
    code, name, count = cells[0], cells[1] if len(cells) == 3 else "", cells[-1]
    agency = by_code(code)
    if agency is None:
        raise ValueError(_("there is no agency with the code “%(code)s”") % {"code": code[:16]})
    digits = count.replace(".", "")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= LARGEST):
        raise ValueError(_("the number of households is a whole number above 0"))
    if len(name) > 120:
        raise ValueError(_("the name of the unit is longer than 120 characters"))
    return UnitLine(agency, name, int(digits))


def spread(design: Design, lines: Sequence[UnitLine]) -> tuple[int, list[int]]:
    """The size and each unit's part of it."""
    populations = [line.population for line in lines]
    size = size_of(design, sum(populations))
    is_equal = design.allocation == Allocation.EQUAL
    return size, (sizes.equal if is_equal else sizes.proportional)(size, populations)


@transaction.atomic
def make(survey: Survey, design: Design, lines: Sequence[UnitLine], user: User) -> SamplePlan:
    """Keep the plan in place of an earlier one; what has come in is counted anew."""
    if not user.has_perm("satisfaction.run_fieldwork"):
        raise PermissionDenied
    Survey.objects.select_for_update().get(pk=survey.pk)
    size, targets = spread(design, lines)
    fields = {
        "method": design.method,
        "margin": design.margin,
        "share": design.share,
        "stages": design.stages,
        "allocation": design.allocation,
        "size": size,
        "is_enforced": design.is_enforced,
        "made_at": clock.now(),
    }
    plan, created = SamplePlan.objects.update_or_create(survey=survey, defaults=fields)
    _lay_units(plan, lines, targets)
    count_anew(plan)
    action = "satisfaction.plan.make" if created else "satisfaction.plan.change"
    log(plan, action, user=user, data={"size": size, "units": len(lines)})
    return plan


def _lay_units(plan: SamplePlan, lines: Sequence[UnitLine], targets: Sequence[int]) -> None:
    """Units that stay keep their row: answers and collectors refer to it."""
    held = {(unit.agency_id, unit.name): unit for unit in plan.units.all()}
    for line, target in zip(lines, targets, strict=True):
        unit = held.pop((line.agency.pk, line.name), None)
        if unit is None:
            unit = SampleUnit(plan=plan, agency=line.agency, name=line.name)
        unit.population, unit.target = line.population, target
        unit.save()
    SampleUnit.objects.filter(pk__in=[unit.pk for unit in held.values()]).delete()


def count_anew(plan: SamplePlan) -> None:
    """Places taken are the valid answers of each unit; answers that came before the plan are
    given to their agency's unit."""
    for unit in plan.units.filter(name=""):
        Response.objects.filter(survey=plan.survey_id, agency=unit.agency_id, unit=None).update(
            unit=unit
        )
    valid = Response.objects.filter(
        survey=plan.survey_id, status=ResponseStatus.VALID, unit__isnull=False
    )
    counts = dict(valid.values_list("unit").annotate(n=Count("pk")).order_by("unit"))
    for unit in plan.units.all():
        unit.taken = counts.get(unit.pk, 0)
        unit.save(update_fields=["taken"])
