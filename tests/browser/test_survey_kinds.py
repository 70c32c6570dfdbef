"""A survey with every kind of question in a real browser: axe, keyboard, 320 px, no JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.rules.models import RuleValue
from satisfaction.models import Response
from tests.satisfaction.factories import every_kind, make_full_survey, make_page, question

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/khao-sat/moi-loai/"


@pytest.fixture
def survey():
    RuleValue.objects.filter(
        key__in=["protection.form_min_seconds", "survey.min_duration_seconds"]
    ).update(amount=0)
    now = timezone.now()
    definition = every_kind()
    visit = next(
        asked for asked in definition["sections"][1]["questions"] if asked["code"] == "day"
    )
    visit.pop("max")
    definition["sections"][0]["questions"].append(
        question("name", "short", max_length=40, hint={"vi": "Một dòng."})
    )
    made = make_full_survey(
        definition=definition, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9)
    )
    make_page(made)
    return made


def go_on(page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Tiếp tục").click()


def at_each_width(page, check, no_sideways_scroll) -> None:
    """At 320 px, where grids are lists, and at 1280; 360 must only fit."""
    for width in (360, 320, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        no_sideways_scroll(page)
        if width != 360:
            check(page)


def targets_are_large(page) -> None:
    """What is tapped is 44 px high, the label around a box included (WCAG 2.5.5)."""
    small = page.evaluate(
        """() => [...document.querySelectorAll(
             '#form :is(input:not([type=hidden], .guard-trap *), select, textarea, button)'
           )].map((e) => [e, e.closest('label') || e])
             .filter(([, box]) => box.getBoundingClientRect().height < 43.5)
             .map(([e]) => e.id)"""
    )
    assert small == []


def check_all(*looks):
    def check(page) -> None:
        targets_are_large(page)
        for look in looks:
            look(page)

    return check


def test_every_kind_is_accessible_with_and_without_faults(
    citizen, axe, axe_in_the_dark, no_sideways_scroll, no_layout_shift, survey
):
    page = citizen(f"{HOME}tra-loi/bat-dau/")
    check = check_all(axe, axe_in_the_dark)
    at_each_width(page, check, no_sideways_scroll)
    page.locator("#id_agency").select_option("SNV")
    page.get_by_label("Có", exact=True).check()
    go_on(page)
    no_layout_shift(page)
    at_each_width(page, check, no_sideways_scroll)
    page.locator("#id_wait").fill("1.5")
    page.locator("[id='id_day.day']").fill("31")
    go_on(page)
    assert page.title().startswith("Lỗi:")
    at_each_width(page, check, no_sideways_scroll)
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_g1"
    page.locator("[id='id_day.day']").fill("30")
    page.locator("[id='id_day.month']").fill("11")
    page.locator("[id='id_day.year']").fill("2026")
    page.locator("#id_wait").fill("90,5")
    page.set_viewport_size({"width": 320, "height": 740})
    page.locator("fieldset.grid-row").nth(0).get_by_label("Tốt").check()
    page.set_viewport_size({"width": 1280, "height": 740})
    page.locator("fieldset.grid-row").nth(1).get_by_label("Khá").check()
    go_on(page)
    at_each_width(page, check, no_sideways_scroll)
    go_on(page)
    at_each_width(page, check, no_sideways_scroll)
    page.get_by_label("Hỏi", exact=True).check()
    page.get_by_label("Gần", exact=True).select_option("1")
    page.get_by_label("8", exact=True).check()
    go_on(page)
    at_each_width(page, check, no_sideways_scroll)
    go_on(page)
    at_each_width(page, axe, no_sideways_scroll)
    page.get_by_role("button", name="Gửi phiếu").click()
    assert page.get_by_role("heading", name="Phiếu đã được ghi nhận").is_visible()
    answers = Response.objects.get().answers
    assert answers["why"] == [2]
    assert answers["order"] == [3]
    assert (answers["day"], answers["wait"]) == ("2026-11-30", "90.5")


def test_the_keyboard_is_enough(citizen, survey):
    page = citizen(f"{HOME}tra-loi/bat-dau/", width=1280, java_script=False)
    page.locator("#id_agency").select_option("SNV")
    page.locator("#id_come").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Nguyễn Ê")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("#id_g1").focus()
    page.keyboard.press("Space")
    for key in ("ArrowRight", "ArrowRight", "Tab", "Space", "ArrowRight", "Tab"):
        page.keyboard.press(key)
    for part in ("7", "11", "2026", "30"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/ly-do/" in page.url
    page.go_back()
    assert page.locator("input[name=g1]:checked").get_attribute("value") == "3"
    assert page.locator("input[name=g2]:checked").get_attribute("value") == "2"
    assert page.locator("#id_wait").input_value() == "30"


def test_a_grid_reads_as_its_rows_and_levels(citizen, survey):
    page = citizen(f"{HOME}tra-loi/bat-dau/", width=1280)
    page.locator("#id_agency").select_option("SNV")
    page.get_by_label("Có", exact=True).check()
    go_on(page)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        row = page.get_by_role("group", name="Câu g1")
        assert row.get_by_role("radio").count() == 4
        assert row.get_by_role("radio", name="Không áp dụng").count() == 1


def test_forced_colours_keep_boxes_and_choices_visible(citizen, axe, survey):
    page = citizen(f"{HOME}tra-loi/bat-dau/", forced_colors="active")
    page.locator("#id_agency").select_option("SNV")
    page.get_by_label("Có", exact=True).check()
    go_on(page)
    axe(page)
    border = page.locator("#id_wait").evaluate("e => getComputedStyle(e).borderTopWidth")
    assert border != "0px"
