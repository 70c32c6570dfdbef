"""Articles and their list."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from wagtail.rich_text import RichText

from news.models import ArticlePage
from site_pages import tree
from site_pages.models import CategoryPage
from tests.pages import assert_lean, assert_valid_html

pytestmark = pytest.mark.django_db
ATTRIBUTION = "Nguồn: Trang thông tin Cải cách hành chính nhà nước thành phố Hà Nội"


@pytest.fixture
def category() -> CategoryPage:
    tree.lay()
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


def write(category, n: int = 1, **fields) -> ArticlePage:
    values = {
        "title": f"Tin “số {n}” <b>đậm</b>",
        "slug": f"tin-{n}",
        "author": "Nguyễn Văn Ửng",
        "abstract_text": "Tóm tắt có <script> và dấu.",
        "locale": category.locale,
        "body": [("heading", "Đề mục"), ("paragraph", RichText("<p>Nội dung đặc biệt.</p>"))],
    }
    return category.add_child(instance=ArticlePage(**{**values, **fields}))


def test_an_article_shows_author_date_category_and_how_to_cite(client, category):
    response = client.get(write(category).url)
    html = response.content.decode()
    assert_valid_html(response)
    assert_lean(response)
    for words in ["Nguyễn Văn Ửng", "Tình hình và kết quả", ATTRIBUTION, "Đề mục"]:
        assert words in html
    assert "<script> và" not in html


def test_it_is_listed_in_its_category_and_among_all_news(client, category):
    article = write(category)
    for url in (category.url, "/tin-tuc/", "/"):
        assert article.url in client.get(url).content.decode()
    assert article.url not in client.get("/ban-chi-dao/").content.decode()


def test_a_draft_is_nowhere(client, category):
    article = write(category, live=False)
    for url in (category.url, "/tin-tuc/", "/", "/tim-kiem/?q=tin"):
        assert "tin-1" not in client.get(url).content.decode()
    assert client.get(f"{category.url}tin-1/").status_code == 404
    assert not article.live


def test_its_text_is_found_without_marks(client, category):
    write(category)
    assert "tin-1" in client.get("/tim-kiem/", {"q": "noi dung dac biet"}).content.decode()


def test_a_quoted_article_names_its_source(category):
    with pytest.raises(ValidationError):
        write(category, source_kind="press")


@pytest.mark.parametrize("count", [5, 45])
def test_lists_cost_the_same_however_long(client, category, count, django_assert_max_num_queries):
    for n in range(count):
        write(category, n)
    for url in ("/tin-tuc/", category.url, "/"):
        client.get(url)
        with django_assert_max_num_queries(15):
            client.get(url)
