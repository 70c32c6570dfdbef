"""Working-day arithmetic is law."""

from datetime import date, timedelta

import holidays
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.rules.models import CalendarDay, DayKind
from portal.rules.working_days import (
    add_working_days,
    end_of_day,
    end_of_period,
    is_confirmed,
    is_working_day,
    latest_notice_day,
)

pytestmark = pytest.mark.django_db
DAYS = st.dates(date(2025, 2, 1), date(2027, 11, 1))
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_seven_days_before_a_stop_on_friday_27_november_is_monday_16():
    assert latest_notice_day(date(2026, 11, 27), 7) == date(2026, 11, 16)


def test_five_days_across_tet():
    assert latest_notice_day(date(2026, 2, 23), 5) == date(2026, 2, 6)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), False),  # Ngày Văn hóa Việt Nam
        (date(2026, 8, 22), True),  # a Saturday worked for 31/8
        (date(2026, 8, 31), False),
        (date(2026, 1, 10), True),
        (date(2026, 1, 2), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
    ],
)
def test_days_of_2026(day, works):
    assert is_working_day(day) is works


@FEW
@given(DAYS, st.integers(0, 30))
def test_adding_lands_on_a_working_day_with_that_many_between(day, count):
    last = add_working_days(day, count)
    between = sum(is_working_day(day + timedelta(n)) for n in range(1, (last - day).days + 1))
    assert between == count
    assert count == 0 or is_working_day(last)


@FEW
@given(DAYS, st.integers(0, 30))
def test_a_notice_leaves_whole_working_days_and_one_day_later_would_not(stop, days):
    notice = latest_notice_day(stop, days)
    between = [notice + timedelta(n) for n in range(1, (stop - notice).days)]
    assert is_working_day(notice)
    assert sum(map(is_working_day, between)) == days


@FEW
@given(DAYS, st.integers(1, 60))
def test_a_period_never_ends_on_a_rest_day(start, days):
    last = end_of_period(start, days)
    assert is_working_day(last)
    assert last >= start + timedelta(days)


def test_the_end_of_a_day_is_midnight_in_hanoi():
    assert end_of_day(date(2026, 11, 26)).isoformat() == "2026-11-27T00:00:00+07:00"


def test_a_span_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        add_working_days(date(2026, 1, 5), 60)


def test_seed_agrees_with_the_holidays_package_but_for_the_known_gaps():
    package = set(holidays.country_holidays("VN", years=2026))
    ours = set(
        CalendarDay.objects.filter(date__year=2026, kind=DayKind.OFF).values_list("date", flat=True)
    )
    assert ours - package == {date(2026, 1, 2)}
    assert package - ours == set()


def test_a_year_without_announcement_is_not_confirmed():
    assert is_confirmed(2026)
    assert not is_confirmed(2027)
    assert not is_confirmed(2031)


def test_proposing_a_year_keeps_what_was_entered():
    CalendarDay.objects.create(date=date(2030, 1, 1), kind=DayKind.OFF, name="Đã nhập")
    call_command("calendar_year", "2030", verbosity=0)
    call_command("calendar_year", "2030", verbosity=0)
    days = CalendarDay.objects.filter(date__year=2030)
    assert days.get(date=date(2030, 1, 1)).name == "Đã nhập"
    assert days.filter(is_provisional=True).count() >= 10
