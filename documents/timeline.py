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
    rows = [(row.target_id, str(row.get_kind_display())) for row in page.relations.all()]
    rows += [(row.source_id, str(row.kind_backwards)) for row in page.relations_back.all()]
    others = {other.pk: other for other in readable(type(page).objects.filter(pk__in=dict(rows)))}
    told += [Event(others[pk].issued_on, words, others[pk]) for pk, words in rows if pk in others]
    return sorted(told, key=lambda event: event.day)
