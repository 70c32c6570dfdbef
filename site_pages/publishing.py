"""The one gate to the public: a revision goes live by an approval, or with the site's own ground.

The room above registers what an approval is. Until it says yes, no button, bulk action,
translation or scheduled job makes anything public, whoever presses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal.accounts.models import User

_laying: ContextVar[bool] = ContextVar("laying", default=False)
_approvals: list[Callable[[Revision], bool]] = []
_deciders: list[Callable[[User, Page], bool]] = []
_objections: list[Callable[[Revision], None]] = []


@contextmanager
def by_installation() -> Iterator[None]:
    """What is published inside is the site's own ground: its tree, its demonstration."""
    token = _laying.set(True)
    try:
        yield
    finally:
        _laying.reset(token)


def is_installation() -> bool:
    return _laying.get()


def register_approval(is_approved: Callable[[Revision], bool]) -> None:
    _approvals.append(is_approved)


def register_objection(object_to: Callable[[Revision], None]) -> None:
    """Let a room above raise ValidationError against what was approved before."""
    _objections.append(object_to)


def register_decider(may_decide: Callable[[User, Page], bool]) -> None:
    _deciders.append(may_decide)


def may_decide(user: User, page: Page) -> bool:
    """Whether the person decides on what is public in the page's section."""
    return user.is_active and any(decides(user, page) for decides in _deciders)


def require_no_objection(revision: Revision) -> None:
    for object_to in _objections:
        object_to(revision)


def require_approval(revision: Revision) -> None:
    if is_installation():
        return
    require_no_objection(revision)
    if any(is_approved(revision) for is_approved in _approvals):
        return
    raise PermissionDenied(_("Nothing is made public before it is approved (Art. 8.3.a)."))
