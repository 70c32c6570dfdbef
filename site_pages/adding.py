"""Who may begin a page where, beyond what groups can say; rooms above register limits."""

from __future__ import annotations

from collections.abc import Callable

from wagtail.models import Page

from portal.accounts.models import User

Limit = Callable[[User, Page], bool]
_limits: list[Limit] = []


def limit(check: Limit) -> Limit:
    """Let `check(user, parent)` refuse a page below `parent`."""
    _limits.append(check)
    return check


def is_open_to(user: User, parent: Page) -> bool:
    return all(check(user, parent) for check in _limits)
