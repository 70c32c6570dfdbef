"""One consultation as its page shows it."""

from __future__ import annotations

from collections import defaultdict

from portal import clock
from site_pages.lending import Lent, lent

from . import queries, window, wording
from .commenting.reading import beside
from .models import (
    Consultation,
    ConsultationPage,
    DraftText,
    MappingKind,
    Provision,
    ProvisionMapping,
)
from .queries import Place


def page_context(page: ConsultationPage, number: int | None = None) -> dict[str, object]:
    """Everything of the page; `number` asks for an earlier version than the newest."""
    # The frame around the page asks the same object.
    consultation = page.consultation = queries.loaded(page.consultation_id)
    told = window.of(consultation, clock.now())
    texts = list(queries.public_texts(consultation.pk))
    text = next((row for row in texts if row.number == number), None)
    text = text if number else (texts[-1] if texts else None)
    counted = queries.counts(consultation.pk)
    found = _places(text, texts, counted)
    return {
        "consultation": consultation,
        "window": told,
        "sentence": wording.sentence(told),
        "countdown": wording.countdown(told),
        "is_soon": wording.is_soon(told),
        "share": wording.share_gone(told),
        "records": consultation.records.all(),
        "texts": texts,
        "text": text,
        "newest": texts[-1] if texts else None,
        "places": found,
        "contents": [place for place in found if place.is_heading],
        "attachments": list(text.attachments.all()) if text and text.has_attachments else [],
        "questions": list(consultation.questions.all()) if consultation.has_questions else [],
        "counts": counted,
        "page_url": page.url,
        "lent": _lent(consultation),
    }


def _lent(consultation: Consultation) -> list[Lent]:
    """Surveys of the portal on the same matter, while they are open."""
    rows = consultation.embedded.all() if consultation.is_lent else []
    return [found for row in rows if (found := lent(row.kind, row.object_id))]


def _places(text: DraftText | None, texts: list[DraftText], counted: queries.Counts) -> list[Place]:
    if text is None:
        return []
    rows = list(Provision.objects.filter(text_version=text).order_by("position"))
    found = queries.places(rows, counted)
    said = beside(text)
    for place in found:
        place.beside = said.get(place.row.pk)
    later = next((row for row in texts if row.number > text.number), None)
    if later:
        _tell_what_became(found, later)
    return found


def _tell_what_became(places: list[Place], later: DraftText) -> None:
    """On an earlier version: what became of each provision in the next one."""
    became: dict[int, list[ProvisionMapping]] = defaultdict(list)
    rows = ProvisionMapping.objects.filter(text_version=later, old__isnull=False)
    for row in rows.exclude(kind=MappingKind.KEPT).select_related("new"):
        became[row.old_id].append(row)
    for place in places:
        place.became = became[place.row.pk]
