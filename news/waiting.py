"""Drafts of articles in the first panel of the admin."""

from __future__ import annotations

from django.db.models import F

from portal.accounts.models import User
from site_pages.admin_listing import with_clock
from site_pages.work_queue import Waiting, draft_row, drafts, register_work

from .admin_pages import RULE
from .models import ArticlePage


@register_work
def articles(user: User) -> list[Waiting]:
    pages = drafts(with_clock(ArticlePage.objects.all(), RULE, F("event_at")), user)
    return [draft_row(page, page.draft_title) for page in pages]
