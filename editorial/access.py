"""Access follows from what is in force today: posts, contracts, memberships (Art. 5.5.m).

Roles are derived anew on every request of somebody signed in, with one query, so that
whoever's term, contract or membership ended is out on the very next one, also when a
day simply passed. The nightly chore does the same for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.outbox.mail import send_letter

from . import handing_over
from .handing_over import hand_over
from .models import AccountClosure
from .standing import DERIVED, WRITERS, Standing, roles_on, standing

LETTER = "editorial.open-again"
__all__ = ["hand_over", "keep_current", "roles_on", "settle", "sync", "sync_all"]


@transaction.atomic
def sync(user: User) -> Standing:
    """Give exactly the groups of the roles in force; close or open the account with them."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    now = standing(locked)
    _set_groups(locked, now)
    if not now.roles & WRITERS and not now.is_superuser:
        handing_over.carry_out(locked)
    if now.is_over:
        _close(locked, now)
    elif now.has_closure:
        _open_again(locked, now)
    user.is_active, user.password = locked.is_active, locked.password
    user._standing = now
    for cache in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        user.__dict__.pop(cache, None)
    return now


def sync_all() -> int:
    """Nightly: everybody whom a row governs or whom a derived group names."""
    people = User.objects.filter(
        Q(appointments__isnull=False)
        | Q(collaborations__isnull=False)
        | Q(memberships__isnull=False)
        | Q(groups__name__in=[role.value for role in DERIVED])
    ).distinct()
    changed = 0
    for person in people.order_by("pk").iterator():
        if standing(person).wants_sync(person.is_active):
            sync(person)
            changed += 1
    return changed


def _set_groups(user: User, now: Standing) -> None:
    wanted = {role.value for role in now.roles}
    lost, won = now.derived_groups - wanted, wanted - now.derived_groups
    user.groups.remove(*Group.objects.filter(name__in=lost))
    for name in sorted(won):
        user.groups.add(Group.objects.get_or_create(name=name)[0])
    if lost or won:
        log(user, "editorial.roles", data={"lost": sorted(lost), "won": sorted(won)})


def _close(user: User, now: Standing) -> None:
    """Out at once: sessions and reset tokens are made from the password's hash."""
    if not user.is_active:
        return
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    if not now.has_closure:
        AccountClosure.objects.create(user=user, closed_at=clock.now())
    log(user, "editorial.account_close")


def _open_again(user: User, now: Standing) -> None:
    """Only what was closed here; a password set since tells that administration took over."""
    closed_here = not user.is_active and not user.has_usable_password()
    if closed_here and not now.roles:
        return
    if closed_here:
        user.is_active = True
        # Nobody knows it: its owner sets a new one with "forgotten password".
        user.set_password(get_random_string(50))
        user.save(update_fields=["is_active", "password"])
        send_letter(LETTER, str(clock.now().timestamp()), user.pk)
        log(user, "editorial.account_open")
    AccountClosure.objects.filter(user=user, reopened_at=None).update(reopened_at=clock.now())


def settle(user: User, last_day: date, by: User, successor: User | None) -> None:
    """After a row of the person's was ended: see to the drafts, then to the access."""
    first_out = max(last_day + timedelta(days=1), clock.today())
    stays = roles_on(user, first_out) & WRITERS or user.is_superuser
    pages = [] if stays else handing_over.waiting_pages(user)
    if pages and successor is None:
        raise ValidationError({"successor": handing_over.refusal(len(pages))})
    if pages and first_out <= clock.today():
        handing_over.move(user, successor, by)
    elif pages:
        handing_over.name(user, successor, pages, by)
    sync(user)


def keep_current(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: one query for who is signed in, none for anybody else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _check(request)
        return get_response(request)

    return middleware


def _check(request: HttpRequest) -> None:
    user = request.user
    user._standing = standing(user)
    if not user._standing.wants_sync(user.is_active):
        return
    sync(user)
    if not user.is_active:
        logout(request)
        text = _("Your term, contract or membership has ended, and with it your access.")
        messages.info(request, text)
