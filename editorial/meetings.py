"""Preparing, announcing, holding and minuting meetings of the Board (Art. 5.5.e)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.outbox.mail import send_letter
from portal.reporting import editions

from .authority import in_post, may_screen
from .models import (
    Absence,
    AgendaItem,
    Appointment,
    Attendance,
    Conclusion,
    Meeting,
    MeetingPaper,
    MeetingState,
    Post,
    Presence,
)
from .models.meetings import AHEAD

LETTER, RESULT = "editorial.meeting", "editorial.meeting_result"
NOTICE, MINUTES = "editorial.notice", "editorial.minutes"
SIGNING_POSTS = {Post.HEAD, Post.STANDING_DEPUTY}
LEADING_POSTS = {Post.HEAD, Post.STANDING_DEPUTY, Post.DEPUTY}
DETAILS = ("title", "notice_kind", "starts_at", "place", "link", "chair", "secretary", "signer")


def visible_to(user: User) -> QuerySet[Meeting]:
    """The working group and the Board's leaders see all; others what they are invited to."""
    rows = Meeting.objects.select_related("chair__user")
    if sees_all(user):
        return rows
    if not user.is_active:
        return rows.none()
    current = Appointment.objects.in_force(clock.today()).filter(user=user)
    invited = _rows_of(current).filter(notified_at__isnull=False)
    concerned = Q(pk__in=invited.values("meeting")) | Q(
        pk__in=Conclusion.objects.filter(responsible__in=current).values("meeting")
    )
    return rows.filter(concerned)


def sees_all(user: User) -> bool:
    return may_screen(user) or in_post(user, LEADING_POSTS) is not None


def may_read(user: User, meeting_id: int) -> bool:
    return visible_to(user).filter(pk=meeting_id).exists()


def may_order(user: User, _meeting_id: int) -> bool:
    """The working group draws up notice and minutes."""
    return may_screen(user)


@transaction.atomic
def prepare(by: User, **details: object) -> Meeting:
    """Set up a meeting: what, when, where, who chairs, records and signs."""
    _require_group(by)
    _check_details(details)
    meeting = Meeting.objects.create(**details)
    log(meeting, "editorial.meeting.prepare", user=by)
    return meeting


@transaction.atomic
def change(meeting_id: int, by: User, **details: object) -> Meeting:
    """Change what was set up. After the notice went out it goes out again, to all."""
    meeting = _locked(meeting_id, by, AHEAD)
    _check_details(details)
    for name in DETAILS:
        setattr(meeting, name, details[name])
    meeting.save(update_fields=DETAILS)
    log(meeting, "editorial.meeting.change", user=by)
    if meeting.state == MeetingState.NOTIFIED:
        meeting.attendances.update(opened_at=None, received_at=None)
        _send_notice(meeting, meeting.attendances.all(), by)
    return meeting


@transaction.atomic
def set_agenda(meeting_id: int, lines: Iterable[tuple[str, str]], by: User) -> Meeting:
    """The items in their order, each with who presents it."""
    meeting = _locked(meeting_id, by, AHEAD)
    meeting.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=number, title=title, presenter=presenter)
        for number, (title, presenter) in enumerate(lines, 1)
    )
    log(meeting, "editorial.meeting.agenda", user=by)
    return meeting


@transaction.atomic
def invite(meeting_id: int, invited: Iterable[Appointment], by: User) -> Meeting:
    """Say who is invited; once the notice is out, newcomers get it and nobody is dropped."""
    meeting = _locked(meeting_id, by, AHEAD)
    chosen = {row.pk: row for row in invited}
    known = set(meeting.attendances.values_list("appointment", flat=True))
    dropped = known - chosen.keys()
    if dropped and meeting.state == MeetingState.NOTIFIED:
        raise ValidationError({"invited": _("Who has had the notice stays invited.")})
    meeting.attendances.filter(appointment__in=dropped).delete()
    new = Attendance.objects.bulk_create(
        Attendance(meeting=meeting, appointment=row)
        for pk, row in chosen.items()
        if pk not in known
    )
    log(meeting, "editorial.meeting.invite", user=by)
    if meeting.state == MeetingState.NOTIFIED:
        _send_notice(meeting, new, by)
    return meeting


@transaction.atomic
def add_paper(meeting_id: int, title: str, file: UploadedFile, by: User) -> MeetingPaper:
    meeting = _locked(meeting_id, by, {*AHEAD, MeetingState.HELD})
    paper = MeetingPaper.objects.create(
        meeting=meeting, title=title, file=file, added_by=by, added_at=clock.now()
    )
    log(meeting, "editorial.meeting.paper", user=by)
    return paper


@transaction.atomic
def notify(meeting_id: int, by: User) -> Meeting:
    """Send the notice to everyone invited and have its PDF drawn."""
    meeting = _locked(meeting_id, by, {MeetingState.PREPARED})
    if not meeting.agenda.exists():
        raise ValidationError(_("Write the agenda first."))
    if not meeting.attendances.exists():
        raise ValidationError(_("Say who is invited first."))
    if meeting.starts_at <= clock.now():
        raise ValidationError(_("The meeting begins in the past. Change the time first."))
    meeting.state, meeting.notified_at = MeetingState.NOTIFIED, clock.now()
    meeting.save(update_fields=["state", "notified_at"])
    log(meeting, "editorial.meeting.notify", user=by)
    _send_notice(meeting, meeting.attendances.all(), by)
    return meeting


@transaction.atomic
def open_notice(meeting_id: int, user: User) -> None:
    """Who was invited has opened the notice; the first time counts."""
    _own_rows(meeting_id, user).filter(opened_at__isnull=True).update(opened_at=clock.now())


@transaction.atomic
def acknowledge(meeting_id: int, by: User) -> None:
    """“Đã nhận”: the receipt of the notice, once."""
    rows = _own_rows(meeting_id, by).select_for_update()
    if not rows:
        raise PermissionDenied
    now = clock.now()
    meeting = Meeting.objects.get(pk=meeting_id)
    for row in rows:
        if row.received_at is None:
            row.received_at, row.opened_at = now, row.opened_at or now
            row.save(update_fields=["received_at", "opened_at"])
            log(meeting, "editorial.meeting.acknowledge", user=by)


def unacknowledged(user: User) -> QuerySet[Meeting]:
    """Meetings ahead of which the person has not said “Đã nhận”."""
    current = Appointment.objects.in_force(clock.today()).filter(user=user)
    rows = _rows_of(current).filter(notified_at__isnull=False, received_at__isnull=True)
    ahead = Meeting.objects.filter(state=MeetingState.NOTIFIED, pk__in=rows.values("meeting"))
    return ahead.select_related("chair__user").order_by("starts_at", "pk")


def to_carry_out(user: User) -> QuerySet[Conclusion]:
    """Conclusions of closed minutes that the person is responsible for, oldest deadline first."""
    rows = Conclusion.objects.filter(
        responsible__user=user, done_at__isnull=True, meeting__state=MeetingState.MINUTED
    )
    return rows.select_related("meeting").order_by("due_on", "pk")


def awaits_receipt(meeting_id: int, user: User) -> bool:
    """Whether the person is invited and has not said “Đã nhận” yet."""
    return _own_rows(meeting_id, user).filter(received_at__isnull=True).exists()


@transaction.atomic
def hold(
    meeting_id: int,
    present: Iterable[Appointment],
    ended_at: datetime,
    by: User,
    on_behalf: Iterable[Appointment] = (),
) -> Meeting:
    """The meeting has taken place: who was there, for whom a stand-in was, when it ended."""
    meeting = _locked(meeting_id, by, {MeetingState.NOTIFIED})
    if ended_at <= meeting.starts_at:
        raise ValidationError({"ended_at": _("It ended before it began.")})
    if ended_at > clock.now():
        raise ValidationError({"ended_at": _("This moment lies in the future.")})
    there = {row.pk for row in present}
    meeting.attendances.update(presence=Presence.ABSENT)
    meeting.attendances.filter(appointment__in=there).update(presence=Presence.PRESENT)
    _note_stand_ins(meeting, there, on_behalf)
    meeting.state, meeting.ended_at = MeetingState.HELD, ended_at
    meeting.save(update_fields=["state", "ended_at"])
    log(meeting, "editorial.meeting.hold", user=by)
    return meeting


def _note_stand_ins(meeting: Meeting, there: set[int], on_behalf: Iterable[Appointment]) -> None:
    """Only who is away by the register, and did not come, is stood in for."""
    known = stand_ins(meeting)
    for row in on_behalf:
        if row.pk in there or row.pk not in known:
            text = _("A stand-in comes for who is away that day and was not there.")
            raise ValidationError({"on_behalf": text})
        meeting.attendances.filter(appointment=row).update(
            presence=Presence.PRESENT, stand_in=known[row.pk]
        )


@transaction.atomic
def write_minutes(meeting_id: int, proceedings: str, by: User) -> Meeting:
    meeting = _locked(meeting_id, by, {MeetingState.HELD})
    meeting.proceedings = proceedings
    meeting.save(update_fields=["proceedings"])
    log(meeting, "editorial.meeting.minutes", user=by)
    return meeting


@transaction.atomic
def conclude(
    meeting_id: int, text: str, responsible: Appointment, due_on: date, by: User
) -> Conclusion:
    """Put a conclusion into the minutes."""
    meeting = _locked(meeting_id, by, {MeetingState.HELD})
    last = meeting.conclusions.aggregate(n=Max("number"))["n"]
    made = Conclusion.objects.create(
        meeting=meeting,
        number=(last or 0) + 1,
        text=text,
        responsible=responsible,
        due_on=due_on,
    )
    log(meeting, "editorial.meeting.conclude", user=by, data={"number": made.number})
    return made


@transaction.atomic
def drop_conclusion(conclusion_id: int, by: User) -> None:
    """Take a conclusion out of minutes that are not signed off yet."""
    row = Conclusion.objects.get(pk=conclusion_id)
    meeting = _locked(row.meeting_id, by, {MeetingState.HELD})
    log(meeting, "editorial.meeting.drop", user=by, data={"number": row.number})
    row.delete()


@transaction.atomic
def sign_off(meeting_id: int, by: User) -> Meeting:
    """Close the minutes for ever, tell everyone invited the result, have the PDF drawn."""
    meeting = _locked(meeting_id, by, {MeetingState.HELD})
    if not meeting.proceedings.strip():
        raise ValidationError(_("Write the proceedings first."))
    meeting.state = MeetingState.MINUTED
    meeting.signed_off_by, meeting.signed_off_at = by, clock.now()
    meeting.save(update_fields=["state", "signed_off_by", "signed_off_at"])
    log(meeting, "editorial.meeting.sign_off", user=by)
    people = set(meeting.attendances.values_list("appointment__user", flat=True))
    people |= set(
        meeting.attendances.filter(stand_in__isnull=False).values_list("stand_in__user", flat=True)
    )
    people |= set(meeting.conclusions.values_list("responsible__user", flat=True))
    for user_id in sorted(people):
        send_letter(RESULT, str(meeting.pk), user_id, meeting_id=meeting.pk)
    editions.order(MINUTES, meeting.pk, meeting.title, by)
    return meeting


@transaction.atomic
def cancel(meeting_id: int, note: str, by: User) -> Meeting:
    meeting = _locked(meeting_id, by, AHEAD)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    was_notified = meeting.state == MeetingState.NOTIFIED
    meeting.state, meeting.note = MeetingState.CANCELLED, note.strip()
    meeting.save(update_fields=["state", "note"])
    log(meeting, "editorial.meeting.cancel", user=by, data={"note": meeting.note})
    if was_notified:
        _write_to(meeting, meeting.attendances.all())
    return meeting


def may_report(user: User, conclusion: Conclusion) -> bool:
    """Who is responsible, and the working group that follows it up."""
    return conclusion.responsible.user_id == user.pk or may_screen(user)


@transaction.atomic
def finish(conclusion_id: int, result: str, by: User) -> Conclusion:
    """The conclusion is carried out; a second click changes nothing."""
    row = _conclusion(conclusion_id, by)
    if row.done_at:
        return row
    row.done_at, row.done_by, row.result = clock.now(), by, result.strip()
    row.save(update_fields=["done_at", "done_by", "result"])
    log(row, "editorial.conclusion.finish", user=by, data={"note": row.result})
    return row


@transaction.atomic
def take_up_again(conclusion_id: int, by: User) -> Conclusion:
    """It turned out not to be done."""
    row = _conclusion(conclusion_id, by)
    if not may_screen(by):
        raise PermissionDenied
    row.done_at = row.done_by = None
    row.save(update_fields=["done_at", "done_by"])
    log(row, "editorial.conclusion.again", user=by)
    return row


@transaction.atomic
def draw_again(meeting_id: int, kind: str, by: User) -> None:
    """Order the PDF of the notice or of the minutes once more."""
    states = {MeetingState.NOTIFIED} if kind == NOTICE else {MeetingState.MINUTED}
    meeting = _locked(meeting_id, by, states)
    editions.order(kind, meeting.pk, meeting.title, by)


def _require_group(by: User) -> None:
    if not may_screen(by):
        raise PermissionDenied


def _locked(meeting_id: int, by: User, states: set[MeetingState]) -> Meeting:
    _require_group(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.state not in states:
        raise ValidationError(
            _("The meeting has moved on meanwhile: %(state)s."),
            params={"state": meeting.get_state_display()},
        )
    return meeting


def _check_details(details: dict[str, object]) -> None:
    if not (details["place"] or details["link"]):
        raise ValidationError({"place": _("Give a place, a link or both.")})
    if details["signer"].post not in SIGNING_POSTS:
        raise ValidationError({"signer": _("The Head or the standing deputy signs the notice.")})


def _own_rows(meeting_id: int, user: User) -> QuerySet[Attendance]:
    current = Appointment.objects.in_force(clock.today()).filter(user=user)
    rows = _rows_of(current if user.is_active else current.none())
    known = rows.filter(meeting=meeting_id, notified_at__isnull=False)
    # Without the joins, so that the rows can be locked and changed.
    return Attendance.objects.filter(pk__in=known.values("pk"))


def _rows_of(posts: QuerySet[Appointment]) -> QuerySet[Attendance]:
    """Invitations of the posts, and of whom they stand in for on the day of the meeting."""
    return Attendance.objects.annotate(day=TruncDate("meeting__starts_at")).filter(
        Q(appointment__in=posts) | Exists(_absences().filter(stand_in__in=posts))
    )


def _absences() -> QuerySet[Absence]:
    """Of the person invited, on the day of the meeting; within a query of invitations."""
    return Absence.objects.filter(
        appointment=OuterRef("appointment"),
        called_off_on=None,
        valid_from__lte=OuterRef("day"),
        valid_to__gte=OuterRef("day"),
    )


def stand_ins(meeting: Meeting) -> dict[int, Appointment]:
    """Who stands in on the day of the meeting, by the post that was invited."""
    day = timezone.localdate(meeting.starts_at)
    away = Absence.objects.in_force(day).filter(appointment__attendances__meeting=meeting)
    away = away.select_related("stand_in__user", "appointment__user").order_by("pk")
    return {row.appointment_id: row.stand_in for row in away}


def _conclusion(conclusion_id: int, by: User) -> Conclusion:
    row = Conclusion.objects.select_for_update().get(pk=conclusion_id)
    if not may_report(by, row):
        raise PermissionDenied
    return row


def _send_notice(meeting: Meeting, rows: Iterable[Attendance], by: User) -> None:
    rows = list(rows)
    Attendance.objects.filter(pk__in=[row.pk for row in rows]).update(notified_at=clock.now())
    _write_to(meeting, rows)
    editions.order(NOTICE, meeting.pk, meeting.title, by)


def _write_to(meeting: Meeting, rows: Iterable[Attendance]) -> None:
    """To who is invited, and to who stands in for them on the day."""
    ids = [row.appointment_id for row in rows]
    known = stand_ins(meeting)
    ids += [known[pk].pk for pk in ids if pk in known]
    people = Appointment.objects.filter(pk__in=ids).values_list("user", flat=True).distinct()
    for user_id in people.order_by("user"):
        key = f"{meeting.pk}:{clock.now().timestamp()}"
        send_letter(LETTER, key, user_id, meeting_id=meeting.pk)
