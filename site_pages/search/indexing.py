"""Keeping the search in step with what is public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.dispatch import Signal
from django.utils.timezone import localdate
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from portal.reporting import queries as editions
from portal.reporting.models import Edition
from portal.text import fold

from . import engine
from .models import FileText, SearchEntry, SearchKind
from .reading import LONGEST_TEXT
from .words import accented, distinct_within, number_key

# A home page stands at depth 2, the sections of Article 6 below it.
SECTION_DEPTH = 3
# Sent with `page_id` and the live `page`, or None for one that no reader sees, whenever what
# is public of it may have changed: published, withdrawn, put back, moved, imported.
public_text_kept = Signal()
# A tsvector holds a megabyte: the words with marks, without, and their places.
MOST_WORD_BYTES = 200_000


@dataclass
class Facts:
    """What a page tells the search about itself, beside its title and text."""

    kind: SearchKind = SearchKind.PAGE
    title: str = ""
    number: str = ""
    # Other ways to type the number: found, never shown.
    keys: str = ""
    reform_field: str = ""
    issuer: str = ""
    agencies: Iterable[int] = ()
    dated: date | None = None
    begins_on: date | None = None
    changed_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def index_page(page_id: int) -> None:
    """Write a live page's entry anew; take away the entry of any other.

    The page is read from the database: an instance in hand may carry a draft.
    """
    source = f"page:{page_id}"
    page = Page.objects.filter(pk=page_id, live=True).specific().first()
    if page is None or not hasattr(page, "search_facts"):
        _forget(source)
        public_text_kept.send(index_page, page_id=page_id, page=None)
        return
    facts: Facts = page.search_facts()
    texts = [page.text_for_search(), *_texts_of_files(page)]
    entry = _write(
        source,
        " ".join(texts)[:LONGEST_TEXT],
        facts.keys,
        page_id=page.pk,
        language=page.locale.language_code,
        kind=facts.kind,
        title=(facts.title or page.title)[:300],
        summary=page.abstract_text,
        number_key=number_key(facts.number),
        section=_section(page),
        reform_field=facts.reform_field,
        issuer=facts.issuer,
        dated=facts.dated or _day(page.first_published_at),
        begins_on=facts.begins_on,
        changed_on=facts.changed_on,
        ends_on=facts.ends_on,
    )
    entry.agencies.set(facts.agencies)
    public_text_kept.send(index_page, page_id=page_id, page=page)


def _texts_of_files(page) -> list[str]:
    """The texts of every file that the published page links or attaches and anyone may fetch."""
    kind = ContentType.objects.get_for_model(Document)
    references = ReferenceIndex.get_references_for_object(page).filter(to_content_type=kind)
    ids = {int(pk) for pk in references.values_list("to_object_id", flat=True)}
    found = FileText.objects.filter(document__in=ids).select_related("document__collection")
    return [
        item.text for item in found if not item.document.collection.get_view_restrictions().exists()
    ]


def index_edition(edition: Edition) -> None:
    """A published report is found too; its figures are in its own page, its title here."""
    _write(
        f"edition:{edition.pk}",
        edition.title,
        "",
        path=f"/bao-cao/{edition.code}/",
        language="vi",
        kind=SearchKind.REPORT,
        title=edition.title[:300],
        dated=_day(edition.published_at),
    )


def _day(moment) -> date | None:
    return localdate(moment) if moment else None


def _section(page) -> Page | None:
    if page.depth < SECTION_DEPTH:
        return None
    return Page.objects.filter(path=page.path[: Page.steplen * SECTION_DEPTH]).first()


def index_all() -> int:
    """Write every entry anew; how many pages were read."""
    ids = list(Page.objects.filter(depth__gt=1).values_list("pk", flat=True))
    for page_id in ids:
        index_page(page_id)
    for edition in editions.published():
        index_edition(edition)
    return len(ids)


@transaction.atomic
def _write(source: str, text: str, keys: str, **fields) -> SearchEntry:
    # A NUL is not text to PostgreSQL.
    text = text.replace("\x00", " ")
    entry, _created = SearchEntry.objects.update_or_create(
        source=source, defaults={**fields, "text": text}
    )
    engine.store(entry.pk, _both(entry.title), _both(f"{text} {keys}"))
    return entry


def _both(text: str) -> tuple[str, str]:
    words = distinct_within(accented(text), MOST_WORD_BYTES)
    return " ".join(words), " ".join(fold(word) for word in words)


def _forget(source: str) -> None:
    entry = SearchEntry.objects.filter(source=source).first()
    if entry is not None:
        engine.forget(entry.pk)
        entry.delete()
