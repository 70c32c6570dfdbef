"""Delegation (ủy quyền), and stand-ins for those who are away (Art. 5.3.a, 11.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.text import clean

from .assigning import term_problems
from .authority import section_keys
from .models import Absence, Appointment, Delegation, Post, SectionAssignment
from .papers import cut, may_record, period_problems, require, same_rank, yesterday


@transaction.atomic
def delegate(
    giver_id: int,
    taker_id: int,
    paper: str,
    valid_from: date,
    valid_to: date,
    by: User,
    sections: Iterable[Page] = (),
) -> Delegation:
    """Let `taker` decide in the giver's name; no sections means all that the giver decides."""
    giver, taker = _locked(giver_id, taker_id)
    require(by == giver.user or may_record(by))
    sections = list(sections)
    problems = _period(valid_from, valid_to)
    problems |= _between(giver, taker, "taker")
    if not clean(paper):
        problems["paper"] = _("Fill this in.")
    for row in (giver, taker):
        problems |= problems or term_problems(row, valid_from, valid_to)
    problems |= problems or _beyond_remit(giver, sections, valid_from, valid_to)
    if problems:
        raise ValidationError(problems)
    made = Delegation.objects.create(
        giver=giver, taker=taker, paper=clean(paper), valid_from=valid_from, valid_to=valid_to
    )
    made.sections.set(sections)
    log(made, "editorial.delegate", user=by)
    return made


@transaction.atomic
def revoke(delegation_id: int, by: User) -> Delegation:
    """End a delegation at once: the next decision of the taker is refused."""
    row = Delegation.objects.select_for_update().select_related("giver__user")
    row = row.get(pk=delegation_id)
    require(by == row.giver.user or may_record(by))
    if not cut(row, yesterday()):
        raise ValidationError(_("This delegation has ended already."))
    log(row, "editorial.delegation_revoke", user=by)
    return row


@transaction.atomic
def leave(
    appointment_id: int, stand_in_id: int, valid_from: date, valid_to: date, by: User
) -> Absence:
    """A person is away; another of the same rank stands in, so that the site does not stop."""
    away, stand_in = _locked(appointment_id, stand_in_id)
    require(by == away.user or may_record(by))
    problems = _period(valid_from, valid_to) | _between(away, stand_in, "stand_in")
    for row in (away, stand_in):
        problems |= problems or term_problems(row, valid_from, valid_to)
    if not problems and away.absences.running_in(valid_from, valid_to).exists():
        problems["valid_from"] = _("An absence of this person is recorded for this time.")
    if not problems and stand_in.absences.running_in(valid_from, valid_to).exists():
        problems["stand_in"] = _("This person is away then, too.")
    if problems:
        raise ValidationError(problems)
    made = Absence.objects.create(
        appointment=away, stand_in=stand_in, valid_from=valid_from, valid_to=valid_to
    )
    log(made, "editorial.absence", user=by)
    return made


@transaction.atomic
def come_back(absence_id: int, by: User) -> Absence:
    """End an absence at once."""
    rows = Absence.objects.select_for_update().select_related("appointment__user")
    row = rows.get(pk=absence_id)
    require(by == row.appointment.user or may_record(by))
    if not cut(row, yesterday()):
        raise ValidationError(_("This absence has ended already."))
    log(row, "editorial.absence_end", user=by)
    return row


def _locked(*ids: int) -> list[Appointment]:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("user")
    found = {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}
    return [found[pk] for pk in ids]


def _period(first: date, last: date) -> dict[str, str]:
    """What was decided yesterday is not covered by a paper of today."""
    if first < clock.today():
        return {"valid_from": _("The first day is not in the past.")}
    return period_problems(first, last)


def _between(one: Appointment, other: Appointment, field: str) -> dict[str, str]:
    if one.user_id == other.user_id:
        return {field: _("Name somebody else.")}
    if not same_rank(one, other):
        return {field: _("Board for Board, working group for working group.")}
    return {}


def _beyond_remit(
    giver: Appointment, sections: list[Page], first: date, last: date
) -> dict[str, str]:
    """Nobody passes on more than he or she decides in their own right, all the time."""
    if not sections or giver.post == Post.HEAD:
        return {}
    if giver.post == Post.WORKING_GROUP:
        return {"sections": _("The working group has no sections: choose none.")}
    rows = SectionAssignment.objects.filter(appointment=giver, called_off_on=None)
    throughout = rows.in_force(first) & rows.in_force(last)
    held = set(throughout.values_list("section__translation_key", flat=True))
    beyond = [page.title for page in sections if not held & section_keys(page)]
    if beyond:
        text = _("Not in the charge of who delegates: %(titles)s.")
        return {"sections": text % {"titles": ", ".join(beyond)}}
    return {}
