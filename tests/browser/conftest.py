"""A real Chromium in front of the portal.

    def test_…(citizen, axe):
        page = citizen("/khao-sat/")             # 360 px wide, vi-VN, with JavaScript
        page = citizen("/", width=1280, java_script=False)
        axe(page)

Whatever a page asks of another host is refused and fails the test, and so do a
violation of the content security policy and an uncaught script error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import connections
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

# Playwright's sync API keeps an event loop in this thread, and Django then refuses the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]

CitizenFactory = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright(django_db_setup: None) -> Iterator[Playwright]:
    # Django keeps other connections where an event loop runs, and Playwright runs one in
    # this thread: without this the tests would see another database than the server.
    usual = connections["default"]
    with sync_playwright() as running:
        connections["default"] = usual
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no Chromium at {CHROMIUM}; `make test` installs it")
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield running
    running.close()


# The admin's own scripts and styles: a megabyte and more a page, the same in every test.
_OF_THE_ADMIN = "/static/wagtailadmin/"


class Watch:
    """What went wrong in a browser beside what the test looks at."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.problems: list[str] = []

    def route(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(self.home + _OF_THE_ADMIN):
            self._from_disk(route)
        elif url.startswith((self.home + "/", "data:", "blob:")):
            route.continue_()
        else:
            self.problems.append(f"asked another host: {url}")
            route.abort()

    def _from_disk(self, route: Route) -> None:
        """Where requests are looked at the browser keeps nothing: each page would load it all."""
        path = urlsplit(route.request.url).path.removeprefix("/static/")
        found = finders.find(path)
        if found:
            route.fulfill(path=found)
        else:
            route.continue_()

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("console", lambda message: self._heard(message.text))

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.problems.append(text)


@pytest.fixture
def citizen(browser: Browser, live_server) -> Iterator[CitizenFactory]:
    """citizen(path, width=360, height=740, java_script=True, **options) opens a fresh visitor.

    Options go to Browser.new_context: color_scheme="dark", forced_colors="active",
    reduced_motion="reduce", locale="en-GB".
    """
    contexts, watch = [], Watch(live_server.url)

    def visit(
        path: str = "/",
        *,
        width: int = 360,
        height: int = 740,
        java_script: bool = True,
        **options,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=java_script,
            **{"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", **options},
        )
        contexts.append(context)
        # Two browsers share two processors with the portal; a page that is lost takes for ever.
        context.set_default_timeout(30_000)
        context.route("**/*", watch.route)
        context.on("page", watch.follow)
        page = context.new_page()
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        # What a page still asks for while it is closed is no test's fault.
        context.unroute_all(behavior="ignoreErrors")
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe finds nothing on the page: WCAG 2.2 A and AA, and its best practices."""
    return lambda page: _audit(page, {"type": "tag", "values": AXE_TAGS})


@pytest.fixture
def axe_in_the_dark() -> Callable[[Page], None]:
    """What the dark scheme changes of the page that is open, and nothing else: its colours."""

    def check(page: Page) -> None:
        page.emulate_media(color_scheme="dark")
        _audit(page, {"type": "rule", "values": COLOUR_RULES})
        page.emulate_media(color_scheme="light")

    return check


def _audit(page: Page, rules: dict) -> None:
    page.wait_for_load_state("load")
    # What fades in has its contrast only in the end.
    page.evaluate(SETTLED)
    # Half a megabyte: sent once to a page; Wagtail's own checker brings another one.
    if not page.evaluate("window.axe !== undefined && window.axe === window.sentAxe"):
        page.evaluate(f"{Axe().axe_script}; window.sentAxe = window.axe")
    # Of what is as it should be it tells nothing.
    found = Axe("0").run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


@pytest.fixture
def no_sideways_scroll() -> Callable[[Page], None]:
    """Assert that the page fits its window (WCAG 1.4.10)."""

    def check(page: Page) -> None:
        wide, window = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= window, f"{wide} px of content in {window} px"

    return check


# Two seconds at most, and none for a spinner, which never ends.
SETTLED = """() => Promise.race([
  Promise.allSettled(document.getAnimations()
    .filter((animation) => Number.isFinite(animation.effect.getComputedTiming().endTime))
    .map((animation) => animation.finished)),
  new Promise((go) => setTimeout(go, 2000)),
]).then(() => true)"""

SHIFTS = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  }
  const images = [...document.images];
  await Promise.all(images.map((image) => image.decode().catch(() => {})));
  return await new Promise((tell) => {
    let total = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => tell(total), 50);
  });
}"""


@pytest.fixture
def no_layout_shift() -> Callable[[Page], None]:
    """Assert that nothing moved while the page came and was scrolled through (CLS 0)."""

    def check(page: Page) -> None:
        moved = page.evaluate(SHIFTS)
        assert moved == 0, f"layout shift {moved} on {page.url}"

    return check


@pytest.fixture
def sound(axe, axe_in_the_dark, no_sideways_scroll, no_layout_shift) -> Callable[[Page], None]:
    """Assert that a page stands still, is accessible in both schemes and fits every window."""

    def check(page: Page) -> None:
        no_layout_shift(page)
        axe(page)
        axe_in_the_dark(page)
        for width in (320, 1280, 360):
            page.set_viewport_size({"width": width, "height": 740})
            no_sideways_scroll(page)

    return check
