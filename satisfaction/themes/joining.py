"""What the themes register with the house."""

from __future__ import annotations

from editorial import roles
from portal.accounts.roles import Role
from portal.outbox.registry import register
from site_pages import page_cache

from ..models import Theme, ThemeGrouping, ThemeQuote, ThemeText
from . import grouping


def join() -> None:
    register(grouping.KIND, grouping.carry_out)
    page_cache.never_shown(ThemeGrouping, Theme, ThemeText, ThemeQuote)
    roles.grant(Role.WORKING_GROUP, "satisfaction.group_texts")
