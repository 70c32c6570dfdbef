"""Who decides what on a day: in their own right, for someone away, or by delegation (Art. 4, 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User

from .models.board import (
    BOARD_POSTS,
    Absence,
    Appointment,
    Delegation,
    Post,
    SectionAssignment,
)


class Right(models.TextChoices):
    """In whose right a decision is taken."""

    OWN = "own", _("In charge of the section")
    HEAD = "head", _("Head of the Board")
    STAND_IN = "stand-in", _("Standing in")
    DELEGATED = "delegated", _("By delegation")


@dataclass(frozen=True)
class Authority:
    """The post that a person uses, the post in whose right, and the paper that says so."""

    used: Appointment
    holder: Appointment
    right: Right
    paper: str = ""
    # A delegation's sections; none is everything that its giver decides.
    within: frozenset[UUID] = frozenset()


@contextmanager
def at_one_look(user: User) -> Iterator[None]:
    """Within this the person's posts are asked for once: for panels, which only read.

    Verbs take their user from elsewhere in the same request and never run inside. A look
    within a look is the same look.
    """
    if hasattr(user, "_posts_seen"):
        yield
        return
    user._posts_seen = {}
    try:
        yield
    finally:
        del user._posts_seen


def appointments(user: User, on: date | None = None) -> list[Appointment]:
    """The posts that a person holds on the day, highest first."""
    if not user.is_active:
        return []
    day = on or clock.today()
    seen = getattr(user, "_posts_seen", None)
    if seen is None:
        return _appointments(user, day)
    if day not in seen:
        seen[day] = _appointments(user, day)
    return list(seen[day])


def _appointments(user: User, day: date) -> list[Appointment]:
    rows = Appointment.objects.in_force(day).filter(user=user).select_related("user")
    order = list(Post)
    return sorted(rows, key=lambda row: order.index(Post(row.post)))


def is_on_board(user: User, on: date | None = None) -> bool:
    return any(row.post in BOARD_POSTS for row in appointments(user, on))


def may_screen(user: User, on: date | None = None) -> bool:
    """The working group screens (Art. 5.5.c), and who stands in for one of them."""
    day = on or clock.today()
    held = appointments(user, day)
    if any(row.post == Post.WORKING_GROUP for row in held):
        return True
    return any(row.holder.post == Post.WORKING_GROUP for row in _borrowed(held, day))


def authorities(user: User, page: Page, on: date | None = None) -> list[Authority]:
    """Every right by which a person may decide on a page, the nearest first."""
    day = on or clock.today()
    held = [row for row in appointments(user, day) if row.post in BOARD_POSTS]
    keys = section_keys(page)
    own = [Authority(row, row, right) for row in held if (right := _right(row, keys, day))]
    lent = [
        row
        for row in _borrowed(held, day, keys)
        if row.holder.post in BOARD_POSTS and _right(row.holder, keys, day)
    ]
    return own + lent


def authority(user: User, page: Page, on: date | None = None) -> Authority | None:
    return next(iter(authorities(user, page, on)), None)


def deciders(page: Page, on: date | None = None) -> list[User]:
    """Everyone who may approve the page today: those in charge, and who acts for them."""
    day = on or clock.today()
    people = User.objects.filter(
        pk__in=Appointment.objects.in_force(day).filter(post__in=BOARD_POSTS).values("user"),
        is_active=True,
    ).order_by("pk")
    return [person for person in people if authority(person, page, day)]


def screeners(on: date | None = None) -> list[User]:
    day = on or clock.today()
    rows = Appointment.objects.in_force(day).filter(post=Post.WORKING_GROUP)
    people = User.objects.filter(pk__in=rows.values("user"), is_active=True)
    return list(people.order_by("pk"))


def sections_of(user: User, on: date | None = None) -> list[Page] | None:
    """Sections with their twins that a person decides on today; None is every section."""
    day = on or clock.today()
    held = [row for row in appointments(user, day) if row.post in BOARD_POSTS]
    lent = [row for row in _borrowed(held, day, None) if row.holder.post in BOARD_POSTS]
    whole = [*held, *(row.holder for row in lent if not row.within)]
    if any(row.post == Post.HEAD for row in whole):
        return None
    keys = _keys_of(whole, day)
    for row in lent:
        if row.within:
            given = Page.objects.filter(translation_key__in=row.within)
            keys |= _shared_keys(row, given, day)
    return list(Page.objects.filter(translation_key__in=keys).order_by("path"))


def _keys_of(rows: Iterable[Appointment], day: date) -> set[UUID]:
    found = SectionAssignment.objects.in_force(day).filter(appointment__in=list(rows))
    return set(found.values_list("section__translation_key", flat=True))


def _shared_keys(row: Authority, given: Iterable[Page], day: date) -> set[UUID]:
    """The narrower of what the giver decides on and of what the delegation names."""
    if row.holder.post == Post.HEAD:
        return {page.translation_key for page in given}
    own = list(Page.objects.filter(translation_key__in=_keys_of([row.holder], day)))
    narrower = set()
    for page in given:
        for place in own:
            if page.path.startswith(place.path):
                narrower.add(page.translation_key)
            elif place.path.startswith(page.path):
                narrower.add(place.translation_key)
    return narrower


def in_post(user: User, posts: Iterable[Post], on: date | None = None) -> Authority | None:
    """The right of one of the posts: held, or used for someone away or who delegated all."""
    day, wanted = on or clock.today(), set(posts)
    held = appointments(user, day)
    own = [Authority(row, row, Right.OWN) for row in held if row.post in wanted]
    lent = [row for row in _borrowed(held, day, set()) if row.holder.post in wanted]
    return next(iter(own + lent), None)


def section_keys(page: Page) -> set[UUID]:
    """Translation keys of the page and all above it: a section's twin is the same section."""
    return set(page.get_ancestors(inclusive=True).values_list("translation_key", flat=True))


def _right(row: Appointment, keys: set[UUID], day: date) -> Right | None:
    """The Head decides everywhere; the others in the sections that they are in charge of."""
    in_charge = SectionAssignment.objects.in_force(day).filter(
        appointment=row, section__translation_key__in=keys
    )
    if in_charge.exists():
        return Right.OWN
    return Right.HEAD if row.post == Post.HEAD else None


def _borrowed(
    held: Iterable[Appointment], day: date, keys: set[UUID] | None = None
) -> list[Authority]:
    """Rights of others that the posts may use on the day; `keys` narrows delegations."""
    held = list(held)
    away = Absence.objects.in_force(day).filter(stand_in__in=held)
    away = away.select_related("appointment__user", "stand_in__user")
    found = [Authority(row.stand_in, row.appointment, Right.STAND_IN) for row in away]
    given = Delegation.objects.in_force(day).filter(taker__in=held)
    if keys is not None:
        within = Q(sections__isnull=True) | Q(sections__translation_key__in=keys)
        given = given.filter(within).distinct()
    given = given.select_related("giver__user", "taker__user").prefetch_related("sections")
    found += [
        Authority(row.taker, row.giver, Right.DELEGATED, row.paper, _scope(row)) for row in given
    ]
    return [row for row in found if row.holder.holds_on(day)]


def _scope(row: Delegation) -> frozenset[UUID]:
    return frozenset(section.translation_key for section in row.sections.all())
