"""Rating, printing and citing what one reads."""

import pytest

from site_pages.models import StandardPage
from site_pages.rating import RatingCount, rated
from tests.pages import assert_valid_html
from tests.site_pages.factories import StandardPageFactory

ATTRIBUTION = "Nguồn: Trang thông tin Cải cách hành chính nhà nước thành phố Hà Nội"
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def page(home) -> StandardPage:
    made = StandardPageFactory(parent=home, title="Hướng dẫn “một cửa”")
    made.save_revision().publish()
    made.refresh_from_db()
    return made


def test_a_rating_is_counted_without_a_cookie_or_a_name(client, page):
    shown = client.get(page.url)
    assert not shown.cookies
    assert_valid_html(shown)
    url = f"/danh-gia/{page.pk}/"
    response = client.post(url, {"muc": "3"}, headers=HERE)
    assert response.status_code == 303
    assert not response.cookies
    assert_valid_html(client.get(response.url))
    client.post(url, {"muc": "1"}, headers={"Origin": "http://testserver", "User-Agent": "khac"})
    assert dict(RatingCount.objects.values_list("level", "n")) == {3: 1, 1: 1}
    (told,) = rated(30)
    assert (told.level_1, told.level_3, told.total) == (1, 1, 2)


def test_a_second_click_counts_nothing(client, page):
    for level in ("3", "3", "1"):
        response = client.post(f"/danh-gia/{page.pk}/", {"muc": level}, headers=HERE)
        assert response.status_code == 303
    assert list(RatingCount.objects.values_list("level", "n")) == [(3, 1)]


def test_one_address_counts_a_few_times_only(client, page):
    for n in range(10):
        headers = {**HERE, "User-Agent": f"Browser {n}"}
        client.post(f"/danh-gia/{page.pk}/", {"muc": "1"}, headers=headers)
    assert RatingCount.objects.get().n == 3


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({"muc": "3"}, {"Sec-Fetch-Site": "cross-site"}),
        ({"muc": "3"}, {"Origin": "https://evil.example"}),
        ({"muc": "3"}, {"Referer": "http://testserver.evil.example/"}),
        ({"muc": "3"}, {}),
        ({"muc": "9"}, HERE),
        ({"muc": "\x00"}, HERE),
        ({}, HERE),
    ],
)
def test_a_foreign_or_broken_rating_is_refused(client, page, data, headers):
    response = client.post(f"/danh-gia/{page.pk}/", data, headers=headers)
    assert response.status_code == 422
    assert_valid_html(response)
    assert not RatingCount.objects.exists()


def test_only_what_is_public_is_rated(client, home):
    draft = StandardPageFactory(parent=home, live=False)
    assert client.post(f"/danh-gia/{draft.pk}/", {"muc": "3"}, headers=HERE).status_code == 404
    assert client.get(f"/danh-gia/{page_id(draft)}/").status_code == 405


def page_id(page) -> int:
    return page.pk


def test_the_print_view_carries_address_code_and_attribution(client, page):
    response = client.get(page.url, {"in": "1"})
    body = response.content.decode()
    assert_valid_html(response)
    assert ATTRIBUTION in body
    assert "<svg" in body
    assert page.url in body
    assert "Nội dung của trang" in body


def test_the_citation_is_exact(client, page):
    body = client.get(page.url).content.decode()
    assert f"Hướng dẫn “một cửa”. {ATTRIBUTION}, " in body
