"""Pictures of a page: all sizes are drawn by the queue when it is published, and read at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import prefetch_related_objects
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.models import Page

from portal.outbox.models import OutboxRow
from portal.outbox.sending import send

KIND = "site-pages.draw-pictures"


def read_renditions(images: Iterable[Image | None]) -> None:
    """Fetch the sizes of every picture of a page in one query, however many there are."""
    prefetch_related_objects([image for image in images if image is not None], "renditions")


def call_for(page: Page) -> None:
    """Have the pictures of a published page drawn before its first reader comes."""
    if _streams(page):
        with transaction.atomic():
            send(KIND, f"{page.pk}-{page.live_revision_id}", page_id=page.pk)


def carry_out(row: OutboxRow) -> None:
    """The effect: whatever rendering the text draws is there from now on."""
    page = Page.objects.filter(pk=row.payload["page_id"], live=True).specific().first()
    for name in _streams(page) if page else []:
        getattr(page, name).render_as_block()
    if page:
        page.metadata("")


def _streams(page: Page) -> list[str]:
    return [field.name for field in page._meta.get_fields() if isinstance(field, StreamField)]
