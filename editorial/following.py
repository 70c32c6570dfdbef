"""What follows in the editorial room from events on the floors below: each calls one verb."""

from __future__ import annotations

from django.dispatch import receiver
from wagtail.models import Page

from site_pages.search.indexing import public_text_kept

from . import duplicates


@receiver(public_text_kept)
def compare_what_is_public(page_id: int, page: Page | None, **kwargs) -> None:
    if page is None:
        duplicates.forget(page_id)
    else:
        duplicates.remember(page)
