"""A draft article of what the public sent in (Art. 8.1.a, 8.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.html import escape
from wagtail.documents.models import Document
from wagtail.rich_text import RichText

from editorial.taking_up import Material, register_maker
from portal.accounts.models import User
from portal.rules.working_days import end_of_day
from site_pages.blocks import AUDIO, VIDEO
from site_pages.models import CategoryPage

from .models import ArticlePage, SourceKind

LONGEST_AUTHOR = 120


@register_maker
def draft_of(material: Material, section: CategoryPage, owner: User) -> ArticlePage:
    """The sender's words as they are; what is missing for readers, the editor adds."""
    page = section.add_child(
        instance=ArticlePage(
            title=material.title,
            locale=section.locale,
            live=False,
            owner=owner,
            author=material.organisation[:LONGEST_AUTHOR],
            source_kind=SourceKind.AGENCY if material.organisation else SourceKind.OWN,
            source_name=material.organisation,
            event_at=_last_minute(material.event_on) if material.event_on else None,
            body=list(_blocks(material)),
        )
    )
    # Who wrote it and what the files show is still to be written by who edits it.
    page.save_revision(user=owner, clean=False)
    return page


def _last_minute(day: date) -> datetime:
    """The sender told a day; the clock of Article 8.1.a wants a moment."""
    return end_of_day(day) - timedelta(minutes=1)


def _blocks(material: Material) -> Iterator[tuple[str, object]]:
    for part in material.text.split("\n\n"):
        lines = "<br/>".join(escape(line) for line in part.strip().split("\n"))
        if lines:
            yield "paragraph", RichText(f"<p>{lines}</p>")
    for image in material.images:
        # Who sees the picture says what it shows.
        yield "figure", {"image": image, "alt": "", "credit": material.organisation}
    for document in material.documents:
        yield _file_block(document)


def _file_block(document: Document) -> tuple[str, object]:
    ending = document.file_extension.lower()
    told = {"title": document.title, "file": document, "transcript": RichText("")}
    if ending in AUDIO:
        return "audio", told
    if ending in VIDEO:
        return "video", {**told, "captions": None}
    return "attachment", {"document": document, "title": document.title}
