"""What machines read: feeds, the map, metadata, open data."""

import csv
import io
import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from documents.models import DocumentRelation, DocumentsPage, LegalDocumentPage
from news.models import ArticlePage
from site_pages.metadata import ATTRIBUTION
from site_pages.models import CategoryPage
from site_pages.tree import publish_translation
from tests.pages import assert_valid_html
from tests.site_pages.factories import StandardPageFactory

HOSTILE = 'Tin </script><script>alert("1")</script> & <b>'


@pytest.fixture
def article(home):
    category = CategoryPage.objects.get(slug="ban-chi-dao", locale=home.locale)
    page = category.add_child(
        instance=ArticlePage(
            title=HOSTILE, slug="tin", author="Lê A", abstract_text=HOSTILE, locale=home.locale
        )
    )
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def document(home):
    register = DocumentsPage.objects.get(locale=home.locale)
    made = [
        register.add_child(
            instance=LegalDocumentPage(
                title="=HYPERLINK(1) Kế hoạch" if n == 1 else "Kế hoạch",
                slug=f"kh-{n}",
                number=f"{n}/KH-UBND",
                doc_type="ke-hoach",
                issuer="UBND thành phố Hà Nội",
                level="city",
                issued_on=date(2026, 1, n),
                locale=home.locale,
            )
        )
        for n in (1, 2)
    ]
    DocumentRelation.objects.create(source=made[1], kind="replaces", target=made[0])
    return made[1]


def json_ld(response) -> list[dict]:
    tree = assert_valid_html(response)
    found = [item for item in tree.iter("script") if item.get("type") == "application/ld+json"]
    return [json.loads(item.text) for item in found]


def metas(response) -> dict[str, str]:
    tree = assert_valid_html(response)
    return {
        item.get("name") or item.get("property"): item.get("content")
        for item in tree.iter("meta")
        if item.get("content")
    }


def test_an_article_tells_machines_what_it_is(client, article):
    response = client.get(article.url)
    (told,) = json_ld(response)
    assert told["@type"] == "NewsArticle"
    assert told["headline"] == HOSTILE
    assert told["creditText"] == ATTRIBUTION
    meta = metas(response)
    assert meta["DC.title"] == HOSTILE
    assert meta["DC.creator"] == "Lê A"
    for name in ("DC.date", "DC.publisher", "DC.identifier", "DC.language", "DC.description"):
        assert meta[name]
    assert meta["og:url"].endswith(article.url)


def test_a_document_is_legislation_with_its_force(client, document):
    old = LegalDocumentPage.objects.get(number="1/KH-UBND")
    told = {page: json_ld(client.get(page.url))[0] for page in (old, document)}
    assert told[document]["legislationIdentifier"] == "2/KH-UBND"
    assert told[document]["legislationLegalForce"].endswith("/InForce")
    assert told[old]["legislationLegalForce"].endswith("/NotInForce")


def test_the_home_page_names_the_office(client, home):
    (told,) = json_ld(client.get("/"))
    assert told["about"]["@type"] == "GovernmentOrganization"


@pytest.mark.parametrize("path", ["ban-chi-dao", "tin-tuc"])
def test_a_section_has_a_feed(client, article, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        response = client.get(f"/rss/{path}/")
    channel = ET.fromstring(response.content).find("channel")  # noqa: S314 our own feed
    assert [item.findtext("title") for item in channel.iter("item")] == [HOSTILE]
    assert channel.findtext("copyright") == ATTRIBUTION
    page = client.get(f"/{path}/").content.decode()
    assert f'href="/rss/{path}/"' in page


def test_documents_have_a_feed_with_their_numbers(client, document):
    channel = ET.fromstring(client.get("/rss/van-ban/").content).find("channel")  # noqa: S314
    titles = [item.findtext("title") for item in channel.iter("item")]
    assert titles[0] == "2/KH-UBND – Kế hoạch"


@pytest.mark.parametrize("path", ["khong-co", "gioi-thieu", "..", "%00"])
def test_what_is_no_section_has_no_feed(client, home, path):
    assert client.get(f"/rss/{path}/").status_code == 404


@pytest.mark.parametrize("count", [3, 60])
def test_the_map_lists_public_pages_in_both_languages(
    client, home, count, django_assert_max_num_queries
):
    for n in range(count):
        StandardPageFactory(parent=home, title=f"Trang thứ {n}")
    StandardPageFactory(parent=home, title="Bản nháp", slug="ban-nhap", live=False)
    english = home.get_translations().get().locale
    twin = StandardPageFactory(parent=home, title="Hai thứ tiếng", slug="hai")
    publish_translation(twin, english, {"title": "Both"})
    with django_assert_max_num_queries(15):
        body = client.get("/sitemap.xml").content.decode()
    ET.fromstring(body)  # noqa: S314
    assert "ban-nhap" not in body
    assert "/en/hai/" in body
    assert 'hreflang="en"' in body
    assert "Sitemap: " in client.get("/robots.txt").content.decode()


def test_the_register_is_open_data(client, document):
    page = client.get("/du-lieu-mo/")
    assert {told["@type"] for told in json_ld(page)} == {"Dataset"}
    assert ATTRIBUTION in page.content.decode()
    sent = b"".join(client.get("/du-lieu-mo/van-ban.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sent)))
    assert [row["number"] for row in rows] == ["2/KH-UBND", "1/KH-UBND"]
    assert [row["state"] for row in rows] == ["in-force", "expired"]
    assert rows[0]["relations"] == "replaces 1/KH-UBND"
    assert rows[1]["title"].startswith("'=")
    told = client.get("/du-lieu-mo/van-ban.json").json()
    assert told["count"] == 2
    assert client.get(rows[0]["url"].split("8000")[-1]).status_code == 200
    described = client.get("/du-lieu-mo/van-ban/luoc-do.json").json()
    assert [item["name"] for item in described["schema"]["fields"]] == list(rows[0])
    assert client.get("/du-lieu-mo/khac.csv").status_code == 404
