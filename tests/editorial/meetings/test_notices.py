"""The notice of a meeting: who gets it, opens it and acknowledges it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from editorial import meetings
from editorial.models import Attendance, Post
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from site_pages.work_queue import waiting_for
from tests.editorial.meetings.steps import ENDED, act, details, letters, page
from tests.editorial.office import appoint, local, signed_in

pytestmark = pytest.mark.django_db


def test_no_notice_without_agenda_people_and_time(head, group, at):
    meeting = meetings.prepare(by=group.user, **details(head, group))
    with pytest.raises(ValidationError):
        meetings.notify(meeting.pk, group.user)
    meetings.set_agenda(meeting.pk, [("Một", "")], group.user)
    with pytest.raises(ValidationError):
        meetings.notify(meeting.pk, group.user)
    meetings.invite(meeting.pk, [head], group.user)
    at("2026-11-21 09:00")
    with pytest.raises(ValidationError):
        meetings.notify(meeting.pk, group.user)
    assert not OutboxRow.objects.exists()


def test_opening_and_acknowledging_are_recorded_once_each(notified, member, at):
    row = Attendance.objects.get(appointment=member)
    at("2026-11-17 08:00")
    page(member.user, "editorial_meeting", notified.pk)
    at("2026-11-17 10:00")
    act(signed_in(member.user), notified.pk, "da-nhan")
    at("2026-11-18 10:00")
    act(signed_in(member.user), notified.pk, "da-nhan")
    page(member.user, "editorial_meeting", notified.pk)
    row.refresh_from_db()
    assert (row.opened_at, row.received_at) == (
        local("2026-11-17 08:00"),
        local("2026-11-17 10:00"),
    )


def test_a_notice_and_later_a_conclusion_wait_in_the_first_panel(notified, member, group, head, at):
    url = reverse("editorial_meeting", args=[notified.pk])
    assert [item.url for item in waiting_for(member.user)] == [url]
    meetings.acknowledge(notified.pk, member.user)
    assert waiting_for(member.user) == []
    at("2026-11-20 17:00")
    meetings.hold(notified.pk, [head], local(ENDED), group.user)
    meetings.write_minutes(notified.pk, "Thống nhất.", group.user)
    row = meetings.conclude(notified.pk, "Mở mục", member, date(2026, 11, 30), group.user)
    assert waiting_for(member.user) == []
    meetings.sign_off(notified.pk, group.user)
    at("2026-12-01 00:00")
    (item,) = waiting_for(member.user)
    assert (item.url, item.is_late) == (reverse("editorial_conclusion", args=[row.pk]), True)


def test_nobody_acknowledges_for_another(notified, member):
    stranger = appoint("thanh.vien.2", Post.MEMBER)
    with pytest.raises(PermissionDenied):
        meetings.acknowledge(notified.pk, stranger.user)
    assert not Attendance.objects.filter(received_at__isnull=False).exists()


def test_another_time_is_announced_again_and_receipts_start_anew(notified, head, group, member, at):
    meetings.acknowledge(notified.pk, member.user)
    OutboxRow.objects.filter(kind="mail").delete()
    at("2026-11-17 09:00")
    meetings.change(notified.pk, group.user, **details(head, group, place="Phòng 501"))
    row = Attendance.objects.get(appointment=member)
    assert row.received_at is None
    assert letters("editorial.meeting") == {head.user_id, member.user_id, group.user_id}


def test_a_newcomer_gets_the_notice_and_nobody_is_dropped_after_it(notified, head, group, member):
    OutboxRow.objects.filter(kind="mail").delete()
    late = appoint("thanh.vien.2", Post.MEMBER)
    meetings.invite(notified.pk, [head, member, group, late], group.user)
    assert letters("editorial.meeting") == {late.user_id}
    with pytest.raises(ValidationError):
        meetings.invite(notified.pk, [head], group.user)
    assert notified.attendances.count() == 4


def test_the_letter_says_nothing_but_the_address(notified, mailoutbox):
    drain()
    found = [mail for mail in mailoutbox if f"/cuoc-hop/{notified.pk}/" in mail.body]
    assert len(found) == 3
    assert not any("Đống Đa" in mail.body + mail.subject for mail in found)
