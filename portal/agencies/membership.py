"""Who may act for an agency (Art. 13.3), by a decision and for a period."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User

from .models import Agency, Membership
from .queries import in_force


def _require(user: User, permission: str) -> None:
    if not user.has_perm(f"agencies.{permission}"):
        raise PermissionDenied


@transaction.atomic
def grant(user: User, agency: Agency, decision: str, start: date, by: User) -> Membership:
    """Let `user` act for `agency` from `start`; granting twice changes nothing."""
    _require(by, "add_membership")
    membership, created = Membership.objects.get_or_create(
        user=user, agency=agency, valid_from=start, defaults={"decision": decision}
    )
    if created:
        log(membership, "agencies.membership.grant", user=by)
    return membership


@transaction.atomic
def end(membership_id: int, on: date, by: User) -> Membership:
    """The last day of a membership; access is gone on the next request after it."""
    _require(by, "change_membership")
    membership = Membership.objects.select_for_update().get(pk=membership_id)
    membership.valid_to = max(on, membership.valid_from)
    membership.save(update_fields=["valid_to"])
    log(membership, "agencies.membership.end", user=by)
    return membership


@transaction.atomic
def close_agency(agency_id: int, last_day: date, successor: Agency | None, by: User) -> Agency:
    """End an agency's life; `successor` carries on. Agencies are never deleted (Art. 8.5)."""
    _require(by, "change_agency")
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    agency.valid_to, agency.successor = last_day, successor
    agency.full_clean()
    agency.save()
    log(agency, "agencies.agency.close", user=by)
    return agency


def may_act_for(user: User, agency: Agency, on: date | None = None) -> bool:
    """True while a membership runs. Members of a closed agency act for its successor."""
    if not user.is_active:
        return False
    day = on or clock.today()
    rows = running(day).filter(user=user)
    return any(in_force(row.agency, day) == agency for row in rows)


def running(day: date) -> QuerySet[Membership]:
    """Memberships that hold on the day, each by itself: an earlier one of a person may be over."""
    rows = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day
    )
    return rows.select_related("agency__successor")


def who_may_act_for(agency: Agency, on: date | None = None) -> list[User]:
    """Everybody of whom `may_act_for` says yes."""
    day = on or clock.today()
    rows = running(day).filter(user__is_active=True).select_related("user")
    found = [row.user for row in rows.order_by("pk") if in_force(row.agency, day) == agency]
    return list({person.pk: person for person in found}.values())
