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


def in_words(period: str) -> str:
    """ "Tháng 11/2026", "Quý IV/2026", "Năm 2026"; "" for the whole survey."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        return f"Quý {('I', 'II', 'III', 'IV')[int(part[1:]) - 1]}/{year}"
    if part:
        return f"Tháng {int(part)}/{year}"
    return f"Năm {year}" if year else ""
