"""What editors learn of their readers: words sought, ratings, synonyms."""

from __future__ import annotations

import pytest
from django.urls import reverse

from site_pages.rating import Level, RatingCount
from site_pages.search.models import SearchedWords, SearchSynonym
from tests.accounts import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(
        staff(
            "bien.tap",
            "site_pages.view_searchedwords",
            "site_pages.view_ratingcount",
            "site_pages.add_searchsynonym",
        )
    )


def seek(day: str, words: str, times: int, found: int) -> None:
    SearchedWords.objects.create(day=day, language="vi", words=words, times=times, found=found)


def test_editors_see_what_was_sought_in_vain(client, home, editor, at):
    at("2026-11-20 09:00")
    seek("2026-11-19", "cấp đổi căn cước", 7, 0)
    seek("2026-11-18", "một cửa", 9, 4)
    seek("2026-10-01", "hộ tịch", 2, 0)
    url = reverse("words_sought")
    html = client.get(url).content.decode()
    assert html.index("một cửa") < html.index("cấp đổi căn cước")
    assert "hộ tịch" not in html
    html = client.get(url, {"only_unfound": "1", "days": "90"}).content.decode()
    assert "cấp đổi căn cước" in html
    assert "hộ tịch" in html
    assert "một cửa" not in html
    assert client.get(url, {"days": "x"}).status_code == 200
    assert client.get(url, {"export": "csv"})["Content-Type"].startswith("text/csv")
    results = client.get(reverse("words_sought_results"), {"days": "90"}).content.decode()
    assert "<html" not in results
    assert "hộ tịch" in results


def test_editors_see_how_pages_were_rated(client, home, editor, at, django_assert_max_num_queries):
    at("2026-11-20 09:00")
    RatingCount.objects.create(page=home, day="2026-11-19", level=Level.DISSATISFIED, n=3)
    RatingCount.objects.create(page=home, day="2026-11-18", level=Level.SATISFIED, n=5)
    with django_assert_max_num_queries(25):
        html = client.get(reverse("pages_rated")).content.decode()
    assert home.title in html
    assert ">8<" in html.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("name", ["words_sought", "pages_rated", "search_synonyms:index"])
def test_nobody_else_sees_them(client, home, name):
    client.force_login(staff("ai.do"))
    assert client.get(reverse(name)).status_code == 302


def test_a_synonym_is_added_in_the_admin(client, home, editor):
    client.post(reverse("search_synonyms:add"), {"short": "MCLT", "long": "một cửa liên thông"})
    assert SearchSynonym.objects.filter(short="MCLT").exists()
