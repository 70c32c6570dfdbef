"""Keeping the list of the agencies' own networks."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from portal.accounts.models import User

from ..models import AgencyNetwork


def _require(user: User) -> None:
    if not user.has_perm("satisfaction.run_fieldwork"):
        raise PermissionDenied


@transaction.atomic
def add(network: AgencyNetwork, user: User) -> AgencyNetwork:
    _require(user)
    network.full_clean()
    network.save()
    log(network, "satisfaction.network.add", user=user, data={"network": network.network})
    return network


@transaction.atomic
def remove(network_id: int, user: User) -> bool:
    """False if it is gone already."""
    _require(user)
    network = AgencyNetwork.objects.select_for_update().filter(pk=network_id).first()
    if network is None:
        return False
    log(network.agency, "satisfaction.network.remove", user=user, data={"network": network.network})
    network.delete()
    return True
