"""Pages that came many at once are indexed by the queue, some at a time."""

from __future__ import annotations

from wagtail.models import Page
from wagtail.search import index

from portal.outbox.models import OutboxRow
from portal.outbox.sending import send

from .indexing import index_page

KIND = "search.range"
BATCH = 100


def call_for_range(first: int, last: int) -> None:
    """Have the pages from one id to another indexed, for readers and for the admin."""
    for start in range(first, last + 1, BATCH):
        end = min(last, start + BATCH - 1)
        send(KIND, f"{start}-{end}", first=start, last=end)


def carry_out(row: OutboxRow) -> None:
    ids = range(row.payload["first"], row.payload["last"] + 1)
    for page in Page.objects.filter(pk__in=ids).specific():
        index_page(page.pk)
        index.insert_or_update_object(page)
