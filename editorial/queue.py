"""What waits for a person, oldest first: the read side of the workflow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from wagtail.models import Page, TaskState, WorkflowState

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import running
from portal.agencies.queries import in_force
from site_pages.admin_listing import told
from site_pages.timeliness import Timeliness

from . import clocks
from .authority import appointments, authority, is_on_board, may_screen
from .models import (
    Action,
    ApprovalTask,
    Collaborator,
    Doubt,
    Forward,
    Notice,
    ReviewStep,
    ScreeningTask,
)


@dataclass(frozen=True)
class Waiting:
    """One item in a queue."""

    state: TaskState
    page: Page
    sender: User | None
    section: Page
    since: datetime
    clock: Timeliness | None
    is_doubted: bool

    @property
    def clock_words(self) -> str:
        return told(self.clock) if self.clock else ""


def to_screen(user: User) -> list[Waiting]:
    return _waiting(_open(ScreeningTask)) if may_screen(user) else []


def to_approve(user: User) -> list[Waiting]:
    """Items in the sections that the person decides on today, but not those approved already."""
    if not is_on_board(user):
        return []
    # Asked of the steps themselves: two conditions of one exclude() may each meet another row.
    given = ReviewStep.objects.filter(by=user, action=Action.APPROVED, task_state__isnull=False)
    items = _waiting(_open(ApprovalTask).exclude(pk__in=given.values("task_state")))
    # Who decides follows from the section: asked once for each, not for each item.
    places = {item.section.pk: item.section for item in items}
    mine = {pk for pk, place in places.items() if authority(user, place)}
    return [item for item in items if item.section.pk in mine]


def forwarded(user: User) -> QuerySet[Forward]:
    """What the person, or an agency that they act for, was asked and has not answered."""
    asked = forwarded_ever(user).filter(answered_at=None)
    return asked.select_related("page", "to_agency", "asked_by")


def sent_by(user: User) -> list[Waiting]:
    """The person's own items that are on their way or came back, newest first."""
    rounds = WorkflowState.objects.active().filter(requested_by=user)
    states = TaskState.objects.filter(pk__in=rounds.values("current_task_state"))
    return list(reversed(_waiting(states.order_by("started_at", "pk"))))


def unread(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user, read_at=None).select_related("page")


def doubts() -> QuerySet[Doubt]:
    return Doubt.objects.filter(cleared_at=None).select_related("page", "asked_by")


def may_see(user: User, page: Page) -> bool:
    """Whom an item that is not public concerns: senders, reviewers, who was asked."""
    if user.is_superuser or may_screen(user) or page.owner_id == user.pk:
        return True
    if authority(user, page):
        return True
    if WorkflowState.objects.for_instance(page).filter(requested_by=user).exists():
        return True
    return forwarded_ever(user).filter(page_id=page.pk).exists()


def forwarded_ever(user: User) -> QuerySet[Forward]:
    """To the person while a post of theirs runs, or to an agency that they act for today,
    or to the one it carries on."""
    day = clock.today()
    agencies: set[int] = set()
    for row in running(day).filter(user=user):
        agencies.add(row.agency_id)
        if carries_on := in_force(row.agency, day):
            agencies.add(carries_on.pk)
    asked = Q(to_agency__in=agencies)
    if appointments(user):
        asked |= Q(to_user=user)
    return Forward.objects.filter(asked)


def role_line(user: User) -> str:
    """In what a person works here today, for the head of their desk."""
    posts = [str(row.get_post_display()) for row in appointments(user)]
    network = Collaborator.objects.in_force(clock.today()).filter(user=user)
    return ", ".join(posts + [str(row.get_kind_display()) for row in network])


def _open(task: type) -> QuerySet[TaskState]:
    return TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        task__in=task.objects.values("task_ptr"),
    ).order_by("started_at", "pk")


def _waiting(states: Iterable[TaskState]) -> list[Waiting]:
    """The items of steps, in a fixed number of queries and one for each type of page."""
    rows = list(states.select_related("workflow_state__requested_by", "task"))
    ids = [int(row.workflow_state.object_id) for row in rows]
    pages = {
        page.pk: page for page in Page.objects.filter(pk__in=ids).select_related("owner").specific()
    }
    steplen = Page.steplen
    parents = {
        place.path: place
        for place in Page.objects.filter(path__in={page.path[:-steplen] for page in pages.values()})
    }
    timed = clocks.of_pages(pages.values())
    doubted = set(doubts().filter(page__in=ids).values_list("page_id", flat=True))
    return [
        Waiting(
            row,
            page,
            row.workflow_state.requested_by or page.owner,
            parents[page.path[:-steplen]],
            row.started_at,
            timed.get(page.pk),
            page.pk in doubted,
        )
        for row in rows
        if (page := pages.get(int(row.workflow_state.object_id)))
    ]
