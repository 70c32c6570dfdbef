"""Acts upon the window, each a record that stays: open, extend, shorten, suspend, close."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.rules import values
from portal.rules.working_days import end_of_day
from portal.text import clean

from . import window
from .access import require_run
from .models import Consultation, DraftKind, WindowAct, WindowRecord
from .window import Held, WindowState

RULE = "consultation.min_days"
RUNNING = {WindowState.UPCOMING, WindowState.OPEN, WindowState.SUSPENDED}


def shortest(consultation: Consultation, on: date) -> values.Value | None:
    """The fewest days that the law gives people; None where it leaves them to the request.

    Drafts that are not normative are open for the time asked for (Art. 8.4.b).
    """
    return values.value(RULE, on) if consultation.kind == DraftKind.NORMATIVE else None


def too_short(consultation: Consultation, opens_at: datetime, closes_at: datetime) -> str:
    """What the law says against a window as short as this; "" where it says nothing."""
    rule = shortest(consultation, timezone.localdate(opens_at))
    if rule is None or closes_at - opens_at >= timedelta(days=rule.integer):
        return ""
    return _(
        "%(basis)s asks for at least %(days)d days. For a shorter time give the reason and the "
        "number of the document that allows it."
    ) % {"basis": rule.basis, "days": rule.integer}


@transaction.atomic
def open_window(
    consultation_id: int,
    by: User,
    last_day: date,
    opens_at: datetime | None = None,
    reason: str = "",
    document_number: str = "",
) -> WindowRecord:
    """Set the window: from a moment (none: at once) to the end of a day in Hanoi."""
    held = _held(consultation_id, by, {WindowState.UNSET, WindowState.CLOSED})
    begins, ends = opens_at or held.now, end_of_day(last_day)
    if begins < held.now:
        raise ValidationError({"opens_at": _("A window does not open in the past.")})
    if ends <= begins:
        raise ValidationError({"last_day": _("The last day lies before the opening.")})
    against = too_short(held.consultation, begins, ends)
    is_again = held.window.state is WindowState.CLOSED
    if (against or is_again) and not (clean(reason) and clean(document_number)):
        raise ValidationError(
            {
                "reason": against
                or _("Opened once more: give the reason and the number of the document.")
            }
        )
    return _record(
        held, WindowAct.OPEN, by, reason, document_number, opens_at=begins, closes_at=ends
    )


@transaction.atomic
def extend(
    consultation_id: int, by: User, last_day: date, reason: str, document_number: str
) -> WindowRecord:
    """Put the end off, at the latest in the last moment in which opinions are taken."""
    held = _held(consultation_id, by, RUNNING)
    ends = end_of_day(last_day)
    if ends <= held.window.closes_at:
        raise ValidationError({"last_day": _("An extension ends later than the window does now.")})
    return _record(held, WindowAct.EXTEND, by, reason, document_number, closes_at=ends)


@transaction.atomic
def shorten(
    consultation_id: int, by: User, last_day: date, reason: str, document_number: str
) -> WindowRecord:
    held = _held(consultation_id, by, RUNNING)
    ends = end_of_day(last_day)
    if not max(held.now, held.window.opens_at) < ends < held.window.closes_at:
        raise ValidationError(
            {"last_day": _("Choose a day from today on, before the present last day.")}
        )
    return _record(held, WindowAct.SHORTEN, by, reason, document_number, closes_at=ends)


@transaction.atomic
def suspend(consultation_id: int, by: User, reason: str, document_number: str) -> WindowRecord:
    """Take no opinions for the time being; the end stays where it is."""
    held = _held(consultation_id, by, {WindowState.UPCOMING, WindowState.OPEN})
    return _record(held, WindowAct.SUSPEND, by, reason, document_number)


@transaction.atomic
def resume(consultation_id: int, by: User, reason: str, document_number: str) -> WindowRecord:
    held = _held(consultation_id, by, {WindowState.SUSPENDED})
    return _record(held, WindowAct.RESUME, by, reason, document_number)


@transaction.atomic
def close(consultation_id: int, by: User, reason: str, document_number: str) -> WindowRecord:
    """End it now, before its last day."""
    held = _held(consultation_id, by, RUNNING)
    return _record(held, WindowAct.CLOSE, by, reason, document_number)


def _held(consultation_id: int, by: User, states: set[WindowState]) -> Held:
    require_run(by)
    held = window.hold(consultation_id)
    if held.window.state not in states:
        raise ValidationError(_("The window has changed meanwhile. Look at it again."))
    if held.consultation.answered_at:
        # An opinion sent now would stand beside answers that cannot answer it.
        raise ValidationError(
            _("The answers are published: the window stays closed. Prepare a new consultation.")
        )
    return held


def _record(
    held: Held, act: WindowAct, by: User, reason: str, document_number: str, **moments: datetime
) -> WindowRecord:
    reason, document_number = clean(reason), clean(document_number)
    if act is not WindowAct.OPEN and not (reason and document_number):
        missing = "document_number" if reason else "reason"
        raise ValidationError({missing: _("Give the reason and the number of the document.")})
    last = held.consultation.records.aggregate(n=Max("number"))["n"] or 0
    made = WindowRecord.objects.create(
        consultation=held.consultation,
        number=last + 1,
        act=act,
        reason=reason,
        document_number=document_number,
        made_by=by,
        made_at=held.now,
        **moments,
    )
    data = {"note": reason, "document": document_number}
    log(held.consultation, f"consultations.window.{act.value}", user=by, data=data)
    return made
