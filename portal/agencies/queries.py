"""Reading agencies as they stand on a day."""

from __future__ import annotations

import re
from datetime import date

from portal import clock
from portal.text import collation_key

from .models import Agency, AgencyKind

_KIND_WORD = re.compile(r"^(Phường|Xã) ")


def by_code(code: str, on: date | None = None) -> Agency | None:
    """The agency with this code if it exists on the day (today in Hanoi by default)."""
    if not code.isalnum():
        return None
    return Agency.objects.valid_on(on or clock.today()).filter(code=code).first()


def in_force(agency: Agency, on: date | None = None) -> Agency | None:
    """The agency that carries on the work on that day, following successors."""
    day = on or clock.today()
    seen = set()
    current: Agency | None = agency
    while current is not None and current.pk not in seen:
        seen.add(current.pk)
        if current.valid_to is None or current.valid_to >= day:
            return current
        current = current.successor
    return None


def choices_on(day: date | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups for a citizen's <select>: departments in official order, then wards and
    communes by the Vietnamese alphabet of their own name (one query)."""
    groups: dict[str, list[Agency]] = {kind: [] for kind in AgencyKind.values}
    for agency in Agency.objects.valid_on(day or clock.today()):
        groups[agency.kind].append(agency)
    for kind in (AgencyKind.WARD, AgencyKind.COMMUNE):
        groups[kind].sort(key=lambda agency: collation_key(_KIND_WORD.sub("", agency.name)))
    return [
        (str(AgencyKind(kind).label), [(agency.code, agency.label) for agency in agencies])
        for kind, agencies in groups.items()
        if agencies
    ]
