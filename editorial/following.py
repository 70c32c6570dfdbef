"""What follows in the editorial room from events on the floors below: each calls one verb."""

from __future__ import annotations

from django.dispatch import receiver
from wagtail.models import Page, WorkflowState
from wagtail.signals import workflow_submitted

from site_pages.search.indexing import public_text_kept

from . import duplicates, originals


@receiver(public_text_kept)
def compare_what_is_public(page_id: int, page: Page | None, **kwargs) -> None:
    if page is None:
        duplicates.forget(page_id)
    else:
        duplicates.remember(page)


@receiver(workflow_submitted)
def keep_what_was_sent_in(instance: WorkflowState, user, **kwargs) -> None:
    """In the transaction of the submission: without its original nothing is sent in."""
    if isinstance(instance.content_object, Page):
        originals.keep(instance.content_object, user)
