"""Working days of Hanoi's state agencies: Monday to Friday, holidays off, make-up days worked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from .models import CalendarDay, DayKind

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class WorkingCalendar:
    """The days around a date, read once."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days: dict[date, str] = dict(
            CalendarDay.objects.filter(date__range=(first, last)).values_list("date", "kind")
        )

    def works_on(self, day: date) -> bool:
        if not self.first <= day <= self.last:
            raise ValueError(f"{day} is outside the calendar that was read")
        kind = self._days.get(day)
        if kind == DayKind.OFF:
            return False
        return kind == DayKind.MAKEUP_WORK or day.weekday() < _SATURDAY


def _around(day: date, days: int) -> WorkingCalendar:
    # Tết and its weekends are the longest rest: nine or ten days; three weeks are ample.
    span = timedelta(days=abs(days) * 2 + 21)
    return WorkingCalendar(day - span, day + span)


def is_working_day(day: date) -> bool:
    return WorkingCalendar(day, day).works_on(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`, not counting it (Civil Code 2015, Art. 147)."""
    if count < 0:
        raise ValueError("count must not be negative")
    calendar = _around(day, count)
    while count:
        day += _ONE_DAY
        count -= calendar.works_on(day)
    return day


def latest_notice_day(stop: date, days: int) -> date:
    """The last day on which a notice of `stop` is early enough.

    The strict reading of "at least N working days before" (Art. 11.7; Decree
    224/2026, Art. 13.1.a): N whole working days lie strictly between the notice
    and the stop, and the notice itself goes out on a working day.
    """
    if days < 0:
        raise ValueError("days must not be negative")
    calendar = _around(stop, days)
    day = stop
    for _ in range(days + 1):
        day -= _ONE_DAY
        while not calendar.works_on(day):
            day -= _ONE_DAY
    return day


def end_of_period(start: date, days: int) -> date:
    """Last day of a period in days, moved to the next working day (Civil Code, Art. 148)."""
    last = start + timedelta(days=days)
    return last if is_working_day(last) else add_working_days(last, 1)


def end_of_day(day: date) -> datetime:
    """The first moment after `day` in Hanoi: deadlines are half-open."""
    return timezone.make_aware(datetime.combine(day + _ONE_DAY, time.min))


def is_confirmed(year: int) -> bool:
    """Whether the yearly announcement on holidays has been entered."""
    days = CalendarDay.objects.filter(date__year=year)
    return days.exists() and not days.filter(is_provisional=True).exists()
