#!/usr/bin/env python
"""Screenshots of the portal at 360 and 1280 px into var/shots/NAME-360.png.

    bin/shots [NAME…]    all pages of the table, or only those whose name begins so

Started by bin/shots, which prepares the database and the environment.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import django
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "var" / "shots"
WIDTHS = (360, 1280)
TALLEST = 6000  # px: an endless list is not a picture

# Two of the demonstration: a draft that is open, and one whose answers are published.
DRAFT = "/lay-y-kien/du-thao-quyet-dinh-ban-hanh-quy-che-phoi-hop-giai-quyet/"
ANSWERED = "/lay-y-kien/du-thao-quyet-dinh-sua-doi-quy-che-tiep-cong-dan-minh-ho/"
PUBLIC = {
    "home": "/",
    "news": "/tin-tuc/",
    "news-none": "/tin-tuc/?linhvuc=digital&nam=2020",
    "documents": "/van-ban/",
    "documents-none": "/van-ban/?tu=khongcogi&nam=1999",
    "leadership": "/hoat-dong-lanh-dao/",
    "steering": "/ban-chi-dao/",
    "results": "/tinh-hinh-ket-qua/",
    "experience": "/kinh-nghiem-mo-hinh/",
    "article": "/tinh-hinh-ket-qua/tra-ket-qua-khong-phu-thuoc-dia-gioi/",
    "article-print": "/tinh-hinh-ket-qua/tra-ket-qua-khong-phu-thuoc-dia-gioi/?in=1",
    "document": "/van-ban/42-2022-nd-cp/",
    "document-print": "/van-ban/42-2022-nd-cp/?in=1",
    "withdrawn": "/kinh-nghiem-mo-hinh/tin-da-rut/",
    "surveys": "/khao-sat/",
    "survey-actions": "/khao-sat/viec-cai-thien/",
    "consultations": "/lay-y-kien/",
    "consultation": DRAFT,
    "consultation-opinions": f"{DRAFT}y-kien/",
    "consultation-log": f"{DRAFT}nhat-ky/",
    "consultation-result": f"{ANSWERED}ket-qua/",
    "consultations-late": "/lay-y-kien/qua-han-tra-loi/",
    "opinion-follow": "/gop-y/theo-doi/",
    "reports": "/bao-cao/",
    "verify": "/xac-thuc/",
    "verify-error": "/xac-thuc/?ma=sai",
    "verify-unknown": "/xac-thuc/7K3D-09QW-ZXM4/",
    "search": "/tim-kiem/?q=th%E1%BB%A7+t%E1%BB%A5c",
    "search-empty": "/tim-kiem/?q=",
    "search-none": "/tim-kiem/?q=khongcogi",
    "site-map": "/so-do-trang/",
    "open-data": "/du-lieu-mo/",
    "contact": "/lien-he/",
    "contribution": "/gui-tin-bai/",
    "contribution-form": "/gui-tin-bai/noi-dung/",
    "contribution-follow": "/gui-tin-bai/theo-doi/",
    "missing": "/khong-co-trang-nay/",
    "english": "/en/",
    "english-empty": "/en/ban-chi-dao/",
    "english-missing": "/en/khong-co/",
    "sign-in": "/quan-tri/login/",
    "new-password": "/quan-tri/password_reset/",
}
# The first page below another: name, the page that links to it, where its links stand.
LINKED = {
    "survey": ("/khao-sat/", "main a[href^='/khao-sat/']"),
    "report": ("/bao-cao/", "main a[href^='/bao-cao/']"),
    "opinion": (DRAFT, "main a[href*='/gop-y/']"),
}
# Whoever does not see the colours of the day: dark, forced colours.
SCHEMES = {
    "dark": {"color_scheme": "dark"},
    "contrast": {"forced_colors": "active"},
}
IN_SCHEMES = ("home", "documents", "article", "document", "verify-error", "search")
ADMIN = {
    "admin-home": "/quan-tri/",
    "admin-pages": "/quan-tri/pages/",
    "admin-articles": "/quan-tri/tin-bai/",
    "admin-documents": "/quan-tri/van-ban/",
    "admin-surveys": "/quan-tri/khao-sat/",
    "admin-survey-new": "/quan-tri/khao-sat/lap/",
    "admin-survey-dashboards": "/quan-tri/khao-sat/bang-so-lieu/",
    "admin-survey-actions": "/quan-tri/khao-sat/viec-cai-thien/",
    "admin-survey-networks": "/quan-tri/khao-sat/mang/",
    "admin-editions": "/quan-tri/bao-cao/",
    "admin-imports": "/quan-tri/nhap-van-ban/",
    "admin-words-sought": "/quan-tri/bao-cao/tu-tim/",
    "admin-pages-rated": "/quan-tri/bao-cao/danh-gia/",
    "admin-synonyms": "/quan-tri/tu-dong-nghia/",
    "admin-sources": "/quan-tri/nguon-tin/",
    "admin-templates": "/quan-tri/mau-tin-bai/",
    "admin-agencies": "/quan-tri/co-quan/",
    "admin-rules": "/quan-tri/gia-tri/",
    "admin-calendar": "/quan-tri/lich/",
    "admin-components": "/quan-tri/giao-dien/",
    "admin-component-sheet": "/quan-tri/giao-dien/xem/",
    "admin-users": "/quan-tri/users/",
    "admin-settings": "/quan-tri/account/",
}
# The first link of a listing in the admin: its editor or its detail.
ADMIN_FIRST = {
    "admin-article-editor": ("/quan-tri/tin-bai/", "td.title a"),
    "admin-document-editor": ("/quan-tri/van-ban/", "td.title a"),
    "admin-survey": ("/quan-tri/khao-sat/", "td.title a"),
    "admin-edition": ("/quan-tri/bao-cao/", "td.title a"),
}
# What the Board's own people see; administration does not read these registers.
OFFICE = {
    "office-home": "/quan-tri/",
    "office-desk": "/quan-tri/bien-tap/viec-cua-toi/",
    "office-notices": "/quan-tri/bien-tap/thong-bao/",
    "office-board": "/quan-tri/bien-tap/ban-bien-tap/",
    "office-appoint": "/quan-tri/bien-tap/ban-bien-tap/bo-nhiem/",
    "office-collaborators": "/quan-tri/bien-tap/cong-tac-vien/",
    "office-plans": "/quan-tri/bien-tap/ke-hoach/",
    "office-orders": "/quan-tri/bien-tap/dat-hang/",
    "office-checks": "/quan-tri/bien-tap/hau-kiem/",
    "office-checks-all": "/quan-tri/bien-tap/hau-kiem/?xem=tat-ca",
    "office-checks-open": "/quan-tri/bien-tap/hau-kiem/?xem=can-xu-ly",
    "office-progress": "/quan-tri/bien-tap/hau-kiem/tien-do/",
    "office-meetings": "/quan-tri/bien-tap/cuoc-hop/",
    "office-meeting-new": "/quan-tri/bien-tap/cuoc-hop/them/",
    "office-conclusions": "/quan-tri/bien-tap/ket-luan-hop/",
    "office-proposals": "/quan-tri/bien-tap/de-xuat/",
    "office-training": "/quan-tri/bien-tap/dao-tao/",
    "office-training-year": "/quan-tri/bien-tap/dao-tao/tong-hop/",
    "office-consultations": "/quan-tri/lay-y-kien/",
    "office-opinions": "/quan-tri/lay-y-kien/y-kien/",
    "office-answers": "/quan-tri/lay-y-kien/tong-hop/",
    "office-intake": "/quan-tri/bao-cao/dung-han/",
    "office-activity": "/quan-tri/bao-cao/hoat-dong/",
    "office-refusals": "/quan-tri/bao-cao/tu-choi/",
    "office-coverage": "/quan-tri/bien-tap/do-phu/",
    "office-coverage-agencies": "/quan-tri/bien-tap/do-phu/co-quan/",
}
OFFICE_FIRST = {
    "office-check": ("/quan-tri/bien-tap/hau-kiem/?xem=tat-ca", "td.title a"),
    "office-meeting": ("/quan-tri/bien-tap/cuoc-hop/", "td.title a"),
    "office-plan": ("/quan-tri/bien-tap/ke-hoach/", "td.title a"),
    "office-order": ("/quan-tri/bien-tap/dat-hang/", "td.title a"),
    "office-proposal": ("/quan-tri/bien-tap/de-xuat/", "td.title a"),
    "office-course": ("/quan-tri/bien-tap/dao-tao/", "td.title a"),
    "office-review": ("/quan-tri/bien-tap/viec-cua-toi/", "td.title a[href*='/xet/']"),
    "office-consultation": ("/quan-tri/lay-y-kien/", "td.title a"),
    "office-opinion": ("/quan-tri/lay-y-kien/y-kien/", "td.title a"),
    "office-answers-of": ("/quan-tri/lay-y-kien/tong-hop/", "td.title a"),
}
# Pages below the first survey: name, what it lies below, the rest of its address.
ADMIN_BELOW = {
    "admin-responses": ("admin-survey", "phieu/"),
    "admin-survey-builder": ("admin-survey", "phieu-hoi/"),
    "admin-survey-record": ("admin-survey", "ho-so/"),
    "admin-survey-fieldwork": ("admin-survey", "thuc-dia/"),
    "admin-survey-collectors": ("admin-survey", "kenh/"),
    "admin-survey-paper": ("admin-survey", "giay/"),
    "admin-survey-sample": ("admin-survey", "mau/"),
    "admin-survey-measures": ("admin-survey", "cach-tinh/"),
    "admin-survey-dashboard": ("admin-survey", "bang-so-lieu/"),
    "admin-survey-criterion": ("admin-survey", "bang-so-lieu/tieu-chi/I/"),
    "admin-survey-report": ("admin-survey", "bao-cao/"),
    "admin-survey-exports": ("admin-survey", "xuat-so-lieu/"),
    "admin-survey-themes": ("admin-survey", "chu-de/"),
}
SURVEY_STEPS = 12
# A form sent sooner looks like a machine's (protection.form_min_seconds is 3).
HUMAN_PAUSE = 3_500  # ms


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving() -> Iterator[str]:
    """The portal on a free port; its address."""
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    command = ["-m", "gunicorn", "portal.wsgi:application", "-k", "gthread", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    with (ROOT / "var" / "shots.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(120):
            with suppress(OSError):
                urlopen(home + "/quan-tri/login/", timeout=10).close()  # noqa: S310
                break
            if server.poll() is not None:
                break
            time.sleep(0.5)
        yield home
    finally:
        server.terminate()
        server.wait()


def admin_session() -> dict[str, str]:
    """Administration's session."""
    django.setup()
    from portal.accounts.models import User

    user, _made = User.objects.get_or_create(
        username="anh-chup-man-hinh", defaults={"is_staff": True, "is_superuser": True}
    )
    return session_of(user)


def office_session() -> dict[str, str] | None:
    """The session of somebody in the working group, whom the demo puts there."""
    from editorial.authority import screeners

    found = screeners()
    return session_of(found[0]) if found else None


def session_of(user) -> dict[str, str]:
    """A signed-in session's cookie, made in the database that the server uses."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}


class Camera:
    """Opens pages in one browser and keeps pictures of them."""

    def __init__(self, browser: Browser, home: str, wanted: tuple[str, ...]) -> None:
        self.browser = browser
        self.home = home
        self.wanted = wanted
        self.failed: list[str] = []

    def wants(self, name: str) -> bool:
        return not self.wanted or name.startswith(self.wanted)

    @contextmanager
    def page(self, width: int, cookie: dict[str, str] | None = None, **options) -> Iterator[Page]:
        context = self.browser.new_context(
            base_url=self.home,
            viewport={"width": width, "height": 740 if width < 600 else 900},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(20_000)
        if cookie:
            context.add_cookies([{**cookie, "url": self.home}])
        try:
            yield context.new_page()
        finally:
            context.close()

    def keep(self, page: Page, name: str, width: int) -> None:
        height = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}
        path = TARGET / f"{name}-{width}.png"
        page.screenshot(path=path, full_page=True, clip=clip)
        wide = page.evaluate("document.documentElement.scrollWidth")
        note = f"  (scrolls sideways: {wide} px)" if wide > width else ""
        sys.stdout.write(f"{path.relative_to(ROOT)}{note}\n")

    def shoot(self, name: str, url: str, cookie: dict[str, str] | None = None, **options) -> None:
        """One address at both widths."""
        if not self.wants(name):
            return
        for width in WIDTHS:
            with self.page(width, cookie, **options) as page:
                try:
                    page.goto(url, wait_until="load")
                    self.keep(page, name, width)
                except Error as error:
                    self.failed.append(f"{name}: {error.message.splitlines()[0]}")

    def first_in_listing(self, url: str, selector: str, cookie: dict[str, str]) -> str | None:
        with self.page(1280, cookie) as page:
            page.goto(url)
            links = page.locator(selector)
            return links.first.get_attribute("href") if links.count() else None

    def linked(self, url: str, selector: str) -> str | None:
        """The first address below `url` that the page at `url` links to."""
        with self.page(1280) as page:
            page.goto(url)
            for link in page.locator(selector).all():
                address = (link.get_attribute("href") or "").removeprefix(self.home)
                if address.startswith(url) and "?" not in address and len(address) > len(url):
                    return address
        return None

    def survey(self, width: int, start: str) -> None:
        """The survey's steps, answered with the first choice of everything."""
        with self.page(width) as page:
            page.goto(start)
            for step in range(1, SURVEY_STEPS):
                forward = page.locator("main form[method=post] button:not([name]), main a.button")
                if not forward.count():
                    break
                self.keep(page, f"survey-step-{step:02}", width)
                answer(page)
                if step <= 2:
                    page.wait_for_timeout(HUMAN_PAUSE)
                before = page.url
                forward.first.click()
                page.wait_for_load_state()
                if page.url == before:
                    self.keep(page, f"survey-stopped-{step:02}", width)
                    break
            else:
                return
            self.keep(page, "survey-last", width)


def answer(page: Page) -> None:
    """Give the first choice of every question of the step."""
    for group in page.locator("main fieldset:has(input[type=radio])").all():
        group.locator("input[type=radio]").first.check(force=True)
    for field in page.locator("main select").all():
        field.select_option(index=1)


def shoot_all(camera: Camera) -> None:
    for name, url in PUBLIC.items():
        camera.shoot(name, url)
    for scheme, options in SCHEMES.items():
        for name in IN_SCHEMES:
            camera.shoot(f"{name}-{scheme}", PUBLIC[name], **options)
    found = {name: camera.linked(*where) for name, where in LINKED.items() if camera.wants(name)}
    for name, url in found.items():
        if url:
            camera.shoot(name, url)
        else:
            camera.failed.append(f"{name}: {LINKED[name][0]} links to none")
    if found.get("survey"):
        for width in WIDTHS:
            try:
                camera.survey(width, found["survey"])
            except Error as error:
                camera.failed.append(f"survey steps: {error.message.splitlines()[0]}")


def shoot_admin(camera: Camera, cookie: dict[str, str]) -> None:
    for name, url in ADMIN.items():
        camera.shoot(name, url, cookie)
    found = {}
    for name, (url, selector) in ADMIN_FIRST.items():
        below = [rest for rest, (above, _path) in ADMIN_BELOW.items() if above == name]
        if not any(map(camera.wants, [name, *below])):
            continue
        found[name] = camera.first_in_listing(url, selector, cookie)
        if found[name]:
            camera.shoot(name, found[name], cookie)
        else:
            camera.failed.append(f"{name}: {url} lists nothing")
    for name, (above, rest) in ADMIN_BELOW.items():
        if found.get(above):
            camera.shoot(name, found[above] + rest, cookie)


def shoot_office(camera: Camera, cookie: dict[str, str]) -> None:
    for name, url in OFFICE.items():
        camera.shoot(name, url, cookie)
    for name, (url, selector) in OFFICE_FIRST.items():
        found = camera.first_in_listing(url, selector, cookie) if camera.wants(name) else None
        if found:
            camera.shoot(name, found, cookie)
        elif camera.wants(name):
            camera.failed.append(f"{name}: {url} lists nothing")


def main() -> int:
    sys.path.insert(0, str(ROOT))
    TARGET.mkdir(parents=True, exist_ok=True)
    cookie, office = admin_session(), office_session()
    with serving() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        camera = Camera(browser, home, tuple(sys.argv[1:]))
        shoot_all(camera)
        shoot_admin(camera, cookie)
        if office:
            shoot_office(camera, office)
        browser.close()
    for line in camera.failed:
        sys.stderr.write(f"not taken: {line}\n")
    return 1 if camera.failed else 0


if __name__ == "__main__":
    sys.exit(main())
