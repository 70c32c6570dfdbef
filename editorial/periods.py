"""Months, quarters and years on which the Board reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_ROMAN = ["I", "II", "III", "IV"]


class Span(models.IntegerChoices):
    MONTH = 1, _("Month")
    QUARTER = 2, _("Quarter")
    YEAR = 3, _("Year")


@dataclass(frozen=True)
class Period:
    """A month (1-12), a quarter (1-4) or a year (1) in Hanoi's time."""

    year: int
    span: Span
    index: int = 1

    def __post_init__(self) -> None:
        most = {Span.MONTH: 12, Span.QUARTER: 4, Span.YEAR: 1}[self.span]
        if not 1 <= self.index <= most or not 2000 <= self.year <= 2100:
            raise ValueError(f"no such period: {self.year} {self.span} {self.index}")

    @property
    def number(self) -> int:
        """One number for a period, by which its editions are found: 2026111 is November."""
        return self.year * 1000 + self.span * 100 + self.index

    @classmethod
    def of(cls, number: int) -> Period:
        return cls(number // 1000, Span(number // 100 % 10), number % 100)

    @property
    def months(self) -> int:
        return {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[self.span]

    @property
    def first(self) -> date:
        return date(self.year, (self.index - 1) * self.months + 1, 1)

    @property
    def last(self) -> date:
        month = self.index * self.months
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def ends(self) -> datetime:
        """The first moment after the period."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))

    @property
    def words(self) -> str:
        """As a report names it, in Vietnamese."""
        if self.span == Span.MONTH:
            return f"tháng {self.index:02d} năm {self.year}"
        if self.span == Span.QUARTER:
            return f"quý {_ROMAN[self.index - 1]} năm {self.year}"
        return f"năm {self.year}"
