"""Drafts of documents in the first panel of the admin."""

from __future__ import annotations

from portal.accounts.models import User
from site_pages.work_queue import Waiting, draft_row, drafts, register_work

from .admin_pages import clocked
from .models import LegalDocumentPage


@register_work
def documents(user: User) -> list[Waiting]:
    pages = drafts(clocked(LegalDocumentPage.objects.all()), user)
    return [draft_row(page, f"{page.number} – {page.draft_title}") for page in pages]
