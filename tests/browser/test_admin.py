"""The admin's scripts under script-src 'self': pickers, panels and choosers start from JSON."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from demo import content
from documents.models import LegalDocumentPage
from site_pages import tree
from site_pages.models import CategoryPage
from tests import ground
from tests.accounts import user


def documents() -> None:
    tree.lay()
    content.load_documents()
    user("quan.tri", is_superuser=True)


@pytest.fixture
def root(transactional_db, citizen):
    ground.once("documents", documents)
    page = citizen("/quan-tri/login/", width=1280)
    page.locator("input[name=username]").fill("quan.tri")
    page.locator("input[name=password]").fill("mat-khau-rat-dai")
    with page.expect_navigation():
        page.locator("button[type=submit]").click()
    return page


def test_a_date_picker_opens_on_the_calendar_s_form(root):
    root.goto("/quan-tri/lich/new/")
    root.locator("#id_date").click()
    root.locator(".xdsoft_datetimepicker:visible").wait_for()


def test_what_editors_see_first_is_accessible_and_fits(root, axe, no_sideways_scroll):
    for path in ("", "khao-sat/", "bao-cao/", "nhap-van-ban/", "tu-dong-nghia/", "lich/"):
        root.goto(f"/quan-tri/{path}")
        axe(root)
        root.set_viewport_size({"width": 360, "height": 740})
        no_sideways_scroll(root)
        root.set_viewport_size({"width": 1280, "height": 740})


def test_dates_stand_as_vietnamese_offices_write_them(root):
    document = LegalDocumentPage.objects.get(slug="76-nq-cp")
    root.goto(f"/quan-tri/pages/{document.pk}/edit/")
    assert root.locator("#id_issued_on").input_value() == "15/07/2021"


def test_a_relation_is_added_to_a_document_with_its_chooser(root):
    document = LegalDocumentPage.objects.get(slug="76-nq-cp")
    root.goto(f"/quan-tri/pages/{document.pk}/edit/")
    root.locator("#id_relations-ADD").click()
    root.locator("#id_relations-0-kind").wait_for()
    chooser = root.locator("#id_relations-0-target-chooser [data-chooser-action-choose]")
    chooser.first.click()
    choice = root.locator("a.choose-page").first
    chosen = choice.get_attribute("data-id")
    choice.click()
    root.locator("a.choose-page").first.wait_for(state="detached")
    assert root.locator("#id_relations-0-target").input_value() == chosen
    root.locator("#id_issued_on").click()
    root.locator(".xdsoft_datetimepicker:visible").wait_for()


def test_an_address_is_made_of_a_vietnamese_title(root):
    category = CategoryPage.objects.get(slug="ban-chi-dao", locale__language_code="vi")
    root.goto(f"/quan-tri/pages/add/news/articlepage/{category.pk}/")
    root.locator("#id_title").fill("Đổi mới ở xã Ba Vì: kết quả đặc biệt")
    root.locator("#id_title").blur()
    wanted = "doi-moi-o-xa-ba-vi-ket-qua-dac-biet"
    expect(root.locator("#id_slug")).to_have_value(wanted)
