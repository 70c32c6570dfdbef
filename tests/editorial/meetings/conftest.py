"""A meeting in each of its states."""

from __future__ import annotations

from datetime import date

import pytest

from editorial import meetings
from tests.editorial.meetings.steps import ENDED, NOW, details
from tests.editorial.office import local


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)


@pytest.fixture
def meeting(head, group, member):
    made = meetings.prepare(by=group.user, **details(head, group))
    meetings.set_agenda(
        made.pk, [("Kiểm điểm quý III", "Tổ Công tác"), ("Kế hoạch", "")], group.user
    )
    meetings.invite(made.pk, [head, member, group], group.user)
    return made


@pytest.fixture
def notified(meeting, group):
    return meetings.notify(meeting.pk, group.user)


@pytest.fixture
def held(notified, group, head, at):
    at("2026-11-20 17:00")
    return meetings.hold(notified.pk, [head, group], local(ENDED), group.user)


@pytest.fixture
def minuted(held, group, member):
    meetings.write_minutes(held.pk, "Trưởng Ban nêu ý kiến.\nThống nhất.", group.user)
    meetings.conclude(held.pk, "Mở chuyên mục mới", member, date(2026, 12, 15), group.user)
    return meetings.sign_off(held.pk, group.user)
