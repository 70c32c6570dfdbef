"""A category lists the live pages below it, cheaply however many they are."""

import pytest

from tests.pages import assert_valid_html
from tests.site_pages.factories import CategoryPageFactory, StandardPageFactory


@pytest.fixture
def category(home):
    return home.get_children().get(slug="tinh-hinh-ket-qua").specific


def test_an_empty_category_says_so(client, category):
    tree = assert_valid_html(client.get(category.url))
    assert not [ul for ul in tree.iter("ul") if ul.get("class") == "rows"]


@pytest.mark.parametrize("number", [10, 45])
def test_a_category_takes_no_more_queries_for_more_pages(
    client, category, number, django_assert_max_num_queries
):
    section = CategoryPageFactory(parent=category)
    for _ in range(number):
        StandardPageFactory(parent=section)
    client.get(category.url)
    with django_assert_max_num_queries(15):
        response = client.get(category.url)
    assert response.context["page_obj"].paginator.count == number
    assert_valid_html(response)


def test_drafts_are_not_listed(client, category):
    StandardPageFactory(parent=category, title="Bản nháp kín", live=False)
    assert "Bản nháp kín" not in client.get(category.url).content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "999999999999", "abc", "", "\x00"])
def test_a_page_number_that_does_not_exist_shows_a_page_that_does(client, category, number):
    assert client.get(category.url, {"trang": number}).status_code == 200


def test_sub_sections_lead_on_and_are_no_rows_themselves(client, category):
    section = CategoryPageFactory(parent=category, title="Kết quả ở cơ sở")
    response = client.get(category.url)
    assert section.url in response.content.decode()
    assert response.context["page_obj"].paginator.count == 0
    assert_valid_html(response)


@pytest.mark.parametrize("query", [{"linhvuc": "x"}, {"nam": "\x00"}, {"coquan": "'"}])
def test_a_filter_that_cannot_be_filters_nothing(client, category, query):
    StandardPageFactory(parent=category)
    assert client.get(category.url, query).context["page_obj"].paginator.count == 1


def test_a_moved_section_keeps_its_old_links(client, home, category):
    section = CategoryPageFactory(parent=category, title="Kết quả ở cơ sở")
    page = StandardPageFactory(parent=section, title="Phường làm tốt")
    old = page.url
    section.move(home.get_children().get(slug="kinh-nghiem-mo-hinh"), pos="last-child")
    page.refresh_from_db()
    response = client.get(old)
    assert response.status_code == 301
    assert response.url == page.url
    assert client.get(response.url).status_code == 200


def test_editors_put_blocks_on_the_home_page(client, home, category):
    shown = StandardPageFactory(parent=category, title="Trang được chọn")
    hidden = StandardPageFactory(parent=category, title="Trang nháp", live=False)
    home.blocks = [
        ("notice", {"text": "Tạm dừng để bảo trì", "page": shown}),
        ("featured", {"title": "Nổi bật", "pages": [hidden, shown]}),
        ("section", {"section": category, "count": 3}),
        ("links", {"title": "Liên kết", "links": [{"text": "Cổng", "url": "https://x.vn"}]}),
    ]
    home.save_revision().publish()
    client.get("/")
    response = client.get("/")
    body = response.content.decode()
    assert_valid_html(response)
    assert "Trang nháp" not in body
    assert body.count("Trang được chọn") >= 3
