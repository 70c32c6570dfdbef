"""The life of a document beside the documents it is related to, in the order of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from site_pages.visibility import readable

if TYPE_CHECKING:
    from .models import LegalDocumentPage


@dataclass(frozen=True)
class Event:
    day: date
    words: str
    # The other document; None for this document's own days.
    other: LegalDocumentPage | None = None


def events(page: LegalDocumentPage) -> list[Event]:
    """Own days and related documents that a reader may see, oldest first."""
    told = [Event(page.issued_on, _("This document is issued"))]
    if page.effective_on and page.effective_on != page.issued_on:
        told.append(Event(page.effective_on, _("This document comes into force")))
    if page.expires_on:
        told.append(Event(page.expires_on, _("This document expires")))
    told += _related(page)
    return sorted(told, key=lambda event: event.day)


def _related(page: LegalDocumentPage) -> list[Event]:
    """What it does to others and others to it, each told once and in the page's language.

    A relation of a document is one of its translations too.
    """
    relations = page.relations.model.objects.filter(target__translation_key=page.translation_key)
    forth = [(row.target_id, row, False) for row in page.relations.all()]
    back = [(row.source_id, row, True) for row in relations]
    documents = type(page).objects
    others = {
        other.pk: other
        for other in readable(documents.filter(pk__in={pk for pk, _row, _back in forth + back}))
    }
    keys = {other.translation_key for other in others.values()}
    twins = {
        twin.translation_key: twin
        for twin in readable(documents.filter(translation_key__in=keys, locale=page.locale_id))
    }
    told: dict[tuple[object, str], Event] = {}
    for pk, row, is_back in forth + back:
        if pk not in others:
            continue
        other = twins.get(others[pk].translation_key, others[pk])
        words = str(row.kind_backwards if is_back else row.get_kind_display())
        day = other.effective_on if is_back and row.works_on_its_day else None
        told.setdefault((other.translation_key, words), Event(day or other.issued_on, words, other))
    return list(told.values())
