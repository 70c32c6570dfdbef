"""Articles and documents of the demonstration, from the text files beside this module."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from documents.models import DocumentRelation, DocumentsPage, LegalDocumentPage
from news.models import ArticlePage
from portal import clock
from portal.text import nfc
from site_pages.models import CategoryPage, HomePage, SiteContact

FOLDER = Path(__file__).parent / "texts"


def _texts(name: str) -> list[dict]:
    return json.loads(nfc((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def load_contact() -> None:
    SiteContact.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={
            "agency": "Sở Nội vụ thành phố Hà Nội (Phòng Cải cách hành chính)",
            "address": "Địa chỉ minh họa: trụ sở Sở Nội vụ thành phố Hà Nội",
            "phone": "024 0000 0000",
            "email": "cchc@demo.example",
            "hours": "Thứ Hai đến thứ Sáu, 08:00–12:00 và 13:30–17:30",
        },
    )


def load_articles() -> None:
    """One article a text, spread over the categories, dated back from today."""
    home = HomePage.objects.get(locale__language_code="vi")
    for position, text in enumerate(_texts("articles")):
        category = CategoryPage.objects.child_of(home).get(slug=text["category"])
        if category.get_children().filter(slug=text["slug"]).exists():
            continue
        moment = clock.now() - timedelta(days=3 + 6 * position, hours=position)
        with clock.stopped_at(moment):
            page = category.add_child(instance=_article(text, category))
        Page.objects.filter(pk=page.pk).update(
            first_published_at=moment, last_published_at=moment, latest_revision_created_at=moment
        )


def _article(text: dict, category: CategoryPage) -> ArticlePage:
    return ArticlePage(
        title=text["title"],
        slug=text["slug"],
        locale=category.locale,
        abstract_text=text["abstract"],
        author=text["author"],
        source_kind=text.get("source_kind", "own"),
        source_name=text.get("source_name", ""),
        reform_field=text["field"],
        is_demo=True,
        body=[
            ("heading", part[3:]) if part.startswith("## ") else ("paragraph", _paragraphs(part))
            for part in text["body"]
        ],
    )


def _paragraphs(part: str) -> RichText:
    return RichText(part if part.startswith("<") else f"<p>{part}</p>")


def load_documents() -> None:
    parent = DocumentsPage.objects.get(locale__language_code="vi")
    for text in _texts("documents"):
        if not parent.get_children().filter(slug=text["slug"]).exists():
            parent.add_child(instance=_document(text, parent))
    _relate(parent)


def _document(text: dict, parent: DocumentsPage) -> LegalDocumentPage:
    dates = {
        name: date.fromisoformat(text[name]) if text.get(name) else None
        for name in ("issued_on", "effective_on", "expires_on")
    }
    return LegalDocumentPage(
        title=text["title"],
        slug=text["slug"],
        locale=parent.locale,
        abstract_text=text.get("abstract", ""),
        number=text["number"],
        doc_type=text["doc_type"],
        issuer=text["issuer"],
        level=text["level"],
        reform_field=text["field"],
        is_demo=True,
        **dates,
    )


def _relate(parent: DocumentsPage) -> None:
    by_slug = {page.slug: page for page in LegalDocumentPage.objects.child_of(parent)}
    for text in _texts("documents"):
        for kind, target in text.get("relations", []):
            DocumentRelation.objects.get_or_create(
                source=by_slug[text["slug"]], kind=kind, target=by_slug[target]
            )
