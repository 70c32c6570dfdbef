"""The periods that a survey is cut into: months, quarters, years, or none."""

from __future__ import annotations

from datetime import date

from .models import PeriodKind


def period_of(kind: str, day: date) -> str:
    """The period that a day falls in: "2026-11", "2026-Q4", "2026"; "" for the whole survey.

    Periods of one kind sort by their text.
    """
    if kind == PeriodKind.MONTH:
        return f"{day:%Y-%m}"
    if kind == PeriodKind.QUARTER:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    if kind == PeriodKind.YEAR:
        return str(day.year)
    return ""
