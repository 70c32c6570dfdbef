"""The window: half-open, a pure function of records and time, decided by one clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations import window
from consultations.models import Opinion, WindowAct, WindowRecord
from consultations.window import NotOpen, Window, WindowState
from site_pages import page_cache
from tests.consultations import factories as make

TICK = timedelta(microseconds=1)
MOMENTS = st.integers(-3_000_000, 3_000_000).map(lambda n: make.OPENS + n * TICK)


def opened(closes=make.CLOSES) -> WindowRecord:
    return WindowRecord(act=WindowAct.OPEN, opens_at=make.OPENS, closes_at=closes)


def acted(act: str, made_at=None, closes_at=None) -> WindowRecord:
    return WindowRecord(act=act, made_at=made_at, closes_at=closes_at)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (make.OPENS - TICK, WindowState.UPCOMING),
        (make.OPENS, WindowState.OPEN),
        (make.OPENS + TICK, WindowState.OPEN),
        (make.CLOSES - TICK, WindowState.OPEN),
        (make.CLOSES, WindowState.CLOSED),
        (make.CLOSES + TICK, WindowState.CLOSED),
    ],
)
def test_it_is_half_open_to_the_microsecond(moment, state):
    assert window.read([opened()], moment).state is state


@given(MOMENTS, st.integers(1, 2_000_000))
def test_open_exactly_from_the_opening_to_before_the_closing(now, length):
    closes = make.OPENS + length * TICK
    found = window.read([opened(closes)], now)
    assert found.is_open == (make.OPENS <= now < closes)
    assert found.last_moment < closes
    if found.next_turn:
        assert found.next_turn > now
        before = window.read([opened(closes)], found.next_turn - TICK)
        after = window.read([opened(closes)], found.next_turn)
        assert before.state is found.state
        assert after.state is not found.state


@given(st.lists(st.sampled_from(["extend", "shorten", "suspend", "resume"]), max_size=6), MOMENTS)
def test_the_last_word_on_each_matter_holds(acts, now):
    records, closes, suspended = [opened()], make.CLOSES, False
    for number, act in enumerate(acts):
        if act in ("suspend", "resume"):
            suspended = act == "suspend"
            records.append(acted(act, make.OPENS))
        else:
            closes = make.OPENS + (number + 1) * 300_000 * TICK
            records.append(acted(act, make.OPENS, closes))
    found = window.read(records, now)
    assert found.closes_at == closes
    assert found.is_open == (make.OPENS <= now < closes and not suspended)


def test_closing_early_closes_at_the_moment_of_the_act():
    moment = make.OPENS + make.days(3)
    records = [opened(), acted(WindowAct.CLOSE, moment)]
    assert window.read(records, moment - TICK).is_open
    found = window.read(records, moment)
    assert found.state is WindowState.CLOSED
    assert found.is_closed_early


def test_closed_before_it_opened_it_was_never_open():
    records = [opened(), acted(WindowAct.CLOSE, make.OPENS - make.days(1))]
    for moment in (make.OPENS - make.days(2), make.OPENS, make.OPENS + make.days(1)):
        assert not window.read(records, moment).is_open


def test_without_records_nothing_is_open():
    assert window.read([], make.OPENS).state is WindowState.UNSET
    assert Window(make.OPENS).last_moment is None


@pytest.mark.django_db
def test_the_last_day_is_told_as_its_last_minute(at):
    at(make.NOON)
    consultation = make.make_consultation()
    make.open_window(consultation)
    found = window.of(consultation)
    assert f"{found.last_moment:%H:%M %d/%m/%Y}" == "23:59 30/11/2026"
    assert window.days_left(found) == 10


@pytest.mark.django_db
def test_the_guard_lets_in_what_comes_in_time_and_leaves_no_trace_of_the_rest(at):
    at(make.NOON)
    consultation = make.make_consultation()
    make.open_window(consultation)
    text = make.make_text(consultation)
    for moment, is_taken in (
        (make.OPENS - TICK, False),
        (make.OPENS, True),
        (make.CLOSES - TICK, True),
        (make.CLOSES, False),
    ):
        at(moment)
        before = Opinion.objects.count()
        if is_taken:
            assert make.opine(consultation, text.provisions.first()).received_at == moment
        else:
            with pytest.raises(NotOpen):
                make.opine(consultation, text.provisions.first())
        assert Opinion.objects.count() == before + is_taken


@pytest.mark.django_db
def test_extended_in_the_last_second_it_stays_open(at):
    at(make.CLOSES - timedelta(seconds=1))
    consultation = make.make_consultation()
    make.open_window(consultation)
    make.record(consultation, WindowAct.EXTEND, closes_at=make.CLOSES + make.days(5))
    at(make.CLOSES)
    assert window.of(consultation).is_open


@pytest.mark.django_db
def test_pages_are_kept_no_longer_than_to_the_next_turn(at):
    at(make.OPENS - timedelta(minutes=5))
    consultation = make.make_consultation()
    make.open_window(consultation)
    assert window.next_turn(make.OPENS - timedelta(minutes=5)) == make.OPENS
    assert page_cache.next_boundary(make.OPENS - timedelta(minutes=5)) == make.OPENS
    assert window.next_turn(make.OPENS) == make.CLOSES
    assert window.next_turn(make.CLOSES) is None
    make.record(consultation, WindowAct.SHORTEN, closes_at=make.CLOSES - make.days(1))
    assert window.next_turn(make.OPENS) == make.CLOSES - make.days(1)


@pytest.mark.django_db(transaction=False)
def test_the_guard_is_asked_inside_the_transaction_that_writes(monkeypatch):
    consultation = make.make_consultation()

    class Outside:
        in_atomic_block = False

    monkeypatch.setattr(window, "connection", Outside())
    with pytest.raises(RuntimeError):
        window.require_open(consultation.pk)
