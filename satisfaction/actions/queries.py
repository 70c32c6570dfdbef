"""Reading actions: the board, an agency's own, and what the public sees."""

from __future__ import annotations

from datetime import date

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import running
from portal.agencies.models import Agency
from portal.agencies.queries import in_force

from ..models import Action, ActionState
from .remedies import OPEN, RUNNING


def agencies_of(user: User, day: date | None = None) -> list[Agency]:
    """Agencies that the person acts for today."""
    today = day or clock.today()
    found = [in_force(row.agency, today) for row in running(today).filter(user=user)]
    return list({agency.pk: agency for agency in found if agency}.values())


def seen_by(user: User) -> QuerySet[Action]:
    """All of them for who sees results; an officer sees those of the own agency."""
    rows = Action.objects.all()
    if not user.has_perm("satisfaction.view_results"):
        rows = rows.filter(agency__in=agencies_of(user))
    return rows.select_related("agency", "survey", "edition")


def board(user: User, state: str = "", agency: str = "") -> QuerySet[Action]:
    """Late ones first, then by deadline; closed ones last."""
    late = Q(state__in=RUNNING, due_on__lt=clock.today())
    rows = seen_by(user).annotate(
        is_late=Case(When(late, then=Value(True)), default=False, output_field=BooleanField()),
        is_open=Case(
            When(state__in=OPEN, then=Value(True)), default=False, output_field=BooleanField()
        ),
    )
    if state == "late":
        rows = rows.filter(late)
    elif state in ActionState.values:
        rows = rows.filter(state=state)
    if agency:
        rows = rows.filter(agency__code=agency)
    return rows.order_by("-is_late", "-is_open", "due_on", "pk")


def public(*survey_ids: int) -> QuerySet[Action]:
    """What citizens read of the actions after these surveys: those that run first, by deadline."""
    rows = Action.objects.filter(survey__in=survey_ids, is_public=True)
    rows = rows.exclude(state=ActionState.WITHDRAWN).annotate(
        is_open=Case(
            When(state__in=OPEN, then=Value(True)), default=False, output_field=BooleanField()
        )
    )
    return rows.select_related("agency", "survey", "edition").order_by("-is_open", "due_on", "pk")
