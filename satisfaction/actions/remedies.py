"""Assigning, reporting on, withdrawing and measuring actions: one verb, one transaction."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import may_act_for, who_may_act_for
from portal.agencies.models import Agency
from portal.outbox.mail import send_letter
from portal.reporting.models import Edition, EditionState
from portal.rules.values import value
from portal.rules.working_days import add_working_days, is_working_day
from portal.text import clean

from ..models import Action, ActionReport, ActionState, Survey
from ..reports import KIND
from .comparison import Later, compare
from .targets import target_of

RUNNING = frozenset({ActionState.ASSIGNED, ActionState.REPORTED})
OPEN = RUNNING | {ActionState.DONE}
ASSIGNED, REPORTED = "satisfaction.action", "satisfaction.action-report"
MOST_WORDS = 4000


def may_plan(user: User) -> bool:
    return user.has_perm("satisfaction.plan_actions")


def may_see(user: User, action: Action) -> bool:
    return user.has_perm("satisfaction.view_results") or may_act_for(user, action.agency)


def usual_deadline() -> date:
    """What the rules give for mending, in working days from today."""
    return add_working_days(clock.today(), value("survey.action_working_days").integer)


@transaction.atomic
def assign(
    edition_id: int,
    target: str,
    agency_id: int,
    task: str,
    due_on: date,
    by: User,
    *,
    is_public: bool = False,
) -> Action:
    """Give an agency something to mend, resting on a figure that is published."""
    _require_planner(by)
    edition = Edition.objects.get(pk=edition_id, kind=KIND)
    if edition.state != EditionState.PUBLISHED:
        raise ValidationError(_("Only figures of a published report are acted upon."))
    found = target_of(edition, target)
    if found is None:
        raise ValidationError({"target": _("Choose a figure of this report.")})
    agency = Agency.objects.valid_on(clock.today()).filter(pk=agency_id).first()
    if agency is None:
        raise ValidationError({"agency": _("Choose an agency that exists today.")})
    _check_deadline(due_on)
    action = Action.objects.create(
        edition=edition,
        survey=Survey.objects.get(pk=edition.subject_id),
        agency=agency,
        target=found.code,
        target_label=found.label[:500],
        figure=found.figure,
        task=_words(task, "task"),
        due_on=due_on,
        is_public=is_public,
        made_by=by,
        made_at=clock.now(),
    )
    log(action, "satisfaction.action.assign", user=by)
    _tell_agency(action, ASSIGNED, "new")
    return action


@transaction.atomic
def move_deadline(action_id: int, due_on: date, why: str, by: User) -> Action:
    _require_planner(by)
    action = _locked(action_id, RUNNING)
    _check_deadline(due_on)
    reason = _words(why, "why")
    before, action.due_on = action.due_on, due_on
    action.save(update_fields=["due_on"])
    told = {"from": before.isoformat(), "to": due_on.isoformat(), "why": reason}
    log(action, "satisfaction.action.move", user=by, data=told)
    _tell_agency(action, ASSIGNED, f"moved-{due_on:%Y%m%d}")
    return action


@transaction.atomic
def report(action_id: int, text: str, is_done: bool, by: User) -> ActionReport:
    """The agency's word on what it has done; the same word twice is one report."""
    action = Action.objects.select_for_update().select_related("agency").get(pk=action_id)
    if not may_act_for(by, action.agency):
        raise PermissionDenied
    if action.state not in RUNNING:
        raise ValidationError(_("This action takes no more reports."))
    words = _words(text, "text")
    last = action.reports.order_by("-pk").first()
    if last and (last.text, last.is_done) == (words, is_done):
        return last
    made = ActionReport.objects.create(
        action=action, text=words, is_done=is_done, made_by=by, made_at=clock.now()
    )
    action.state = ActionState.DONE if is_done else ActionState.REPORTED
    action.save(update_fields=["state"])
    log(action, "satisfaction.action.report", user=by)
    send_letter(REPORTED, str(made.pk), action.made_by_id, action_id=action.pk)
    return made


@transaction.atomic
def send_back(action_id: int, why: str, by: User) -> Action:
    """What was reported as done is not: it runs on."""
    _require_planner(by)
    action = _locked(action_id, {ActionState.DONE})
    reason = _words(why, "why")
    action.state = ActionState.REPORTED
    action.save(update_fields=["state"])
    log(action, "satisfaction.action.send_back", user=by, data={"why": reason})
    _tell_agency(action, ASSIGNED, f"back-{clock.now().timestamp()}")
    return action


@transaction.atomic
def withdraw(action_id: int, why: str, by: User) -> Action:
    _require_planner(by)
    action = _locked(action_id, OPEN)
    action.state, action.closing_note = ActionState.WITHDRAWN, _words(why, "why")
    action.save(update_fields=["state", "closing_note"])
    log(action, "satisfaction.action.withdraw", user=by)
    return action


@transaction.atomic
def measure(action_id: int, later: str, by: User) -> Action:
    """Compare with a later survey or period and close; an outcome is computed once."""
    _require_planner(by)
    action = _locked(action_id, OPEN)
    chosen = Later.named(action, later)
    if chosen is None:
        raise ValidationError({"later": _("Choose a later measurement.")})
    outcome = compare(action, chosen)
    if outcome is None:
        raise ValidationError(
            {"later": _("Too few people were asked before or after: nothing can be shown.")}
        )
    action.outcome, action.state = outcome, ActionState.MEASURED
    action.save(update_fields=["outcome", "state"])
    log(action, "satisfaction.action.measure", user=by)
    return action


def _require_planner(by: User) -> None:
    if not may_plan(by):
        raise PermissionDenied


def _locked(action_id: int, states: frozenset | set) -> Action:
    action = Action.objects.select_for_update().select_related("agency", "survey").get(pk=action_id)
    if action.state not in states:
        raise ValidationError(_("The action is in another state now. Look at it again."))
    return action


def _words(text: str, name: str) -> str:
    words = clean(text)
    if not words:
        raise ValidationError({name: _("Write a few words.")})
    if len(words) > MOST_WORDS:
        raise ValidationError({name: _("At most %(n)d characters fit.") % {"n": MOST_WORDS}})
    return words


def _check_deadline(due_on: date) -> None:
    if due_on <= clock.today():
        raise ValidationError({"due_on": _("The deadline lies in the future.")})
    if not is_working_day(due_on):
        raise ValidationError({"due_on": _("The deadline is a working day.")})


def _tell_agency(action: Action, letter: str, occasion: str) -> None:
    for person in who_may_act_for(action.agency):
        send_letter(letter, f"{action.pk}-{occasion}", person.pk, action_id=action.pk)
