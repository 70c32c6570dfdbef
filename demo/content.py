"""Articles and documents of the demonstration, from the text files beside this module."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText

from documents.models import DocumentFile, DocumentRelation, DocumentsPage, LegalDocumentPage
from news.models import ArticleCorrection, ArticlePage
from news.sources import OfficialSource, OfficialSourceKind, SourcePermission
from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.text import nfc
from site_pages import tree
from site_pages.blocks import TableBlock
from site_pages.models import CategoryPage, HomePage, SiteContact
from site_pages.search.indexing import index_page
from site_pages.withdrawal import withdraw

from . import drawings

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
            "agency_en": "Hanoi Department of Home Affairs (Administrative Reform Division)",
            "address_en": "Illustration: office of the Hanoi Department of Home Affairs",
            "hours_en": "Monday to Friday, 08:00–12:00 and 13:30–17:30",
        },
    )


def load_articles() -> None:
    """One article a text, spread over the categories, dated back from today."""
    home = HomePage.objects.get(locale__language_code="vi")
    texts = _texts("articles")
    for position, text in enumerate(texts):
        category = CategoryPage.objects.child_of(home).get(slug=text["category"])
        if category.get_children().filter(slug=text["slug"]).exists():
            continue
        moment = clock.now() - timedelta(days=3 + 6 * position, hours=position)
        with clock.stopped_at(moment):
            page = category.add_child(instance=_article(text, category, moment))
            _translate(page, text.get("english"))
        Page.objects.filter(translation_key=page.translation_key).update(
            first_published_at=moment, last_published_at=moment, latest_revision_created_at=moment
        )
        index_page(page.pk)
    _relate_articles(texts)


def _article(text: dict, category: CategoryPage, moment: datetime) -> ArticlePage:
    event = text.get("event_hours")
    page = ArticlePage(
        title=text["title"],
        slug=text["slug"],
        locale=category.locale,
        abstract_text=text["abstract"],
        author=text["author"],
        source_kind=text.get("source_kind", "own"),
        source_url=text.get("source_url", ""),
        official_source=_source(text.get("official_source"), moment),
        event_at=moment - timedelta(hours=event) if event else None,
        reform_field=text["field"],
        is_demo=True,
        body=_blocks(text["body"]),
    )
    page.agencies = Agency.objects.filter(code__in=text.get("agencies", []))
    if text.get("correction"):
        page.corrections = [ArticleCorrection(made_on=moment.date(), text=text["correction"])]
    return page


def _source(name: str | None, moment: datetime) -> OfficialSource | None:
    """An official source with the written permission that it wants (Art. 3.5)."""
    if not name:
        return None
    source, _made = OfficialSource.objects.get_or_create(
        name=name,
        defaults={
            "kind": OfficialSourceKind.STATE,
            "address": "https://cong-thong-tin.example/",
            "requires_permission": True,
        },
    )
    SourcePermission.objects.get_or_create(
        source=source,
        number="01/VB-MH",
        defaults={"issued_on": date(moment.year - 1, 1, 2), "scope": "Tin, bài minh họa"},
    )
    return source


def _blocks(parts: list) -> list[tuple[str, object]]:
    """Blocks of a text: a string is a paragraph or, after "## ", a heading."""
    return [_block(part) for part in parts if not isinstance(part, dict) or "related" not in part]


def _block(part: str | dict) -> tuple[str, object]:
    if isinstance(part, dict):
        ((kind, told),) = part.items()
        return kind, MAKERS[kind](told)
    if part.startswith("## "):
        return "heading", part[3:]
    return "paragraph", RichText(part if part.startswith("<") else f"<p>{part}</p>")


def _figure(told: dict) -> dict:
    texts = {name: told[name] for name in ("alt", "caption", "credit")}
    return {**texts, "image": drawings.image(told["drawing"], told["caption"])}


def _gallery(told: dict) -> dict:
    return {"title": told["title"], "images": [_figure(item) for item in told["images"]]}


def _table(told: dict) -> dict:
    kinds = [kind for kind, _heading in told["columns"]]
    rows = [
        {"values": [Decimal(str(cell)) if kind == "number" else cell for kind, cell in pairs]}
        for pairs in (zip(kinds, row, strict=True) for row in told["rows"])
    ]
    columns = [{"type": kind, "heading": heading} for kind, heading in told["columns"]]
    block = TableBlock().child_blocks["table"]
    table = block.to_python({"columns": columns, "rows": rows, "caption": ""})
    return {"caption": told["caption"], "table": table, "source": told["source"]}


def _chart(told: dict) -> dict:
    rows = [{"label": label, "value": Decimal(str(amount))} for label, amount in told["rows"]]
    return {**told, "rows": rows}


def _attachment(told: dict) -> dict:
    document = drawings.paper(told["name"], told["title"], told["sentences"])
    return {"document": document, "title": told["title"]}


MAKERS: dict[str, Callable[[dict], object]] = {
    "figure": _figure,
    "gallery": _gallery,
    "table": _table,
    "chart": _chart,
    "quote": dict,
    "attachment": _attachment,
}


def _translate(page: ArticlePage, english: dict | None) -> None:
    if english:
        texts = {**english, "body": _blocks(english["body"])}
        tree.publish_translation(page, Locale.objects.get(language_code="en"), texts)


def _relate_articles(texts: list[dict]) -> None:
    """Links between articles, once all of them stand."""
    for text in texts:
        told = next(
            (
                part["related"]
                for part in text["body"]
                if isinstance(part, dict) and "related" in part
            ),
            None,
        )
        if told is None:
            continue
        page = ArticlePage.objects.get(slug=text["slug"], locale__language_code="vi")
        if any(block.block_type == "related" for block in page.body):
            continue
        targets = ArticlePage.objects.filter(slug__in=told["slugs"], locale=page.locale)
        page.body.append(("related", {"title": told["title"], "pages": list(targets)}))
        page.save()


def load_home() -> None:
    """What the editors put on the home page."""
    home = HomePage.objects.get(locale__language_code="vi")
    if home.blocks:
        return
    chosen = ["tra-ket-qua-khong-phu-thuoc-dia-gioi", "mo-hinh-ngay-khong-hen"]
    pages = ArticlePage.objects.filter(slug__in=chosen, locale=home.locale)
    links = [
        ("Cổng Dịch vụ công quốc gia", "https://dichvucong.gov.vn"),
        ("Cổng Thông tin điện tử Chính phủ", "https://chinhphu.vn"),
    ]
    home.blocks = [
        ("featured", {"title": "Nổi bật", "pages": list(pages)}),
        (
            "links",
            {"title": "Liên kết", "links": [{"text": text, "url": url} for text, url in links]},
        ),
    ]
    home.save()


def load_withdrawn() -> None:
    """One article that an order took down, so that its tombstone can be seen."""
    home = HomePage.objects.get(locale__language_code="vi")
    category = CategoryPage.objects.child_of(home).get(slug="kinh-nghiem-mo-hinh")
    if category.get_children().filter(slug="tin-da-rut").exists():
        return
    page = category.add_child(
        instance=ArticlePage(
            title="Số liệu tạm tính về thời gian chờ tại quầy",
            slug="tin-da-rut",
            locale=category.locale,
            abstract_text="Bản tin minh họa cho việc rút thông tin theo văn bản.",
            author="Tổ Công tác giúp việc Ban Biên tập",
            is_demo=True,
            body=[("paragraph", RichText("<p>Số liệu tạm tính.</p>"))],
        )
    )
    withdraw(
        page.pk,
        User.objects.get(username="quantri"),
        authority="Ban Biên tập (minh họa)",
        order_number="01/YC-BBT",
        order_date=clock.today(),
        reason="Số liệu tạm tính có sai lệch; số liệu chính thức đăng trong báo cáo quý.",
    )


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
        files=_files(text),
        **dates,
    )


def _files(text: dict) -> list[DocumentFile]:
    if "paper" not in text:
        return []
    title = f"{text['number']} (bản minh họa)"
    return [DocumentFile(document=drawings.paper(text["slug"], title, text["paper"]))]


def _relate(parent: DocumentsPage) -> None:
    by_slug = {page.slug: page for page in LegalDocumentPage.objects.child_of(parent)}
    for text in _texts("documents"):
        for kind, target in text.get("relations", []):
            DocumentRelation.objects.get_or_create(
                source=by_slug[text["slug"]], kind=kind, target=by_slug[target]
            )
