"""Putting many checked documents into the register in a few statements.

Added one by one as an editor would, five thousand take an hour of statements and the
queue gives up on them. What a page's own save() does beside its rows is done here for
all together: tree, address, history. Only the search follows, in effects of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from wagtail.models import Page, PageLogEntry

from portal import clock
from site_pages.search.batches import call_for_range

from .issuers import key as issuer_key
from .models import DocumentsPage, LegalDocumentPage

BATCH = 500
_SHARED = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]


@transaction.atomic
def add_all(
    register: DocumentsPage, pages: Sequence[LegalDocumentPage], user, *, goes_live: bool
) -> int:
    """Add new documents below the register, all or none; returns how many."""
    if not pages:
        return 0
    # Whoever adds a page below the register waits here, as with a page's own add_child().
    parent = Page.objects.select_for_update().get(pk=register.pk)
    _spell_issuers(pages)
    _place(parent, register, pages, goes_live=goes_live)
    rows = [Page(**{name: getattr(page, name) for name in _SHARED}) for page in pages]
    Page.objects.bulk_create(rows, batch_size=BATCH)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = page.page_ptr_id = row.pk
        page.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(pages))
    _log(pages, user, ["wagtail.create", *(["wagtail.publish"] if goes_live else [])])
    call_for_range(pages[0].pk, pages[-1].pk)
    return len(pages)


def _spell_issuers(pages: Sequence[LegalDocumentPage]) -> None:
    spelled = {issuer_key(name): name for name in reversed(LegalDocumentPage.objects.issuers())}
    for page in pages:
        page.issuer = spelled.setdefault(issuer_key(page.issuer), page.issuer)


def _place(
    parent: Page,
    register: DocumentsPage,
    pages: Sequence[LegalDocumentPage],
    *,
    goes_live: bool,
) -> None:
    kind = ContentType.objects.get_for_model(LegalDocumentPage)
    last = parent.get_last_child()
    depth = parent.depth + 1
    path = last._inc_path() if last else Page._get_path(parent.path, depth, 1)
    now = clock.now()
    for page in pages:
        page.path, page.depth, page.content_type = path, depth, kind
        path = page._inc_path()
        page.locale, page.language = register.locale, register.locale.language_code
        page.draft_title = page.title
        page.set_url_path(parent)
        page.live, page.has_unpublished_changes = goes_live, not goes_live
        page.first_published_at = page.last_published_at = now if goes_live else None


def _log(pages: Sequence[LegalDocumentPage], user, actions: list[str]) -> None:
    now = clock.now()
    entries = [
        PageLogEntry(
            content_type=page.content_type,
            page_id=page.pk,
            label=page.title,
            action=action,
            timestamp=now,
            user=user,
            content_changed=True,
        )
        for page in pages
        for action in actions
    ]
    PageLogEntry.objects.bulk_create(entries, batch_size=BATCH)
