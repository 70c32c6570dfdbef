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
    for _ in range(number):
        CategoryPageFactory(parent=category)
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
