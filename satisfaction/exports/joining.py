"""What the exports for analysts register with the house."""

from __future__ import annotations

from editorial import roles
from portal.accounts.roles import Role
from portal.outbox.registry import every_night, register
from site_pages import page_cache

from ..models import DataExport
from . import ordering


def join() -> None:
    # It takes minutes: outside of a transaction.
    register(ordering.KIND, ordering.make, atomic=False, lost=ordering.lose)
    every_night(ordering.purge)
    page_cache.never_shown(DataExport)
    roles.grant(Role.WORKING_GROUP, "satisfaction.export_responses")
