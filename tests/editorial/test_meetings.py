"""Meetings: notice with receipts, minutes that freeze, conclusions, papers kept inside."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from editorial import meetings
from editorial.models import (
    Absence,
    Appointment,
    Attendance,
    Conclusion,
    Meeting,
    MeetingPaper,
    MeetingState,
    Post,
)
from portal.accounts.models import User
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.reporting import editions, queries
from portal.reporting.models import Edition, EditionState
from site_pages.work_queue import waiting_for
from tests.accounts import staff
from tests.editorial.office import allowed, appoint, collaborator, local, signed_in

pytestmark = pytest.mark.django_db
NOW, STARTS, ENDED = "2026-11-16 09:00", "2026-11-20 14:00", "2026-11-20 16:30"
TITLE = 'Họp quý IV <b>về</b> chuyên mục "Đống Đa"'
PDF = b"%PDF-1.7 tai lieu"


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)


def details(head, group, **changed) -> dict:
    return {
        "title": TITLE,
        "notice_kind": "GM",
        "starts_at": local(STARTS),
        "place": "Phòng 302",
        "link": "",
        "chair": head,
        "secretary": group,
        "signer": head,
        **changed,
    }


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


def act(client, pk: int, code: str, kind: str = "meeting", **data):
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return client.post(reverse(f"editorial_{kind}_act", args=[pk, code]), typed)


def page(user, name: str, *args):
    return signed_in(user).get(reverse(name, args=args))


def letters(code: str) -> set[int]:
    rows = OutboxRow.objects.filter(key__startswith=f"{code}:")
    return {row.payload["user_id"] for row in rows}


def text_of(edition: Edition) -> str:
    edition.refresh_from_db()
    assert edition.state == EditionState.READY, edition.failure
    return " ".join(
        "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(edition.pdf.read())).pages).split()
    )


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
    act(
        office,
        notified.pk,
        "da-hop",
        present=[group.pk],
        on_behalf=[member.pk],
        ended_at=ENDED,
    )
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


# --- Receipts ---------------------------------------------------------------------------


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


# --- Minutes ----------------------------------------------------------------------------


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


# --- Papers of the meeting --------------------------------------------------------------


def test_a_document_is_for_those_invited_only(notified, group, member):
    file = SimpleUploadedFile("tai lieu.pdf", PDF, "application/pdf")
    act(signed_in(group.user), notified.pk, "tai-lieu", title="Báo cáo", file=file)
    paper = MeetingPaper.objects.get()
    answer = page(member.user, "editorial_meeting_paper", paper.pk)
    assert b"".join(answer.streaming_content) == PDF
    assert "no-store" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]
    stranger = appoint("thanh.vien.2", Post.MEMBER)
    assert page(stranger.user, "editorial_meeting_paper", paper.pk).status_code != 200
    assert Client().get(f"/media/{paper.file.name}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"MZ not a pdf"), ("a.docx", PDF), ("a.html", b"<script>")],
)
def test_a_document_of_another_kind_is_refused(meeting, group, name, content):
    file = SimpleUploadedFile(name, content)
    answer = act(signed_in(group.user), meeting.pk, "tai-lieu", title="Giữ lại", file=file)
    assert answer.status_code == 200
    assert 'value="Giữ lại"' in answer.content.decode()
    assert not MeetingPaper.objects.exists()


# --- Notice and minutes as documents of Decree 30 -----------------------------------------


def test_the_notice_is_drawn_by_the_queue_and_signed_for_the_head(notified):
    drain()
    edition = Edition.objects.get(kind=meetings.NOTICE)
    text = text_of(edition)
    assert "GIẤY MỜI" in text
    assert "TRƯỞNG BAN BIÊN TẬP" in text
    assert "KT." not in text
    assert "14 giờ 00, ngày 20 tháng 11 năm 2026" in text.replace("\xa0", " ")
    assert "Phòng 302" in text
    assert "1. Kiểm điểm quý III" in text
    assert "Kiểm tra bản phát hành này tại" not in text


def test_the_standing_deputy_signs_in_place_of_the_head(meeting, head, group):
    deputy = appoint("pho.ban", Post.STANDING_DEPUTY, office="Phó Giám đốc Sở Nội vụ")
    meetings.change(meeting.pk, group.user, **details(head, group, signer=deputy, notice_kind="TB"))
    meetings.notify(meeting.pk, group.user)
    drain()
    text = text_of(Edition.objects.get(kind=meetings.NOTICE))
    assert "THÔNG BÁO" in text
    assert "KT. TRƯỞNG BAN BIÊN TẬP" in text
    assert "PHÓ TRƯỞNG BAN THƯỜNG TRỰC" in text


def test_the_minutes_carry_two_signatures_and_the_conclusions(minuted):
    drain()
    text = text_of(Edition.objects.get(kind=meetings.MINUTES))
    assert "BIÊN BẢN" in text
    assert text.index("THƯ KÝ") < text.index("CHỦ TỌA")
    assert "Mở chuyên mục mới" in text
    assert "15/12/2026" in text
    assert "Vắng mặt: 1 người" in text
    assert "16 giờ 30" in text


def test_an_issued_internal_document_is_nowhere_public(minuted, group, member):
    drain()
    edition = Edition.objects.get(kind=meetings.MINUTES)
    editions.publish(edition.pk, group.user)
    edition.refresh_from_db()
    assert edition.state == EditionState.PUBLISHED
    assert queries.published_by_code(edition.code) is None
    assert edition not in queries.published()
    visitor = Client()
    for url in (
        reverse("verify_code", args=[edition.code]),
        f"/bao-cao/{edition.code}/",
        f"/bao-cao/{edition.code}.pdf",
        "/tim-kiem/?q=h%E1%BB%8Dp+qu%C3%BD",
    ):
        answer = visitor.get(url)
        assert "Đống Đa" not in answer.content.decode()
        assert answer.status_code in {200, 404}
    assert visitor.get(reverse("verify_code", args=[edition.code])).status_code == 404
    from site_pages.search.models import SearchEntry

    assert not SearchEntry.objects.filter(title__contains="Đống Đa").exists()


def test_the_paper_is_read_by_those_invited_and_not_by_readers_of_reports(minuted, member):
    drain()
    edition = Edition.objects.get(kind=meetings.MINUTES)
    assert page(member.user, "edition_file", edition.pk).status_code == 200
    reader = staff("lanh.dao", "reporting.view_edition")
    assert page(reader, "edition_file", edition.pk).status_code != 200
    assert page(reader, "edition_detail", edition.pk).status_code != 200
    assert "Đống Đa" not in page(reader, "edition_list").content.decode()


# --- Lists and who may do what --------------------------------------------------------------


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


ROLES = ["group", "head", "invited", "member", "collaborator", "root"]
TABLE = {
    "read": "yyynnn",
    "list": "yyyynn",
    "prepare": "ynnnnn",
    "change": "ynnnnn",
    "write the agenda": "ynnnnn",
    "invite": "ynnnnn",
    "cancel": "ynnnnn",
    "acknowledge": "yyynnn",
    "hold": "ynnnnn",
    "write minutes": "ynnnnn",
    "sign off": "ynnnnn",
    "report done": "ynynnn",
    "open again": "ynnnnn",
    "order the PDF": "ynnnnn",
}


@pytest.fixture
def people(group, head, member):
    root = staff("quan.tri")
    root.is_superuser = True
    root.save()
    return {
        "group": group.user,
        "head": head.user,
        "invited": member.user,
        "member": appoint("thanh.vien.2", Post.MEMBER).user,
        "collaborator": collaborator("cong.tac.vien").user,
        "root": root,
    }


def see(name, *args):
    def look(user):
        if page(user, name, *args).status_code != 200:
            raise PermissionDenied

    return look


def when_held(meeting, verb):
    def attempt(user):
        Meeting.objects.filter(pk=meeting.pk).update(
            state="held", ended_at=local(ENDED), proceedings="Thống nhất."
        )
        verb(user)

    return attempt


def once_decided(meeting, member, verb):
    def attempt(user):
        row = Conclusion.objects.create(
            meeting=meeting, number=1, text="x", responsible=member, due_on=date(2026, 12, 1)
        )
        verb(row.pk, user)

    return attempt


def attempts(meeting, head, group, member):
    """Each act as a function of who tries it."""
    pk, all_three = meeting.pk, [head, member, group]
    return {
        "read": see("editorial_meeting", pk),
        "list": see("editorial_meetings"),
        "prepare": lambda user: meetings.prepare(by=user, **details(head, group)),
        "change": lambda user: meetings.change(pk, user, **details(head, group)),
        "write the agenda": lambda user: meetings.set_agenda(pk, [("Một", "")], user),
        "invite": lambda user: meetings.invite(pk, all_three, user),
        "cancel": lambda user: meetings.cancel(pk, "Thôi", user),
        "acknowledge": lambda user: meetings.acknowledge(pk, user),
        "hold": lambda user: meetings.hold(pk, [head], local(ENDED), user),
        "write minutes": when_held(meeting, lambda user: meetings.write_minutes(pk, "x", user)),
        "sign off": when_held(meeting, lambda user: meetings.sign_off(pk, user)),
        "report done": once_decided(
            meeting, member, lambda row, user: meetings.finish(row, "Xong", user)
        ),
        "open again": once_decided(meeting, member, meetings.take_up_again),
        "order the PDF": lambda user: meetings.draw_again(pk, meetings.NOTICE, user),
    }


@pytest.mark.parametrize("what", list(TABLE))
def test_who_may_do_what(what, notified, head, group, member, people, at):
    at("2026-11-20 17:00")
    attempt = attempts(notified, head, group, member)[what]
    assert allowed(attempt, people) == dict(zip(ROLES, TABLE[what], strict=True))
