"""Who comes in the place of somebody away (Art. 11.1)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from editorial import meetings
from editorial.models import Absence, Appointment, Attendance, Post
from portal.accounts.models import User
from portal.outbox.draining import drain
from portal.reporting.models import Edition
from site_pages.work_queue import waiting_for
from tests.editorial.meetings.steps import ENDED, TITLE, act, letters, page, text_of
from tests.editorial.office import appoint, local, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand_in(member) -> Appointment:
    """Somebody who is not invited, and stands in on the day of the meeting only."""
    other = appoint("nguoi.thay", Post.MEMBER)
    User.objects.filter(pk=other.user_id).update(first_name="Thay", last_name="Lê")
    day = date(2026, 11, 20)
    Absence.objects.create(appointment=member, stand_in=other, valid_from=day, valid_to=day)
    return Appointment.objects.get(pk=other.pk)


def test_a_stand_in_has_the_notice_and_says_that_it_came(meeting, stand_in, member, group):
    meetings.notify(meeting.pk, group.user)
    assert {stand_in.user_id, member.user_id} <= letters(meetings.LETTER)
    assert list(meetings.unacknowledged(stand_in.user)) == [meeting]
    assert TITLE in [row.what for row in waiting_for(stand_in.user)]
    assert meetings.may_read(stand_in.user, meeting.pk)
    act(signed_in(stand_in.user), meeting.pk, "da-nhan")
    row = Attendance.objects.get(meeting=meeting, appointment=member)
    assert row.received_at is not None
    assert not meetings.unacknowledged(member.user).exists()


def test_who_stands_in_on_another_day_is_not_concerned(notified, member):
    other = appoint("nguoi.thay", Post.MEMBER)
    day = date(2026, 11, 21)
    Absence.objects.create(appointment=member, stand_in=other, valid_from=day, valid_to=day)
    assert not meetings.may_read(other.user, notified.pk)
    with pytest.raises(PermissionDenied):
        meetings.acknowledge(notified.pk, other.user)


def test_a_stand_in_is_present_in_the_place_of_who_is_away(notified, stand_in, member, group, at):
    at("2026-11-20 17:00")
    office = signed_in(group.user)
    body = page(group.user, "editorial_meeting", notified.pk).content.decode()
    assert "Lê Thay" in body
    act(office, notified.pk, "da-hop", present=[group.pk], on_behalf=[member.pk], ended_at=ENDED)
    row = Attendance.objects.get(meeting=notified, appointment=member)
    assert (row.presence, row.stand_in) == ("present", stand_in)
    meetings.write_minutes(notified.pk, "Thống nhất.", group.user)
    meetings.sign_off(notified.pk, group.user)
    assert stand_in.user_id in letters(meetings.RESULT)
    drain()
    text = text_of(Edition.objects.get(kind=meetings.MINUTES))
    assert "Lê Thay" in text
    assert f"(thay ông/bà {member.user.get_full_name()})" in text


def test_only_who_is_away_and_did_not_come_is_stood_in_for(notified, stand_in, head, member, at):
    at("2026-11-20 17:00")
    secretary = notified.secretary.user
    for present, on_behalf in (([head, member], [member]), ([], [head])):
        with pytest.raises(ValidationError):
            meetings.hold(notified.pk, present, local(ENDED), secretary, on_behalf)
    assert not Attendance.objects.filter(stand_in__isnull=False).exists()
