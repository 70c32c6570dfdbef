"""What the rows say of one person on one day, in one query (Art. 4, 12.2, 13.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import CharField, F, Q, QuerySet, Value

from portal import clock
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.agencies.models import Membership

from .models import AccountClosure, Appointment, Collaborator, Post

ROLE_OF_POST = {
    Post.HEAD: Role.BOARD_HEAD,
    Post.STANDING_DEPUTY: Role.BOARD_MEMBER,
    Post.DEPUTY: Role.BOARD_MEMBER,
    Post.MEMBER: Role.BOARD_MEMBER,
    Post.WORKING_GROUP: Role.WORKING_GROUP,
}
# Leadership is given by administration and left alone.
DERIVED = frozenset(set(Role) - {Role.LEADERSHIP})
WRITERS = DERIVED - {Role.AGENCY_OFFICER}
# They stand in the built query for the person and the day it is asked about.
ANYBODY, ANY_DAY = -1, date(1, 1, 1)


@dataclass(frozen=True)
class Standing:
    """What the rows say of one person on one day."""

    day: date
    roles: frozenset[Role]
    groups: frozenset[str]
    is_governed: bool
    has_closure: bool
    is_superuser: bool

    @property
    def derived_groups(self) -> set[str]:
        return {name for name in self.groups if name in DERIVED}

    @property
    def is_over(self) -> bool:
        """Had access by a row that ended, and nothing else gives it now."""
        given = self.roles or Role.LEADERSHIP in self.groups or self.is_superuser
        return self.is_governed and not given

    def wants_sync(self, is_active: bool) -> bool:
        if self.derived_groups != set(self.roles):
            return True
        if self.is_over:
            return is_active
        return self.has_closure and bool(self.roles or is_active)


def standing(user: User, day: date | None = None) -> Standing:
    """Everything in one query; public pages never ask."""
    day = day or clock.today()
    found: dict[str, set[str]] = {}
    for fact, name in _answers(user.pk, day):
        found.setdefault(fact, set()).add(name)
    roles = {ROLE_OF_POST[Post(post)] for post in found.get("post", ())}
    roles |= {Role(role) for role in found.get("role", ())}
    return Standing(
        day,
        frozenset(roles),
        frozenset(found.get("group", ())),
        is_governed="row" in found,
        has_closure="closed" in found,
        is_superuser=user.is_superuser,
    )


def roles_on(user: User, day: date | None = None) -> set[Role]:
    return set(standing(user, day).roles)


def roles_today(user: User) -> frozenset[Role]:
    """As `roles_on`, asked once in the life of the user object and day."""
    known = getattr(user, "_standing", None)
    if known is None or known.day != clock.today():
        known = user._standing = standing(user)
    return known.roles


def _answers(user_id: int, day: date) -> list[tuple[str, str]]:
    """What `_facts` finds of this person. Building it costs ten times what asking it does."""
    sql, parameters = _built(connection.vendor)
    date_of = connection.ops.adapt_datefield_value
    meant = {ANYBODY: user_id, date_of(ANY_DAY): date_of(day)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [meant.get(parameter, parameter) for parameter in parameters])
        return cursor.fetchall()


@cache
def _built(_vendor: str) -> tuple[str, tuple]:
    return _facts(ANYBODY, ANY_DAY).query.sql_with_params()


def _facts(user: int, day: date) -> QuerySet:
    """(what, which) pairs: rows in force, groups held, rows ever begun, an open closure."""
    rows = [Appointment.objects, Collaborator.objects, Membership.objects]
    begun = [_said(row.filter(user=user, valid_from__lte=day), "row") for row in rows]
    posts = Appointment.objects.in_force(day).filter(user=user)
    contracts = Collaborator.objects.in_force(day).filter(user=user)
    closures = AccountClosure.objects.filter(user=user, reopened_at=None)
    return _said(posts, "post", F("post")).union(
        _said(contracts, "role", Value(Role.COLLABORATOR.value)),
        _said(_memberships(day).filter(user=user), "role", Value(Role.AGENCY_OFFICER.value)),
        _said(Group.objects.filter(user=user), "group", F("name")),
        _said(closures, "closed"),
        *begun,
    )


def _said(rows: QuerySet, fact: str, name: F | Value | None = None) -> QuerySet:
    given = name or Value("")
    if isinstance(given, Value):
        given = Value(given.value, CharField())
    return (
        rows.order_by()
        .annotate(said_fact=Value(fact, CharField()), said_name=given)
        .values_list("said_fact", "said_name")
    )


def _memberships(day: date) -> QuerySet[Membership]:
    """Those that run, in an agency that exists or has a successor (Art. 13.3)."""
    lives = Q(agency__valid_to__isnull=True) | Q(agency__valid_to__gte=day)
    runs = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return Membership.objects.filter(
        runs, lives | Q(agency__successor__isnull=False), valid_from__lte=day
    )
