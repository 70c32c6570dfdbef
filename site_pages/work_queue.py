"""The first panel of the admin: what waits for this person, most pressing first.

Each room registers what it knows to be waiting, as it registers sections of the home page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page, WorkflowState
from wagtail.permissions import page_permission_policy

from portal.accounts.models import User

from .admin_listing import told
from .timeliness import Clock, Timeliness, against
from .withdrawal import Withdrawal

SHOWN = 12
# By each room: no more than can be read at a glance.
EACH = 8


@dataclass(frozen=True)
class Waiting:
    """One piece of work: what it is, where it is done, whose it is and by when."""

    what: str
    task: str
    url: str
    whose: str = ""
    due: str = ""
    due_at: datetime | None = None
    is_late: bool = False


Finder = Callable[[User], Iterable[Waiting]]
Frame = Callable[[User], AbstractContextManager]
_finders: list[Finder] = []
_frames: list[Frame] = []


def register_work(finder: Finder) -> Finder:
    """Let a room add what waits for a person."""
    _finders.append(finder)
    return finder


def look_within(frame: Frame) -> Frame:
    """Let a room hold on to what all finders ask about the person, while they look."""
    _frames.append(frame)
    return frame


def waiting_for(user: User) -> list[Waiting]:
    """Late things first, then by their deadline, then what has none."""
    with ExitStack() as stack:
        for frame in _frames:
            stack.enter_context(frame(user))
        found = [item for finder in _finders for item in finder(user)]
    dated = sorted((item for item in found if item.due_at), key=lambda item: item.due_at)
    return [*dated, *(item for item in found if not item.due_at)][:SHOWN]


def drafts(pages: QuerySet, user: User) -> QuerySet:
    """Pages with `due_at` that this person may edit and readers do not see as they stand."""
    mine = page_permission_policy.instances_user_has_any_permission_for(user, {"change", "publish"})
    down = Withdrawal.objects.filter(lifted_at=None).values("page")
    in_review = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    elsewhere = [int(number) for number in in_review.values_list("object_id", flat=True)]
    unseen = Q(live=False) | Q(has_unpublished_changes=True)
    found = pages.filter(unseen, pk__in=mine.values("pk")).exclude(pk__in=down)
    found = found.exclude(pk__in=elsewhere)
    ordered = found.order_by(F("due_at").asc(nulls_last=True), "latest_revision_created_at")
    return ordered.select_related("owner")[:EACH]


def draft_row(page: Page, name: str) -> Waiting:
    """A draft as a piece of work; its clock runs only until it is public."""
    clock = against(page.due_at, None) if page.due_at and not page.live else None
    task = _("Changes not yet published") if page.live else _("Draft")
    return Waiting(
        name,
        task,
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        (page.owner.get_full_name() or page.owner.username) if page.owner else "",
        _words(clock),
        clock.due_at if clock else None,
        clock is not None and clock.state is Clock.OVERDUE,
    )


def _words(clock: Timeliness | None) -> str:
    return told(clock) if clock else ""


class WorkPanel(Component):
    """What waits, as a table: what, whose, how late."""

    name = "work"
    order = 0
    template_name = "site_pages/admin/work_panel.html"

    def get_context_data(self, parent_context=None) -> dict:
        return {"items": waiting_for(parent_context["request"].user)}
