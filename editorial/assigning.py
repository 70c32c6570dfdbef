"""Sections that members are in charge of, by the Head's assignment (Art. 5.2.b, 5.4.a)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.accounts.models import User
from portal.text import clean

from .models import Appointment, SectionAssignment
from .models.board import BOARD_POSTS
from .papers import cut, may_assign, period_problems, require
from .sections import in_charge


@transaction.atomic
def assign(
    appointment_id: int,
    section: Page,
    paper: str,
    valid_from: date,
    by: User,
    valid_to: date | None = None,
) -> SectionAssignment:
    """Put a member in charge of a section and what lies below it."""
    require(may_assign(by))
    appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
    valid_to = valid_to or appointment.valid_to
    problems = period_problems(valid_from, valid_to)
    if appointment.post not in BOARD_POSTS:
        problems["appointment"] = _("Sections are assigned to members of the Board (Art. 5.2.b).")
    if section.pk not in {page.pk for page in in_charge()}:
        problems["section"] = _("Choose a section of the Vietnamese site.")
    if not clean(paper):
        problems["paper"] = _("Fill this in.")
    problems |= problems or term_problems(appointment, valid_from, valid_to)
    problems |= problems or _overlap(appointment, section, valid_from, valid_to)
    if problems:
        raise ValidationError(problems)
    made = SectionAssignment.objects.create(
        appointment=appointment,
        section=section,
        paper=clean(paper),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    log(made, "editorial.assign", user=by)
    return made


def term_problems(appointment: Appointment, first: date, last: date | None) -> dict[str, str]:
    """Nothing that hangs on a term lies outside it."""
    if appointment.called_off_on or first < appointment.valid_from:
        return {"valid_from": _("The term of this person does not run then.")}
    ends = appointment.valid_to
    if ends and (first > ends or last is None or last > ends):
        return {
            "valid_to": _("The term of this person ends on %(day)s.") % {"day": f"{ends:%d/%m/%Y}"}
        }
    return {}


def _overlap(
    appointment: Appointment, section: Page, first: date, last: date | None
) -> dict[str, str]:
    rows = SectionAssignment.objects.filter(appointment=appointment, section=section)
    again = rows.running_in(first, last) | rows.filter(valid_from=first)
    if again.exists():
        return {"section": _("This person is in charge of this section then already.")}
    return {}


@transaction.atomic
def end(assignment_id: int, last_day: date, by: User) -> SectionAssignment:
    require(may_assign(by))
    row = SectionAssignment.objects.select_for_update().get(pk=assignment_id)
    if not cut(row, last_day):
        raise ValidationError({"last_day": _("This assignment ends by then already.")})
    log(row, "editorial.assignment_end", user=by, data={"last_day": f"{last_day:%d/%m/%Y}"})
    return row
