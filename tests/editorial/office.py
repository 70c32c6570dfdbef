"""The office for tests: a Board in its posts, a working group, collaborators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone

from editorial.models import Appointment, BoardDecision, Collaborator, Post, SectionAssignment
from portal.accounts.models import User
from portal.agencies.models import Agency, Membership
from tests.accounts import staff

START = date(2026, 1, 1)


def decision() -> BoardDecision:
    made, _created = BoardDecision.objects.get_or_create(
        number="123/QĐ-UBND", issued_on=START, defaults={"about": "Kiện toàn Ban Biên tập"}
    )
    return made


def appoint(name: str, post: Post, **fields) -> Appointment:
    """A person in a post, who may enter the admin."""
    fields = {"valid_from": START, "office": "Giám đốc Sở Nội vụ", **fields}
    return Appointment.objects.create(user=staff(name), post=post, decision=decision(), **fields)


def in_charge(appointment: Appointment, section) -> SectionAssignment:
    return SectionAssignment.objects.create(
        appointment=appointment, section=section, paper="05/TB-BBT", valid_from=START
    )


def collaborator(name: str, agency: str = "SNV", **fields) -> Collaborator:
    fields = {"valid_from": START, "kind": "official", "paper": "12/HĐ", **fields}
    found = Agency.objects.get(code=agency) if agency else None
    return Collaborator.objects.create(user=staff(name), agency=found, **fields)


def officer(name: str, agency: str = "SNV") -> User:
    made = staff(name)
    Membership.objects.create(user=made, agency=Agency.objects.get(code=agency), valid_from=START)
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def allowed(attempt: Callable[[User], object], people: dict[str, User]) -> dict[str, str]:
    """Who of the people may do it: y or n for each, every attempt from the same state."""
    found = {}
    for role, user in people.items():
        point = transaction.savepoint()
        try:
            attempt(user)
        except PermissionDenied:
            found[role] = "n"
        else:
            found[role] = "y"
        transaction.savepoint_rollback(point)
    return found
