"""The Board as it stands on a day, read for the table and its export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet

from portal.agencies.models import Agency

from .models import (
    Absence,
    Appointment,
    BoardDecision,
    Collaborator,
    Delegation,
    Post,
    SectionAssignment,
)
from .models.board import SINGLE_POSTS


@dataclass
class Seat:
    """A post with who holds it, and everything that hangs on it; vacant without anybody."""

    post: Post
    appointment: Appointment | None = None
    sections: list[SectionAssignment] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    given: list[Delegation] = field(default_factory=list)
    taken: list[Delegation] = field(default_factory=list)


def seats(day: date) -> list[Seat]:
    """Posts in the order of Article 4; the single ones are shown vacant, too."""
    rows = list(
        Appointment.objects.in_force(day)
        .select_related("user", "decision__document")
        .order_by("valid_from", "pk")
    )
    made = [Seat(Post(row.post), row) for row in rows]
    held = {seat.post for seat in made}
    made += [Seat(post) for post in Post if post in SINGLE_POSTS - held]
    _fill(made, day)
    order = list(Post)
    return sorted(made, key=lambda seat: order.index(seat.post))


def _fill(made: Iterable[Seat], day: date) -> None:
    sections = _by(_assignments(day), "appointment_id")
    absences = _by(Absence.objects.in_force(day).select_related("stand_in__user"), "appointment_id")
    running = Delegation.objects.in_force(day).select_related("giver__user", "taker__user")
    running = list(running.prefetch_related("sections"))
    given, taken = _by(running, "giver_id"), _by(running, "taker_id")
    for seat in made:
        if seat.appointment:
            pk = seat.appointment.pk
            seat.sections, seat.absences = sections[pk], absences[pk]
            seat.given, seat.taken = given[pk], taken[pk]


def _assignments(day: date) -> QuerySet[SectionAssignment]:
    return SectionAssignment.objects.in_force(day).select_related("section").order_by("pk")


def _by(rows: Iterable, name: str) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def coming(day: date) -> list[Delegation | Absence]:
    """Delegations and absences that have yet to begin."""
    later = {"valid_from__gt": day, "called_off_on": None}
    delegations = Delegation.objects.filter(**later).select_related("giver__user", "taker__user")
    absences = Absence.objects.filter(**later)
    absences = absences.select_related("appointment__user", "stand_in__user")
    return sorted([*delegations, *absences], key=lambda row: row.valid_from)


def decisions() -> QuerySet[BoardDecision]:
    return BoardDecision.objects.select_related("document").annotate(posts=Count("appointments"))


def collaborators(
    day: date, state: str = "running", agency: str = "", kind: str = ""
) -> QuerySet[Collaborator]:
    rows = Collaborator.objects.select_related("user", "agency").prefetch_related("sections")
    if state == "running":
        rows = rows.in_force(day)
    elif state == "ended":
        rows = rows.exclude(pk__in=Collaborator.objects.in_force(day)).filter(valid_from__lte=day)
    if agency:
        rows = rows.filter(agency__code=agency)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("user__last_name", "user__first_name", "pk")


def without_collaborator(day: date) -> QuerySet[Agency]:
    """Agencies that have sent nobody (Art. 13.3.a)."""
    covered = Collaborator.objects.in_force(day).filter(agency__isnull=False).values("agency")
    return Agency.objects.valid_on(day).exclude(pk__in=covered)
