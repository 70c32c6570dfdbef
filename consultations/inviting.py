"""Asking agencies for their opinion by a day, and what their officials answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import may_act_for, running, who_may_act_for
from portal.agencies.models import Agency
from portal.agencies.queries import in_force
from portal.outbox.mail import send_letter
from portal.rules.values import value
from portal.text import clean

from . import window
from .access import require_run
from .commenting import sending
from .commenting.subjects import Subject, subject_of
from .models import AgencyInvitation, Consultation, Opinion, OpinionState, RespondentKind

LETTER = "consultations.invitation"


@transaction.atomic
def invite(
    consultation_id: int,
    agencies: Iterable[Agency],
    *,
    document_number: str,
    due_on: date,
    by: User,
) -> list[AgencyInvitation]:
    """Ask agencies; one that was asked before keeps its day."""
    require_run(by)
    held = window.hold(consultation_id)
    _require_a_day_within(held, due_on)
    if not clean(document_number):
        raise ValidationError({"document_number": _("Enter the number of the letter.")})
    if not held.consultation.takes(RespondentKind.AGENCY):
        raise ValidationError(_("This consultation does not ask agencies."))
    made = []
    for agency in agencies:
        row, is_new = AgencyInvitation.objects.get_or_create(
            consultation=held.consultation,
            agency=agency,
            defaults={
                "document_number": clean(document_number)[:120],
                "due_on": due_on,
                "invited_by": by,
                "invited_at": held.now,
            },
        )
        if is_new:
            made.append(row)
            log(row, "consultations.invitation.send", user=by)
            _write(row, "invited")
    return made


def _require_a_day_within(held: window.Held, due_on: date) -> None:
    last = held.window.last_moment
    if last is None or held.window.state is window.WindowState.CLOSED:
        raise ValidationError(_("The consultation takes no opinions any more."))
    if not clock.today() <= due_on <= last.date():
        raise ValidationError(
            {"due_on": _("Choose a day from today to the last day of the consultation.")}
        )


def _write(row: AgencyInvitation, what: str) -> int:
    officials = who_may_act_for(row.agency)
    for person in officials:
        send_letter(LETTER, f"{row.pk}-{what}", person.pk, invitation_id=row.pk)
    return len(officials)


def require_official(user: User, row: AgencyInvitation) -> None:
    if not may_act_for(user, in_force(row.agency) or row.agency):
        raise PermissionDenied


@transaction.atomic
def agree(invitation_id: int, by: User) -> AgencyInvitation:
    """The agency has nothing to add; taken while opinions are."""
    row = AgencyInvitation.objects.get(pk=invitation_id)
    held = window.require_open(row.consultation_id)
    row = AgencyInvitation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require_official(by, row)
    if row.agrees:
        return row
    if row.answered_at:
        raise ValidationError(_("The agency has given an opinion already."))
    _answered(row, by, held, agrees=True)
    log(row, "consultations.invitation.agree", user=by)
    return row


@transaction.atomic
def answer(
    invitation_id: int,
    by: User,
    *,
    target: str,
    token: uuid.UUID,
    text: str,
    suggested_text: str = "",
) -> Opinion:
    """An opinion of the agency, on the whole or a provision; it may give several."""
    row = AgencyInvitation.objects.select_related("consultation", "agency").get(pk=invitation_id)
    held = window.require_open(row.consultation_id)
    locked = AgencyInvitation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require_official(by, row)
    subject = subject_of(held.consultation, target)
    if subject is None:
        raise ValidationError({"target": _("Choose what the opinion is about.")})
    opinion = sending.send_for_agency(
        Subject(held.consultation, subject.text, subject.provision),
        row.agency,
        token=token,
        text=text,
        suggested_text=suggested_text,
    )
    # An opinion takes the place of the agreement.
    if locked.answered_at is None or locked.agrees:
        _answered(locked, by, held, agrees=False)
    log(locked, "consultations.invitation.answer", user=by)
    return opinion


def _answered(row: AgencyInvitation, by: User, held: window.Held, *, agrees: bool) -> None:
    row.answered_at, row.answered_by, row.agrees = held.now, by, agrees
    row.save(update_fields=["answered_at", "answered_by", "agrees"])


def remind_due() -> int:
    """Nightly chore: remind officials some days before, and the day after it was due, once each."""
    today = clock.today()
    ahead = today + timedelta(days=value("consultation.remind_before_days").integer)
    waiting = AgencyInvitation.objects.filter(answered_at=None, due_on__lte=ahead)
    count = 0
    for row in waiting.select_related("consultation"):
        if window.of(row.consultation).is_open:
            count += _remind(row.pk, today)
    return count


@transaction.atomic
def _remind(invitation_id: int, today: date) -> bool:
    row = AgencyInvitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
    is_late = row.due_on < today
    told_late = row.reminded_on is not None and row.reminded_on > row.due_on
    if row.answered_at or told_late or (row.reminded_on and not is_late):
        return False
    row.reminded_on = today
    row.save(update_fields=["reminded_on"])
    _write(row, f"{'late' if is_late else 'soon'}")
    return True


@transaction.atomic
def remind(invitation_id: int, by: User) -> int:
    """By hand, once a day; how many officials are written to."""
    require_run(by)
    row = AgencyInvitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
    if row.answered_at:
        raise ValidationError(_("The agency has answered."))
    today = clock.today()
    if row.reminded_on == today:
        raise ValidationError(_("They were reminded today already."))
    row.reminded_on = today
    row.save(update_fields=["reminded_on"])
    log(row, "consultations.invitation.remind", user=by)
    return _write(row, f"{today:%Y%m%d}")


def of_official(user: User) -> QuerySet[AgencyInvitation]:
    """Invitations of the agencies that a person may act for today, what waits first."""
    today = clock.today()
    mine = {
        current.pk
        for row in running(today).filter(user=user)
        if (current := in_force(row.agency, today))
    }
    rows = AgencyInvitation.objects.filter(
        Q(agency__in=mine) | Q(agency__successor__in=mine, agency__valid_to__lt=today)
    )
    rows = rows.select_related("consultation", "agency")
    return rows.order_by("answered_at", "due_on", "pk")


def board(consultation: Consultation) -> QuerySet[AgencyInvitation]:
    """Who was asked and what came, with how many opinions of each."""
    counted = Count(
        "agency__opinions",
        filter=Q(agency__opinions__consultation=consultation)
        & ~Q(agency__opinions__state=OpinionState.WITHDRAWN),
    )
    rows = AgencyInvitation.objects.filter(consultation=consultation)
    rows = rows.select_related("agency", "answered_by").annotate(given=counted)
    return rows.order_by("due_on", "agency__official_order", "pk")


def state_in_words(row: AgencyInvitation, today: date) -> tuple[str, str]:
    """What the board says of it, and how pressing it is: done, late or waiting."""
    if row.agrees:
        return _("Agrees without comment"), "done"
    if row.answered_at:
        return _("Has given its opinion"), "done"
    if row.due_on < today:
        days = (today - row.due_on).days
        return _("Late by %(days)d days") % {"days": days}, "late"
    return _("Not answered yet"), "waiting"
