"""Filling a year of the working calendar before its announcement is out."""

from __future__ import annotations

import holidays
from django.db import transaction

from .models import CalendarDay, DayKind


@transaction.atomic
def propose_year(year: int) -> list[CalendarDay]:
    """Add the days that the `holidays` package expects, as provisional.

    Days that somebody entered are left as they are. Returns what was added.
    """
    expected = holidays.country_holidays("VN", years=year, language="vi")
    known = set(CalendarDay.objects.filter(date__year=year).values_list("date", flat=True))
    return CalendarDay.objects.bulk_create(
        CalendarDay(date=day, kind=DayKind.OFF, name=name[:120], is_provisional=True)
        for day, name in sorted(expected.items())
        if day not in known and day.year == year
    )
