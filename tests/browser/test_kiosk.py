"""A kiosk in a real browser: without a network, when nobody is there, and big enough to touch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from portal.agencies.models import Agency
from portal.rules.models import RuleValue
from satisfaction.collecting import collectors
from satisfaction.collecting.collectors import Place
from satisfaction.models import Channel, FieldworkCount, Response
from satisfaction.versions import publish_version
from tests.accounts import staff
from tests.satisfaction.factories import (
    every_kind,
    full_form,
    make_full_survey,
    make_page,
    make_survey,
)

from .conftest import CHROMIUM

pytestmark = pytest.mark.django_db(transaction=True)
IDLE, GRACE, GOODBYE = 90_000, 30_000, 20_000
SIZES = [(360, 740), (800, 1280), (1280, 800)]
# Everything the page needs lies on the device.
READY = """async () => {
  await navigator.serviceWorker.ready;
  const store = await caches.open("kiosk-1");
  return Boolean(await store.match(location.pathname))
    && Boolean(navigator.serviceWorker.controller);
}"""


@pytest.fixture
def survey(transactional_db):
    RuleValue.objects.filter(
        key__in=["protection.form_min_seconds", "survey.min_duration_seconds"]
    ).update(amount=0)
    now = timezone.now()
    return make_survey(opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9))


@pytest.fixture
def kiosk(survey) -> str:
    return address(survey)


def address(survey) -> str:
    page = make_page(survey)
    officer = staff("thuc.dia", "satisfaction.run_fieldwork")
    place = Place(Channel.KIOSK, place="Bộ phận một cửa")
    agency = Agency.objects.get(code="SNV")
    collector = collectors.create(survey, agency, place, officer)
    return f"{page.url}kiosk/{collector.code}/"


def prepared(page: Page) -> Page:
    page.wait_for_function(READY)
    return page


def answer(page: Page) -> None:
    """Choose "Hài lòng" of every question, a section at a time, and send."""
    for _section in range(12):
        for group in page.locator("section:visible fieldset:has(> .levels.scale)").all():
            group.get_by_label("Hài lòng", exact=True).check(force=True)
        for row in page.locator("section:visible fieldset.grid-row").all():
            row.get_by_label("Hài lòng", exact=True).check(force=True)
        if page.locator("[data-send]").is_visible():
            break
        page.locator("[data-next]").click()
    page.locator("[data-send]").click()


def thanked(page: Page, words: str) -> None:
    thanks = page.locator("[data-thanks]")
    expect(thanks).to_be_visible()
    expect(thanks).to_contain_text(words)


def come_again(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name="Người tiếp theo").click()


def waiting(page: Page) -> int:
    script = "() => JSON.parse(localStorage.getItem('kiosk:' + location.pathname) || '[]').length"
    return page.evaluate(script)


def nothing_waits(page: Page) -> None:
    page.wait_for_function(
        "() => JSON.parse(localStorage.getItem('kiosk:' + location.pathname)).length === 0",
        # The machine tries again after a while: what was begun without a network has to give up.
        timeout=120_000,
    )


def test_an_answer_is_sent_and_its_receipt_shown(citizen, kiosk):
    page = citizen(kiosk, width=800, height=1280)
    answer(page)
    response_of_one(page)
    assert waiting(page) == 0


def response_of_one(page: Page) -> None:
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert page.locator("[data-receipt] strong").inner_text() == Response.objects.get().receipt_code
    made = Response.objects.get()
    assert (made.channel, made.agency.code) == ("kiosk", "SNV")
    assert made.satisfied == made.rated > 0


def test_two_people_without_a_network_arrive_once_each(citizen, kiosk):
    page = prepared(citizen(kiosk, width=800, height=1280))
    page.context.set_offline(True)
    for _person in range(2):
        answer(page)
        thanked(page, "lưu trên máy này")
        come_again(page)
    assert (Response.objects.count(), waiting(page)) == (0, 2)
    page.context.set_offline(False)
    nothing_waits(page)
    assert Response.objects.count() == 2
    page.reload()
    nothing_waits(page)
    page.evaluate("dispatchEvent(new Event('online'))")
    nothing_waits(page)
    assert Response.objects.count() == 2
    assert Response.objects.values("idempotency_key").distinct().count() == 2


# Nobody listens at the only way out.
CUT_OFF = ("--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>")


@contextmanager
def tablet(playwright, folder: Path, home: str, *more: str) -> Iterator[Page]:
    """A browser that keeps what it knows in a folder, as the device at the counter does."""
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=CHROMIUM,
        args=["--no-sandbox", *more],
        base_url=home,
        viewport={"width": 800, "height": 1280},
        locale="vi-VN",
    )
    context.set_default_timeout(30_000)
    try:
        yield context.pages[0]
    finally:
        context.close()


def test_answers_outlive_a_browser_that_is_closed(playwright, live_server, kiosk, tmp_path):
    with tablet(playwright, tmp_path, live_server.url) as page:
        page.goto(kiosk)
        prepared(page)
        page.context.set_offline(True)
        answer(page)
        thanked(page, "lưu trên máy này")
        assert not Response.objects.exists()
    # Closing gives the network back a moment before the page is gone: an answer that is sent
    # in that moment is sent again later, and counted once all the same.
    with tablet(playwright, tmp_path, live_server.url, *CUT_OFF) as page:
        # Started in the morning, still without a network: the page is there all the same.
        page.goto(kiosk)
        answer(page)
        thanked(page, "lưu trên máy này")
        assert waiting(page)
    with tablet(playwright, tmp_path, live_server.url) as page:
        page.goto(kiosk)
        nothing_waits(page)
    assert Response.objects.count() == 2


def test_an_answer_whose_receipt_was_lost_counts_once(citizen, kiosk):
    page = citizen(kiosk, width=800, height=1280, service_workers="block")
    lost = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/kiosk/**", lose_the_first)
    answer(page)
    thanked(page, "lưu trên máy này")
    assert lost == [200]
    assert (Response.objects.count(), waiting(page)) == (1, 1)
    come_again(page)
    nothing_waits(page)
    assert Response.objects.count() == 1


def test_a_round_of_sending_leaves_alone_what_is_being_sent(citizen, kiosk):
    """Were it sent as left behind, its writer would mend a fault and be counted twice."""
    page = citizen(kiosk, width=800, height=1280, service_workers="block")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/kiosk/**", hold)
    while not page.locator("[data-send]").is_visible():
        page.locator("[data-next]").click()
    page.locator("[data-send]").click()
    page.wait_for_function("() => document.querySelector('[data-send]').disabled")
    page.evaluate("dispatchEvent(new Event('online'))")
    held[0].continue_()
    expect(page.locator("[data-told]")).to_be_visible()
    assert not Response.objects.exists()
    while page.locator("[data-back]").is_visible():
        page.locator("[data-back]").click()
    answer(page)
    response_of_one(page)


def test_what_is_missing_is_said_where_it_is(citizen, axe, kiosk):
    page = citizen(kiosk, width=800, height=1280)
    while not page.locator("[data-send]").is_visible():
        page.locator("[data-next]").click()
    page.locator("[data-send]").click()
    expect(page.locator("[data-told]")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "id_I15"
    group = page.get_by_role("group").filter(has=page.locator("#id_I15"))
    expect(group.locator("[data-fault]").first).to_be_visible()
    axe(page)
    assert not Response.objects.exists()


def test_nobody_there_is_asked_and_then_all_is_wiped(citizen, kiosk):
    page = citizen(kiosk, width=800, height=1280)
    page.clock.install()
    page.reload()
    chosen = page.locator("input[type=radio]:checked")
    page.locator("input[type=radio]").first.check(force=True)
    page.locator("[data-next]").click()
    page.clock.run_for(IDLE - 1_000)
    question = page.get_by_role("dialog", name="Ông/bà còn đang trả lời")
    expect(question).to_be_hidden()
    page.clock.run_for(1_000)
    expect(question).to_be_visible()
    # Whoever reads slowly goes on where they were.
    question.get_by_role("button").click()
    expect(question).to_be_hidden()
    assert chosen.count() == 1
    page.clock.run_for(IDLE)
    with page.expect_navigation():
        page.clock.run_for(GRACE)
    assert page.locator("input[type=radio]:checked").count() == 0
    expect(page.locator("[data-back]")).to_be_hidden()
    assert not Response.objects.exists()


def test_a_kiosk_that_nobody_touched_asks_nobody(citizen, kiosk):
    page = citizen(kiosk, width=800, height=1280)
    page.clock.install()
    page.reload()
    page.clock.run_for(10 * IDLE)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_receipt_gives_way_to_the_next_person(citizen, kiosk):
    page = citizen(kiosk, width=800, height=1280)
    page.clock.install()
    page.reload()
    answer(page)
    expect(page.locator("[data-receipt]")).to_be_visible()
    with page.expect_navigation():
        page.clock.run_for(GOODBYE)
    expect(page.locator("[data-step]").first).to_be_visible()
    assert Response.objects.count() == 1


def test_fetching_the_page_to_keep_it_is_no_visit(citizen, kiosk):
    prepared(citizen(kiosk))
    assert FieldworkCount.objects.get(channel="kiosk", step="opened").n == 1


def test_an_answer_to_the_version_that_was_shown_is_read_by_it(citizen, kiosk, survey):
    page = prepared(citizen(kiosk, width=800, height=1280))
    definition = survey.versions.get().definition
    definition["intro"]["vi"] += " Xin cảm ơn."
    second = publish_version(survey, definition, timezone.now())
    answer(page)
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert second.number == 2
    assert Response.objects.get().version.number == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_section_is_accessible_and_can_be_touched(
    citizen, axe, no_sideways_scroll, transactional_db, width, height
):
    now = timezone.now()
    survey = make_full_survey(
        definition=every_kind(), opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9)
    )
    page = citizen(address(survey), width=width, height=height)
    for _section in every_kind()["sections"]:
        axe(page)
        no_sideways_scroll(page)
        assert too_small(page) == []
        if page.locator("[data-next]").is_visible():
            page.locator("[data-next]").click()
    assert "g1" in full_form()
    page.locator("[data-send]").click()
    expect(page.locator("[data-told]")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)


def too_small(page: Page) -> list[str]:
    """What is touched and is less than 56 px high (a thumb, standing, without glasses)."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
             'section:not([hidden]) :is(input:not([type=hidden]), select, textarea), .button'
           )].filter((e) => e.offsetParent !== null)
             .map((e) => [e, e.type === 'radio' || e.type === 'checkbox' ? e.closest('label') : e])
             .filter(([, box]) => box.getBoundingClientRect().height < 55.5)
             .map(([e]) => e.id || e.textContent)"""
    )


def test_the_thanks_and_the_question_are_accessible(citizen, axe, no_sideways_scroll, kiosk):
    page = citizen(kiosk, width=800, height=1280)
    page.locator("[data-next]").click()
    page.evaluate("document.querySelector('[data-still-there]').showModal()")
    axe(page)
    page.get_by_role("dialog").get_by_role("button").click()
    page.locator("[data-back]").click()
    answer(page)
    expect(page.locator("[data-receipt]")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
