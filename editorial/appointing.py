"""Appointing to the posts of Article 4 by a decision, and ending an appointment."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.documents.models import Document
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.text import clean

from . import handing_over
from .access import settle, sync
from .models import (
    Absence,
    Appointment,
    BoardDecision,
    Delegation,
    Post,
    SectionAssignment,
)
from .models.board import BOARD_POSTS, SINGLE_POSTS
from .papers import cut, may_record, period_problems, require


@transaction.atomic
def record_decision(
    number: str, issued_on: date, about: str, by: User, document: Document | None = None
) -> BoardDecision:
    """Record a decision on the Board or the working group (Art. 4.1)."""
    require(may_record(by))
    number, about = clean(number), clean(about)
    problems = {}
    if not number:
        problems["number"] = _("Fill this in.")
    if issued_on > clock.today():
        problems["issued_on"] = _("The decision is not dated in the future.")
    if BoardDecision.objects.filter(number=number, issued_on=issued_on).exists():
        problems["number"] = _("This decision is recorded already.")
    if problems:
        raise ValidationError(problems)
    made = BoardDecision.objects.create(
        number=number, issued_on=issued_on, about=about, document=document
    )
    log(made, "editorial.decision", user=by)
    return made


@transaction.atomic
def appoint(
    user: User,
    post: Post,
    decision: BoardDecision,
    office: str,
    valid_from: date,
    by: User,
    valid_to: date | None = None,
) -> Appointment:
    """Put a person in a post; of Head and each kind of deputy there is one at a time."""
    require(may_record(by))
    # Every appointment has a decision: locking them all makes appointments wait in line.
    list(BoardDecision.objects.select_for_update().order_by("pk").values_list("pk"))
    problems = period_problems(valid_from, valid_to)
    if valid_from < decision.issued_on:
        problems["valid_from"] = _("The term does not begin before the decision.")
    problems |= problems or _overlaps(user, Post(post), valid_from, valid_to)
    if problems:
        raise ValidationError(problems)
    made = Appointment.objects.create(
        user=user,
        post=post,
        decision=decision,
        office=clean(office),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    log(made, "editorial.appoint", user=by)
    handing_over.forget(user)
    sync(user)
    return made


def _overlaps(user: User, post: Post, first: date, last: date | None) -> dict[str, str]:
    running = Appointment.objects.running_in(first, last).select_related("user")
    if post in SINGLE_POSTS and (held := running.filter(post=post).first()):
        text = _("%(name)s holds this post %(period)s. End that appointment first.")
        return {"post": text % {"name": held.user.get_full_name(), "period": period(held)}}
    rank = BOARD_POSTS if post in BOARD_POSTS else {post}
    if own := running.filter(user=user, post__in=rank).first():
        text = _("This person is %(post)s %(period)s. End that appointment first.")
        return {"user": text % {"post": own.get_post_display(), "period": period(own)}}
    if Appointment.objects.filter(user=user, post=post, valid_from=first).exists():
        return {"valid_from": _("An appointment from this day was called off. Choose another day.")}
    return {}


def period(row: Appointment) -> str:
    """ "from 01/02/2026", or "from 01/02/2026 to 31/12/2026"."""
    dates = {"first": f"{row.valid_from:%d/%m/%Y}"}
    if row.valid_to is None:
        return _("from %(first)s") % dates
    return _("from %(first)s to %(last)s") % (dates | {"last": f"{row.valid_to:%d/%m/%Y}"})


@transaction.atomic
def end(
    appointment_id: int, last_day: date, by: User, successor: User | None = None
) -> Appointment:
    """End a term with the day; a last day of yesterday withdraws the access at once."""
    require(may_record(by))
    row = Appointment.objects.select_for_update().get(pk=appointment_id)
    if not cut(row, last_day):
        raise ValidationError({"last_day": _("This appointment ends by then already.")})
    log(row, "editorial.appointment_end", user=by, data={"last_day": f"{last_day:%d/%m/%Y}"})
    _end_what_hangs_on(row, last_day)
    settle(row.user, last_day, by, successor)
    return row


def _end_what_hangs_on(row: Appointment, last_day: date) -> None:
    """Sections, delegations and absences do not outlive the term."""
    hanging = [
        SectionAssignment.objects.filter(appointment=row),
        Delegation.objects.filter(giver=row),
        Delegation.objects.filter(taker=row),
        Absence.objects.filter(appointment=row),
        Absence.objects.filter(stand_in=row),
    ]
    for rows in hanging:
        for other in rows.select_for_update():
            cut(other, last_day)
