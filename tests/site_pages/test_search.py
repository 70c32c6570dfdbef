"""One box over public pages; what is typed is never an operator and never an error."""

import unicodedata

import pytest

from tests.pages import assert_lean, assert_valid_html
from tests.site_pages.factories import StandardPageFactory


@pytest.fixture
def road(home):
    return StandardPageFactory(parent=home, title="Thủ tục cấp giấy phép Đường thủy")


def found(client, words, **extra):
    response = client.get("/tim-kiem/", {"q": words, **extra})
    assert response.status_code == 200
    return [page.title for page in response.context["page_obj"].object_list]


@pytest.mark.parametrize(
    "words",
    [
        "Đường thủy",
        "duong thuy",
        "ĐƯỜNG THỦY",
        unicodedata.normalize("NFD", "Đường thủy"),
        '"giấy phép"',
    ],
)
def test_a_page_is_found_with_or_without_marks_and_in_any_normal_form(client, road, words):
    assert road.title in found(client, words)


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        "a\x00b",
        "x" * 10_000,
        "<script>alert(1)</script>",
        "a & b | !c <-> (d):*",
        "AND OR NOT NEAR(",
        "-",
        "*",
        "\u202e\u200b",
        "%s %(x)s {{ 7*7 }}",
        "' OR 1=1 --",
    ],
)
def test_hostile_words_give_an_answer_and_never_markup(client, road, words):
    response = client.get("/tim-kiem/", {"q": words})
    assert response.status_code == 200
    assert_valid_html(response)
    assert_lean(response)
    assert b"<script>alert" not in response.content


def test_drafts_and_private_pages_are_never_found(client, home):
    StandardPageFactory(parent=home, title="Dự thảo mật vụ", live=False)
    private = StandardPageFactory(parent=home, title="Nội bộ mật vụ")
    private.view_restrictions.create(restriction_type="login")
    assert found(client, "mật vụ") == []


def test_no_result_says_so_and_the_title_carries_the_words(client, home):
    response = client.get("/tim-kiem/", {"q": "khongcogi"})
    tree = assert_valid_html(response)
    assert tree.find("head/title").text.startswith("khongcogi")
    assert "khongcogi" in response.content.decode()


def test_many_results_are_paged_within_the_query_budget(
    client, home, django_assert_max_num_queries
):
    for number in range(30):
        StandardPageFactory(parent=home, title=f"Hộ tịch lưu động {number}")
    client.get("/tim-kiem/", {"q": "ho tich luu dong"})
    with django_assert_max_num_queries(15):
        response = client.get("/tim-kiem/", {"q": "ho tich luu dong", "trang": "2"})
    assert response.context["page_obj"].paginator.count == 30
    assert len(response.context["page_obj"].object_list) == 10
