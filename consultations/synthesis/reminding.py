"""The deadline of the answers: public, reminded of, and listed once it has passed."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from editorial.authority import screeners
from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import who_may_act_for
from portal.agencies.queries import in_force
from portal.outbox.mail import send_letter
from portal.rules.values import value
from portal.text import clean

from ..models import Consultation, ConsultationPage
from . import rights
from .taking_in import take_in

LETTER = "consultations.answers-due"
BEFORE = "consultation.answer_remind_days"


def late(on: date | None = None) -> QuerySet[Consultation]:
    """Consultations whose answers are overdue, longest first."""
    day = on or clock.today()
    rows = Consultation.objects.filter(answered_at=None, answer_due_on__lt=day)
    return rows.select_related("agency").order_by("answer_due_on", "pk")


def late_in_public(on: date | None = None) -> list[tuple[Consultation, ConsultationPage]]:
    """Those that have a public page, with it."""
    rows = list(late(on))
    pages = ConsultationPage.objects.live().filter(
        consultation__in=rows, locale__language_code="vi"
    )
    found = {page.consultation_id: page for page in pages}
    return [(row, found[row.pk]) for row in rows if row.pk in found]


@transaction.atomic
def set_due(consultation_id: int, due_on: date, by: User, reason: str = "") -> Consultation:
    """Set the public deadline; moving one that was set needs a reason."""
    held, _synthesis = rights.held(consultation_id)
    rights.require(rights.oversees(by))
    consultation = held.consultation
    reason = clean(reason)[:500]
    before = consultation.answer_due_on
    if consultation.answered_at:
        raise ValidationError(_("The answers are published: the deadline is met or missed."))
    if held.window.closes_at and due_on < held.window.last_moment.date():
        raise ValidationError(
            {"due_on": _("The answers cannot be due before the consultation closes.")}
        )
    if before and before != due_on and not reason:
        raise ValidationError({"reason": _("Say why the deadline moves.")})
    consultation.answer_due_on = due_on
    consultation.save(update_fields=["answer_due_on"])
    told = {"due_at": due_on.isoformat(), "note": reason}
    log(consultation, "consultations.synthesis.due", user=by, data=told)
    return consultation


def remind_all() -> int:
    """Nightly chore: letters some days before the deadline, on its day, and weekly after."""
    today, before = clock.today(), value(BEFORE).integer
    rows = Consultation.objects.filter(answered_at=None, answer_due_on__isnull=False)
    sent = 0
    for row in rows.filter(answer_due_on__lte=today + timedelta(days=before)):
        if _is_day(row.answer_due_on, today, before):
            sent += _remind(row, today)
    return sent


def _is_day(due_on: date, today: date, before: int) -> bool:
    days = (due_on - today).days
    return days in (before, 0) or (days < 0 and days % 7 == 0)


@transaction.atomic
def _remind(consultation: Consultation, today: date) -> int:
    """The drafting agency; once it is late, the working group as well."""
    agency = in_force(consultation.agency)
    people = list(who_may_act_for(agency)) if agency else []
    if consultation.answer_due_on < today or not people:
        people += screeners()
    found = {person.pk: person for person in people}
    for person in found.values():
        key = f"{consultation.pk}-{today:%Y%m%d}"
        send_letter(LETTER, key, person.pk, consultation_id=consultation.pk)
    return len(found)


def take_in_all() -> int:
    """Nightly chore: opinions that came since are in front of who sorts them."""
    rows = Consultation.objects.filter(answered_at=None, opinions__isnull=False).distinct()
    keys = list(rows.values_list("pk", flat=True))
    for key in keys:
        take_in(key)
    return len(keys)
