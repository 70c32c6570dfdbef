"""Error pages, health and the small public addresses."""

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from wagtail.models import Page, Site

from tests.pages import assert_valid_html


@pytest.mark.parametrize(("url", "language"), [("/khong-co/", "vi"), ("/en/not-here/", "en")])
def test_a_missing_page_answers_404_in_its_language_with_a_search_box(client, home, url, language):
    response = client.get(url)
    assert response.status_code == 404
    tree = assert_valid_html(response)
    assert tree.get("lang") == language
    assert any(field.get("name") == "q" for field in tree.iter("input"))


def test_a_missing_page_before_the_tree_exists_is_still_a_404(client, home):
    Site.objects.update(root_page=Page.get_first_root_node())
    Site.clear_site_root_paths_cache()
    assert client.get("/khong-co/").status_code == 404


def test_a_form_without_its_cookie_is_told_what_to_do(home, client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/xac-thuc/ABC/", {})
    assert response.status_code in {403, 404}
    assert_valid_html(response)


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_pages_of_last_resort_need_neither_database_nor_request(name):
    tree = assert_valid_html(render_to_string(name))
    (style,) = [link for link in tree.iter("link") if link.get("rel") == "stylesheet"]
    assert finders.find(style.get("href").removeprefix("/static/"))


def test_a_fault_is_answered_by_the_page_of_last_resort(client, home, monkeypatch):
    monkeypatch.setattr("site_pages.views.normalise", lambda text: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/xac-thuc/", {"ma": "x"})
    assert response.status_code == 500
    assert "Trang đang gặp sự cố" in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "locked_out.html"])
def test_refusals_are_whole_pages(name, home, rf):
    assert_valid_html(render_to_string(name, request=rf.get("/")))


def test_robots_keep_out_of_the_admin(client, db):
    assert "Disallow: /quan-tri/" in client.get("/robots.txt").content.decode()


def test_health_and_readiness_answer_plainly(client, db):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_code_that_cannot_be_one_is_told_and_kept_in_the_field(client, home, prefix):
    response = client.get(f"{prefix}/xac-thuc/", {"ma": "sai-mã-này"})
    assert response.status_code == 422
    assert_valid_html(response)
    assert 'value="sai-mã-này"' in response.content.decode()


def test_an_unknown_code_is_refused_plainly(client, home):
    response = client.get("/xac-thuc/7K3D-09QW-ZXM4/")
    assert response.status_code == 404
    assert_valid_html(response)


@pytest.mark.parametrize(
    "address", ["/", "/khong-co/", "/static/portal/admin.js", "/robots.txt", "/healthz", "/tep/0/x"]
)
def test_every_answer_has_the_security_headers(client, home, address):
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
