"""What actions register with the house."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from editorial import roles
from editorial.confinement import open_address
from portal import clock
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.outbox.mail import register_letter
from portal.outbox.registry import every_night
from portal.rules.working_days import end_of_day
from site_pages.work_queue import EACH, Waiting, register_work

from . import queries, remedies, reminding

# Each view asks again whose agency it is.
DASHBOARD = (
    "survey_dashboards",
    "survey_dashboard",
    "survey_dashboard_agency",
    "survey_dashboard_criterion",
    "survey_dashboard_agency_criterion",
)


def join() -> None:
    roles.grant(Role.WORKING_GROUP, "satisfaction.plan_actions")
    for letter in (remedies.ASSIGNED, remedies.REPORTED, reminding.DUE, reminding.LATE):
        name = letter.rpartition(".")[2]
        register_letter(letter, f"satisfaction/actions/letters/{name}.txt")
    every_night(reminding.remind_all)
    register_work(waiting)
    # Officers of agencies have a small admin: their own actions belong to it.
    for name in ("survey_actions", *DASHBOARD):
        open_address(name, _acts_for_somebody)
    for name in ("survey_action", "survey_action_report"):
        open_address(name, _is_own)


def _acts_for_somebody(request: HttpRequest, **kwargs) -> bool:
    return bool(queries.agencies_of(request.user))


def _is_own(request: HttpRequest, action_id: int, **kwargs) -> bool:
    return queries.seen_by(request.user).filter(pk=action_id).exists()


def waiting(user: User) -> Iterator[Waiting]:
    """An officer's running actions; what agencies reported as done, for who assigned it."""
    today = clock.today()
    own = queries.agencies_of(user)
    if own:
        rows = queries.board(user).filter(agency__in=own, state__in=remedies.RUNNING)
        for action in rows[:EACH]:
            yield Waiting(
                action.target_label,
                _("Report what was done after the survey"),
                reverse("survey_action", args=[action.pk]),
                str(action.agency),
                due=date_format(action.due_on, "SHORT_DATE_FORMAT"),
                due_at=timezone.localtime(end_of_day(action.due_on)),
                is_late=action.due_on < today,
            )
    if remedies.may_plan(user):
        for action in queries.board(user, "done")[:EACH]:
            yield Waiting(
                action.target_label,
                _("Look at what the agency has done"),
                reverse("survey_action", args=[action.pk]),
                str(action.agency),
            )
