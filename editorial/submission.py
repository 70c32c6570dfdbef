"""Handing in and taking back: what Wagtail's own buttons do, written down as steps."""

from __future__ import annotations

from wagtail.models import TaskState, WorkflowState

from portal.accounts.models import User

from . import notices
from .models import Action, ReviewStep
from .workflow import find, record


def note_handed_in(state: TaskState, user: User | None) -> ReviewStep:
    item = find(state.pk)
    step = record(item, Action.SUBMITTED, user or item.page.owner)
    notices.tell_screeners(item.page, step)
    return step


def note_taken_back(round: WorkflowState, user: User | None) -> ReviewStep:
    return record(find(round.current_task_state_id), Action.CANCELLED, user)
