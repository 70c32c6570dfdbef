"""Acts upon the window: who may, when, and what the law asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import ModelLogEntry

from consultations import scheduling, window
from consultations.models import DraftKind, WindowAct
from consultations.window import WindowState
from portal.rules.models import LegalBasis, RuleValue
from tests.accounts import staff
from tests.consultations import factories as make

pytestmark = pytest.mark.django_db
WHY = {"reason": "Theo đề nghị của cơ quan soạn thảo", "document_number": "15/SNV-CCHC"}


@pytest.fixture
def by(at):
    at("2026-11-02 09:00")
    return make.organiser()


@pytest.fixture
def consultation(by):
    return make.make_consultation()


def opened(consultation, by, last_day=date(2026, 11, 30), **fields):
    return scheduling.open_window(consultation.pk, by, last_day, **fields)


def test_it_opens_at_once_and_closes_as_the_last_day_ends(consultation, by):
    record = opened(consultation, by)
    assert record.opens_at == record.made_at
    assert record.closes_at == make.CLOSES
    assert window.of(consultation).is_open
    entry = ModelLogEntry.objects.get(action="consultations.window.open")
    assert entry.user == by


def test_shorter_than_the_law_asks_needs_a_reason_and_a_document(consultation, by):
    short = date(2026, 11, 20)
    with pytest.raises(ValidationError, match=r"64/2025/QH15.*20") as refused:
        opened(consultation, by, short)
    assert set(refused.value.message_dict) == {"reason"}
    with pytest.raises(ValidationError):
        opened(consultation, by, short, reason="Gấp")
    assert not consultation.records.exists()
    assert opened(consultation, by, short, **WHY).document_number == "15/SNV-CCHC"


def test_exactly_as_long_as_the_law_asks_is_long_enough(consultation, by):
    begins = make.local("2026-11-03 00:00")
    assert scheduling.too_short(consultation, begins, begins + timedelta(days=20)) == ""
    tick = timedelta(microseconds=1)
    assert scheduling.too_short(consultation, begins, begins + timedelta(days=20) - tick)


def test_other_drafts_are_open_for_the_time_asked_for(by):
    plan = make.make_consultation("ke-hoach", kind=DraftKind.OTHER)
    assert opened(plan, by, date(2026, 11, 5))


def test_the_stricter_of_two_laws_decides_by_the_day_of_opening(consultation, by):
    basis = LegalBasis.objects.create(number="99/2026/NĐ-CP", title="Nghị định")
    RuleValue.objects.create(
        key=scheduling.RULE, amount=30, basis=basis, valid_from=date(2026, 11, 10)
    )
    assert scheduling.shortest(consultation, date(2026, 11, 9)).integer == 20
    assert scheduling.shortest(consultation, date(2026, 11, 10)).integer == 30


@pytest.mark.parametrize(
    "fields",
    [
        {"opens_at": make.local("2026-11-02 08:59")},
        {"last_day": date(2026, 11, 1)},
        {"opens_at": make.local("2026-12-01 00:00")},
    ],
)
def test_a_window_runs_forward_from_now(consultation, by, fields):
    with pytest.raises(ValidationError):
        opened(consultation, by, **{**fields})
    assert not consultation.records.exists()


def test_every_change_is_a_record_with_its_reason(consultation, by, at):
    opened(consultation, by)
    at("2026-11-10 10:00")
    scheduling.extend(consultation.pk, by, date(2026, 12, 10), **WHY)
    scheduling.suspend(consultation.pk, by, **WHY)
    assert window.of(consultation).state is WindowState.SUSPENDED
    scheduling.resume(consultation.pk, by, **WHY)
    scheduling.shorten(consultation.pk, by, date(2026, 12, 5), **WHY)
    at("2026-11-20 10:00")
    scheduling.close(consultation.pk, by, **WHY)
    found = window.of(consultation)
    assert found.state is WindowState.CLOSED
    assert found.closes_at == make.local("2026-11-20 10:00")
    acts = list(consultation.records.values_list("number", "act"))
    assert acts == [
        (1, "open"), (2, "extend"), (3, "suspend"), (4, "resume"), (5, "shorten"), (6, "close"),
    ]  # fmt: skip


ACTS = {
    "extend": lambda c, by: scheduling.extend(c.pk, by, date(2026, 12, 24), **WHY),
    "shorten": lambda c, by: scheduling.shorten(c.pk, by, date(2026, 11, 28), **WHY),
    "suspend": lambda c, by: scheduling.suspend(c.pk, by, **WHY),
    "resume": lambda c, by: scheduling.resume(c.pk, by, **WHY),
    "close": lambda c, by: scheduling.close(c.pk, by, **WHY),
    "open": lambda c, by: scheduling.open_window(c.pk, by, date(2027, 1, 31), **WHY),
}
ALLOWED = {
    WindowState.UNSET: {"open"},
    WindowState.UPCOMING: {"extend", "shorten", "suspend", "close"},
    WindowState.OPEN: {"extend", "shorten", "suspend", "close"},
    WindowState.SUSPENDED: {"extend", "shorten", "resume", "close"},
    WindowState.CLOSED: {"open"},
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("act", ACTS)
def test_in_each_state_only_its_acts(consultation, by, at, state, act):
    if state is not WindowState.UNSET:
        make.open_window(consultation, make.local("2026-11-05 00:00"))
    if state is WindowState.SUSPENDED:
        make.record(consultation, WindowAct.SUSPEND)
    at(
        {WindowState.UPCOMING: "2026-11-03", WindowState.CLOSED: "2026-12-01"}.get(
            state, "2026-11-06"
        )
    )
    before = consultation.records.count()
    if act in ALLOWED[state]:
        ACTS[act](consultation, by)
        assert consultation.records.count() == before + 1
    else:
        with pytest.raises(ValidationError):
            ACTS[act](consultation, by)
        assert consultation.records.count() == before


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_touches_the_window(consultation, at, act):
    stranger = staff("nguoi.khac", "consultations.follow_consultations")
    with pytest.raises(PermissionDenied):
        ACTS[act](consultation, stranger)
    assert not consultation.records.exists()


def test_an_extension_after_the_last_moment_comes_too_late(consultation, by, at):
    opened(consultation, by)
    at(make.CLOSES - timedelta(microseconds=1))
    assert scheduling.extend(consultation.pk, by, date(2026, 12, 4), **WHY)
    at(make.local("2026-12-05 00:00"))
    with pytest.raises(ValidationError):
        scheduling.extend(consultation.pk, by, date(2026, 12, 20), **WHY)


def test_a_reason_of_blanks_is_none(consultation, by):
    opened(consultation, by)
    with pytest.raises(ValidationError):
        scheduling.suspend(consultation.pk, by, "  \u00a0", "12/SNV")
