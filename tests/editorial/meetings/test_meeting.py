"""A meeting of the Board, from preparation to minutes and conclusions (Art. 5.5.e)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import meetings
from editorial.models import Conclusion, Meeting, MeetingState
from portal.outbox.models import OutboxRow
from tests.editorial.meetings.steps import ENDED, STARTS, act, details, letters, page
from tests.editorial.office import local, signed_in

pytestmark = pytest.mark.django_db


def test_a_meeting_goes_from_preparation_to_minutes_by_clicks(head, group, member, at):
    office = signed_in(group.user)
    typed = details(
        head, group, starts_at=STARTS, chair=head.pk, secretary=group.pk, signer=head.pk
    )
    office.post(reverse("editorial_meeting_prepare"), typed)
    meeting = Meeting.objects.get()
    act(office, meeting.pk, "chuong-trinh", lines="Kiểm điểm | Tổ Công tác\n\nKế hoạch")
    act(office, meeting.pk, "thanh-phan", invited=[head.pk, member.pk])
    act(office, meeting.pk, "gui-thong-bao")
    assert [str(item) for item in meeting.agenda.all()] == ["1. Kiểm điểm", "2. Kế hoạch"]
    assert letters("editorial.meeting") == {head.user_id, member.user_id}

    at("2026-11-20 17:00")
    act(office, meeting.pk, "da-hop", present=[head.pk], ended_at=ENDED)
    act(office, meeting.pk, "dien-bien", proceedings="Thống nhất.")
    act(
        office, meeting.pk, "ket-luan",
        text="Mở chuyên mục", responsible=member.pk, due_on="2026-12-15",
    )  # fmt: skip
    act(office, meeting.pk, "chot-bien-ban")
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.MINUTED
    presence = dict(meeting.attendances.values_list("appointment", "presence"))
    assert presence == {head.pk: "present", member.pk: "absent"}
    assert letters("editorial.meeting_result") == {head.user_id, member.user_id}
    text = page(member.user, "editorial_meeting", meeting.pk).content.decode()
    assert "Mở chuyên mục" in text
    assert "&lt;b&gt;" in text


def test_what_was_typed_stays_when_something_is_wrong(head, group):
    typed = details(head, group, starts_at="mai", chair=head.pk, secretary=group.pk, signer=head.pk)
    answer = signed_in(group.user).post(reverse("editorial_meeting_prepare"), typed)
    assert answer.status_code == 200
    assert 'value="Phòng 302"' in answer.content.decode()
    assert not Meeting.objects.exists()


def test_a_meeting_takes_place_somewhere_and_a_leader_signs(head, group, member):
    with pytest.raises(ValidationError) as refused:
        meetings.prepare(by=group.user, **details(head, group, place=""))
    assert set(refused.value.error_dict) == {"place"}
    with pytest.raises(ValidationError) as refused:
        meetings.prepare(by=group.user, **details(head, group, signer=member))
    assert set(refused.value.error_dict) == {"signer"}


def test_signed_off_minutes_are_frozen_in_the_verbs_and_in_the_database(minuted, group, member):
    conclusion = Conclusion.objects.get()
    for attempt in (
        lambda: meetings.write_minutes(minuted.pk, "Khác", group.user),
        lambda: meetings.conclude(minuted.pk, "Thêm", member, date(2026, 12, 1), group.user),
        lambda: meetings.drop_conclusion(conclusion.pk, group.user),
        lambda: meetings.sign_off(minuted.pk, group.user),
    ):
        with pytest.raises(ValidationError):
            attempt()
    for change in (
        lambda: Meeting.objects.filter(pk=minuted.pk).update(proceedings="Khác"),
        lambda: Conclusion.objects.update(text="Khác"),
        lambda: Conclusion.objects.all()._raw_delete("default"),
        lambda: Conclusion.objects.create(
            meeting=minuted, number=9, text="x", responsible=member, due_on=date(2026, 12, 1)
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    meetings.finish(conclusion.pk, "Đã mở", member.user)
    assert Conclusion.objects.get().done_by == member.user


def test_minutes_without_proceedings_are_not_signed_off(held, group):
    with pytest.raises(ValidationError):
        meetings.sign_off(held.pk, group.user)
    held.refresh_from_db()
    assert held.state == MeetingState.HELD


def test_a_meeting_does_not_end_before_it_began_or_in_the_future(notified, group, head, at):
    at("2026-11-20 17:00")
    for moment in ("2026-11-20 13:00", "2026-11-20 18:00"):
        with pytest.raises(ValidationError) as refused:
            meetings.hold(notified.pk, [head], local(moment), group.user)
        assert set(refused.value.error_dict) == {"ended_at"}


def test_conclusions_are_followed_up(minuted, group, member, at):
    at("2026-12-20 09:00")
    row = Conclusion.objects.get()
    listed = page(member.user, "editorial_conclusions")
    assert list(listed.context["page_obj"]) == [row]
    act(signed_in(member.user), row.pk, "xong", "conclusion", result="Đã mở")
    row.refresh_from_db()
    assert (row.done_by, row.result) == (member.user, "Đã mở")
    assert not page(member.user, "editorial_conclusions").context["page_obj"].object_list
    act(signed_in(group.user), row.pk, "chua-xong", "conclusion")
    row.refresh_from_db()
    assert row.done_at is None


def test_cancelling_needs_a_reason_and_is_told(notified, group, head):
    assert act(signed_in(group.user), notified.pk, "huy", note=" ").status_code == 200
    OutboxRow.objects.filter(kind="mail").delete()
    meetings.cancel(notified.pk, "Trùng lịch", group.user)
    assert head.user_id in letters("editorial.meeting")
    with pytest.raises(ValidationError):
        meetings.set_agenda(notified.pk, [("Một", "")], group.user)


def test_lists_ask_the_database_as_often_for_many_as_for_one(minuted, head, group, member):
    client = signed_in(group.user)

    def count(name: str, *args) -> int:
        client.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(name, args=args)).status_code == 200
        return len(found)

    few = [count("editorial_meetings"), count("editorial_conclusions")]
    for n in range(8):
        meeting = meetings.prepare(by=group.user, **details(head, group, title=f"Họp {n}"))
        Conclusion.objects.create(
            meeting=meeting, number=1, text="x", responsible=member, due_on=date(2026, 12, 1)
        )
    assert [count("editorial_meetings"), count("editorial_conclusions")] == few
