"""The way of an item: laying the workflow, taking hold of an open step, writing steps down."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import (
    Page,
    Revision,
    Task,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from portal import clock
from portal.accounts.models import User
from portal.text import clean
from site_pages.models import HomePage
from site_pages.timeliness import Timeliness

from .authority import Authority, authority, may_screen
from .models import Action, ApprovalTask, Doubt, ReviewStep, ScreeningTask

NAME = "Sàng lọc và phê duyệt"


class TakenAlready(ValidationError):
    """Someone else took the step, or the sender took the item back, while a page was open."""


@dataclass(frozen=True)
class Item:
    """What lies before a reviewer: one revision of one page at one step."""

    state: TaskState
    task: Task
    page: Page
    revision: Revision

    @property
    def round(self) -> WorkflowState:
        return self.state.workflow_state

    @property
    def clock(self) -> Timeliness | None:
        """The clock of Article 8.1.a where the kind of page has one."""
        return getattr(self.revision.as_object(), "timeliness", None)


@transaction.atomic
def lay() -> Workflow:
    """The one workflow, on every home page; run again it mends what is missing."""
    screening = ScreeningTask.objects.first() or ScreeningTask.objects.create(name="Sàng lọc")
    approval = ApprovalTask.objects.first() or ApprovalTask.objects.create(name="Phê duyệt")
    held = WorkflowTask.objects.filter(task__in=[screening.task_ptr, approval.task_ptr])
    row = held.select_related("workflow").first()
    workflow = row.workflow if row else Workflow.objects.create(name=NAME)
    for order, task in enumerate((screening, approval)):
        WorkflowTask.objects.get_or_create(
            workflow=workflow, task=task.task_ptr, defaults={"sort_order": order}
        )
    for home in HomePage.objects.all():
        WorkflowPage.objects.update_or_create(page=home.page_ptr, defaults={"workflow": workflow})
    return workflow


def find(task_state_id: int) -> Item:
    """The item of a step, open or not."""
    state = TaskState.objects.select_related("workflow_state", "revision", "task").get(
        pk=task_state_id
    )
    page = Page.objects.get(pk=state.workflow_state.object_id).specific
    revision = page.get_latest_revision() if _is_open(state) else state.revision
    return Item(state, state.task.specific, page, revision)


def take(task_state_id: int, task: type[Task]) -> Item:
    """Lock the step and the page, and see that the step is still to be taken."""
    state = TaskState.objects.select_for_update().get(pk=task_state_id)
    Page.objects.select_for_update().get(pk=state.workflow_state.object_id)
    item = find(task_state_id)
    if not isinstance(item.task, task) or not _is_open(item.state):
        raise TakenAlready(_taken(item.state))
    return item


@transaction.atomic
def take_back(round_id: int) -> None:
    """Cancel a round that still runs, with its steps locked as `take` locks them.

    Written here and not by Wagtail, which saves in no transaction what it read before.
    """
    steps = TaskState.objects.select_for_update().filter(workflow_state=round_id)
    last = list(steps.order_by("pk"))[-1:]
    rows = WorkflowState.objects.active().filter(pk=round_id)
    if not rows.update(status=WorkflowState.STATUS_CANCELLED):
        raise TakenAlready(_taken(last[0]) if last else _taken_back())


def _is_open(state: TaskState) -> bool:
    return (
        state.status == TaskState.STATUS_IN_PROGRESS
        and state.workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
        and state.workflow_state.current_task_state_id == state.pk
    )


def is_open(item: Item) -> bool:
    return _is_open(item.state)


def _taken(state: TaskState) -> str:
    last = ReviewStep.objects.filter(task_state=state).select_related("by").last()
    if state.status == TaskState.STATUS_CANCELLED or last is None:
        return _taken_back()
    return _("%(who)s has handled this step already: %(what)s, %(when)s.") % {
        "who": last.by.get_full_name() if last.by else _("Someone"),
        "what": str(last.get_action_display()).lower(),
        "when": date_format(timezone.localtime(last.at), "H:i d/m/Y"),
    }


def _taken_back() -> str:
    return _("The sender took this item back. Nothing was changed.")


def require_screener(user: User) -> None:
    if not may_screen(user):
        raise PermissionDenied(_("Only the working group screens (Art. 5.5.c)."))


def require_authority(user: User, page: Page) -> Authority:
    """The right in which the person decides on the page today."""
    right = authority(user, page)
    if right is None:
        raise PermissionDenied(_("You are not in charge of this section today."))
    return right


def require_text(text: str, field: str = "note") -> str:
    kept = clean(text)
    if not kept:
        raise ValidationError({field: _("Fill this in.")})
    return kept


def record(
    item: Item, action: Action, user: User | None, right: Authority | None = None, **facts
) -> ReviewStep:
    """Write a step down."""
    if right is not None:
        facts |= {"holder": right.holder, "right": right.right, "paper": right.paper}
    return ReviewStep.objects.create(
        page_id=item.page.pk,
        title=item.revision.object_str[:255],
        section=item.page.get_parent(),
        round=item.round,
        task_state=item.state,
        revision=item.revision,
        action=action,
        by=user,
        at=clock.now(),
        **facts,
    )


def open_doubt(page_id: int) -> Doubt | None:
    return Doubt.objects.filter(page_id=page_id, cleared_at=None).first()


def require_no_doubt(page_id: int) -> None:
    if open_doubt(page_id):
        raise ValidationError(
            _("This item is being verified again (Art. 3.9). Clear the request first.")
        )


def back_to_screening(item: Item) -> None:
    """Whatever comes back after a refusal or a return is screened again first."""
    screened = (
        item.round.task_states.filter(task=item.round.workflow.tasks.first())
        .order_by("-started_at", "-pk")
        .first()
    )
    WorkflowState.objects.filter(pk=item.round.pk).update(current_task_state=screened)
