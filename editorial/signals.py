"""Where Wagtail offers no verb of ours: handing in, taking back, going public."""

from __future__ import annotations

from django.db import transaction
from django.db.models.signals import pre_save
from wagtail.admin import signal_handlers
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import page_published, page_unpublished, task_submitted, workflow_cancelled

from . import approval, checking, submission, workflow
from .models import ScreeningTask


def connect() -> None:
    """Our letters go through the outbox and hold no content; Wagtail's own are not connected.

    Wagtail connects its own when its app starts, which is after ours.
    """
    signal_handlers.register_signal_handlers = lambda: None
    task_submitted.connect(handed_in, dispatch_uid="editorial.handed_in")
    pre_save.connect(
        takes_back, sender=WorkflowState, dispatch_uid="editorial.takes_back", weak=False
    )
    workflow_cancelled.connect(taken_back, dispatch_uid="editorial.taken_back")
    page_published.connect(went_public, dispatch_uid="editorial.went_public")
    page_unpublished.connect(went_down, dispatch_uid="editorial.went_down")


def handed_in(sender, instance: TaskState, user=None, **kwargs) -> None:
    if isinstance(instance.task.specific, ScreeningTask):
        with transaction.atomic():
            submission.note_handed_in(instance, user)


def takes_back(sender, instance: WorkflowState, raw: bool = False, **kwargs) -> None:
    """Wagtail cancels a round as it was when the page was opened; here it is looked at anew."""
    if instance.status == WorkflowState.STATUS_CANCELLED and instance.pk and not raw:
        workflow.take_back(instance.pk)


def taken_back(sender, instance: WorkflowState, user=None, **kwargs) -> None:
    if instance.current_task_state_id:
        submission.note_taken_back(instance, user)


def went_public(sender, instance, revision=None, **kwargs) -> None:
    """Wagtail tells so too of a page that was only given its time."""
    if not instance.live:
        return
    approval.note_public(instance, revision)
    checking.note_changed(instance)


def went_down(sender, instance, **kwargs) -> None:
    checking.note_changed(instance)
