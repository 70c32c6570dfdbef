"""The living page of components and the files that machines ask for."""

import pytest

from tests.accounts import staff
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db


def test_staff_see_every_component_and_others_do_not(client, home):
    assert "login" in client.get("/quan-tri/giao-dien/xem/").url
    client.force_login(staff("bien.tap"))
    assert client.get("/quan-tri/giao-dien/").status_code == 200
    sheet = client.get("/quan-tri/giao-dien/xem/")
    assert_valid_html(sheet)
    assert "frame-ancestors 'self'" in sheet["Content-Security-Policy"]


def test_security_txt_says_where_to_write_and_until_when(client, home, at):
    at("2026-11-20 12:00")
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: " in text
    assert "Expires: 2027-11-19T05:00:00Z" in text


def test_each_page_names_its_own_address(client, home, settings):
    html = client.get("/gioi-thieu/").content.decode()
    assert f'<link rel="canonical" href="{settings.BASE_URL}/gioi-thieu/">' in html


def test_public_pages_run_under_the_strictest_policy(client, home):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get("/")["Cross-Origin-Resource-Policy"] == "same-origin"
