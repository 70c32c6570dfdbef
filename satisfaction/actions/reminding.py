"""Letters before and after the deadline of an action, each once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from portal import clock
from portal.agencies.membership import who_may_act_for
from portal.outbox.mail import send_letter
from portal.rules.values import value

from ..models import Action
from .remedies import RUNNING

DUE, LATE = "satisfaction.action-due", "satisfaction.action-late"


def remind_all() -> int:
    """Nightly chore: who acts for the agency is reminded; the one who assigned learns of delay."""
    today = clock.today()
    soon = today + timedelta(days=value("survey.action_remind_before_days").integer)
    actions = Action.objects.filter(state__in=RUNNING, due_on__lte=soon)
    for action in actions.select_related("agency", "made_by"):
        _remind(action, is_late=action.due_on < today)
    return len(actions)


@transaction.atomic
def _remind(action: Action, *, is_late: bool) -> None:
    letter = LATE if is_late else DUE
    # A moved deadline is another occasion; the same one is written about once.
    key = f"{action.pk}-{action.due_on:%Y%m%d}"
    people = {person.pk for person in who_may_act_for(action.agency)}
    if is_late:
        people.add(action.made_by_id)
    for person in sorted(people):
        send_letter(letter, key, person, action_id=action.pk)
