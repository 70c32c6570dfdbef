"""Who records the papers on Board, working group and collaborators (Art. 5.2, 5.5)."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User

from . import authority
from .models.board import BOARD_POSTS, Absence, Appointment, Delegation, Period, Post


def may_record(user: User) -> bool:
    """The working group keeps the papers; administration records the first ones."""
    return user.is_active and (user.is_superuser or authority.may_screen(user))


def may_assign(user: User) -> bool:
    """The Head, who acts for the Head in everything, and administration with the Head's paper."""
    return user.is_active and (user.is_superuser or _acts_for_head(user))


def may_look(user: User) -> bool:
    return user.is_active and (
        user.is_superuser or authority.is_on_board(user) or authority.may_screen(user)
    )


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def same_rank(one: Appointment, other: Appointment) -> bool:
    """Board for Board, working group for working group: nobody lends a right across."""
    return (one.post in BOARD_POSTS) == (other.post in BOARD_POSTS)


def cut(row: Period, last_day: date) -> bool:
    """Let a row end with the day; one that has not held a whole day is called off."""
    if row.called_off_on or (row.valid_to and row.valid_to <= last_day):
        return False
    row.valid_to = max(last_day, row.valid_from)
    if last_day < row.valid_from:
        row.called_off_on = clock.today()
    row.save(update_fields=["valid_to", "called_off_on"])
    return True


def yesterday() -> date:
    """The last day of what ends at once."""
    return clock.today() - timedelta(days=1)


def period_problems(valid_from: date, valid_to: date | None) -> dict[str, str]:
    if valid_to and valid_to < valid_from:
        return {"valid_to": _("The last day comes before the first.")}
    return {}


def _acts_for_head(user: User) -> bool:
    day = clock.today()
    held = Appointment.objects.in_force(day).filter(user=user, post__in=BOARD_POSTS)
    if held.filter(post=Post.HEAD).exists():
        return True
    head = Appointment.objects.in_force(day).filter(post=Post.HEAD)
    away = Absence.objects.in_force(day).filter(stand_in__in=held, appointment__in=head)
    given = Delegation.objects.in_force(day).filter(
        taker__in=held, giver__in=head, sections__isnull=True
    )
    return away.exists() or given.exists()
