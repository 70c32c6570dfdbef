"""Public pages are kept for seconds and never outlive a change, whether by hand or by clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import PageViewRestriction, Site

from portal import clock
from portal.outbox import tasks
from satisfaction.models import Survey
from site_pages.models import SiteContact, SiteGeneration
from site_pages.page_cache import bump, is_shown
from site_pages.search.models import SearchSynonym
from site_pages.withdrawal import withdraw
from tests.accounts import user
from tests.satisfaction.factories import answers, make_page, make_survey, respond
from tests.site_pages.factories import StandardPageFactory
from tests.site_pages.test_withdrawal import ORDER

MORNING = "2026-11-20 09:00"


@pytest.fixture(autouse=True)
def _not_worked_out(home):
    """A clock that a test sets back is before the moment that was worked out today."""
    bump()


@pytest.fixture
def page(home, at):
    at(MORNING)
    return StandardPageFactory(parent=home, title="Số liệu quý III", body="<p>Bản một</p>")


@pytest.fixture
def boss(home):
    return user("quan.tri", is_superuser=True)


@pytest.fixture
def keeper(client):
    """keeper(url): a reader's browser, which asks again with the tag it was given."""
    tags: dict[str, str] = {}

    def get(url: str):
        known = {"If-None-Match": tags[url]} if url in tags else {}
        response = client.get(url, headers=known)
        tags[url] = response.headers.get("ETag", tags.get(url, ""))
        return response

    return get


@pytest.fixture
def wagtail_at(at, monkeypatch):
    """Wagtail asks Django what time it is, not our clock."""

    def stop(moment: str) -> None:
        now = at(moment)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return stop


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """with commit(): what is done inside commits as it would outside a test."""

    def begin():
        # What the fixtures called for never commits, and would pass for called for already.
        connection.run_on_commit = [call for call in connection.run_on_commit if call[1] != bump]
        return django_capture_on_commit_callbacks(execute=True)

    return begin


def assert_unshared(response) -> None:
    control = response.headers["Cache-Control"]
    assert "public" not in control
    assert "no-store" in control or "no-cache" in control
    assert "ETag" not in response.headers


def test_an_unchanged_page_is_answered_without_being_drawn(
    keeper, page, django_assert_max_num_queries
):
    first = keeper(page.url)
    assert first.status_code == 200
    assert first.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=5")
    with django_assert_max_num_queries(2):
        again = keeper(page.url)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def _publish(page, boss):
    page.body = "<p>Bản hai</p>"
    page.save_revision(user=boss).publish(user=boss)


def _withdraw(page, boss):
    withdraw(page.pk, boss, **ORDER)


def _move(page, boss):
    target = StandardPageFactory(parent=page.get_parent(), title="Nơi mới")
    page.move(target, pos="last-child", user=boss)


def _restrict(page, boss):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def _correct_contact(page, boss):
    contact = SiteContact.for_site(Site.objects.get())
    contact.phone = "024.1022"
    contact.save()


def _add_synonym(page, boss):
    SearchSynonym.objects.create(short="QIII", long="quý III")


def _redirect(page, boss):
    Redirect.objects.create(old_path="/cu", redirect_page=page)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (_publish, 200, "Bản hai"),
        (_withdraw, 410, "12/QĐ-UBND"),
        (_move, 301, ""),
        (_restrict, 302, ""),
        (_correct_contact, 200, "024.1022"),
        (_add_synonym, 200, ""),
        (_redirect, 200, ""),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_next_reader_sees_a_change(keeper, commit, page, boss, change, status, words):
    url = page.url
    keeper(url)
    assert keeper(url).status_code == 304
    with commit():
        change(page, boss)
    response = keeper(url)
    assert response.status_code == status
    assert words in response.content.decode()


def test_a_replaced_file_shows_on_every_page_that_names_it(keeper, commit, page, boss):
    paper = Document.objects.create(title="Biểu", file=ContentFile(b"mot", "bieu.csv"))
    keeper(page.url)
    with commit():
        paper.file.save("bieu.csv", ContentFile(b"hai hai"))
    assert keeper(page.url).status_code == 200


def test_a_file_is_asked_for_again_each_time_and_kept_by_no_one_else(client, home, settings):
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": on_disk}
    paper = Document.objects.create(title="Biểu", file=ContentFile(b"mot", "bieu.csv"))
    link = f'<a linktype="document" id="{paper.pk}">Biểu</a>'
    StandardPageFactory(parent=home, title="Biểu mẫu", body=f"<p>{link}</p>")
    response = client.get(paper.url)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_a_page_of_an_appointed_hour_comes_with_the_minute(keeper, commit, page, boss, wagtail_at):
    wagtail_at(MORNING)
    assert Schedule.objects.filter(func="portal.outbox.tasks.tick", minutes=1).exists()
    page.save_revision(user=boss).publish(user=boss)
    page.refresh_from_db()
    page.body, page.go_live_at = "<p>Bản mười giờ</p>", clock.now() + timedelta(hours=1)
    with commit():
        page.save_revision(user=boss).publish(user=boss)
    keeper(page.url)
    with commit():
        tasks.tick()
    assert keeper(page.url).status_code == 304
    wagtail_at("2026-11-20 10:00:01")
    with commit():
        tasks.tick()
    response = keeper(page.url)
    assert response.status_code == 200
    assert "Bản mười giờ" in response.content.decode()


def test_an_unfit_page_does_not_hold_up_the_others(commit, home, wagtail_at, boss):
    wagtail_at(MORNING)
    unfit, fit = (StandardPageFactory(parent=home, title=t, live=False) for t in ("Một", "Hai"))
    for each in (unfit, fit):
        each.go_live_at = clock.now() + timedelta(minutes=1)
        each.save_revision().publish()
    revision = unfit.latest_revision
    revision.content["expire_at"] = "2027-01-01T00:00:00Z"
    revision.save()
    wagtail_at("2026-11-20 10:00")
    with commit():
        tasks.tick()
    for each in (unfit, fit):
        each.refresh_from_db()
    assert (unfit.live, fit.live) == (False, True)


def test_a_draft_moves_nothing_and_is_seen_by_nobody(keeper, commit, page, boss):
    keeper(page.url)
    with commit():
        page.title, page.body = "Nháp", "<p>Chưa duyệt</p>"
        page.save_revision(user=boss)
    assert keeper(page.url).status_code == 304
    assert "Chưa duyệt" not in keeper(page.url + "?lai=1").content.decode()


def test_what_is_rolled_back_moves_nothing(keeper, commit, page):
    keeper(page.url)

    class Stop(Exception):
        pass

    def save_and_stop():
        with transaction.atomic():
            page.save()
            raise Stop

    with commit(), pytest.raises(Stop):
        save_and_stop()
    assert keeper(page.url).status_code == 304


def test_a_thousand_rows_in_one_transaction_move_it_once(commit, page):
    before = SiteGeneration.objects.get().number
    with commit() as calls:
        for number in range(20):
            Redirect.objects.create(old_path=f"/cu-{number}", redirect_page=page)
    assert len(calls) == 1
    assert SiteGeneration.objects.get().number == before + 1


def test_a_preview_is_kept_by_no_one(client, page, boss):
    client.force_login(boss)
    page.save_revision(user=boss)
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    response = client.get(address)
    assert response.status_code == 200
    assert "Bản một" in response.content.decode()
    assert_unshared(response)
    assert "no-store" in response.headers["Cache-Control"]


def test_an_editor_is_never_given_the_shared_page(client, page, boss):
    tag = client.get(page.url).headers["ETag"]
    client.force_login(boss)
    response = client.get(page.url, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert_unshared(response)


def test_results_of_a_search_are_kept_by_no_one(client, page):
    assert_unshared(client.get("/tim-kiem/?q=quy"))


class TestSurveys:
    @pytest.fixture
    def survey(self, home, at):
        at(MORNING)
        survey = make_survey(
            opens_at=clock.now() - timedelta(days=1),
            closes_at=clock.now() + timedelta(hours=1),
        )
        make_page(survey)
        return survey

    @pytest.fixture
    def url(self, survey):
        return survey.pages.get(locale__language_code="vi").url

    def test_a_form_is_kept_by_no_one(self, client, url):
        response = client.get(f"{url}tra-loi/co-quan/")
        assert response.status_code == 200
        assert_unshared(response)
        assert response.cookies

    def test_nothing_is_kept_past_the_moment_it_closes(self, keeper, url, at, settings):
        settings.BEHIND_PROXY = True
        at("2026-11-20 09:59:57")
        keeper(url)
        nearly = keeper(url)
        assert nearly.status_code == 304
        assert "s-maxage=3, stale-while-revalidate=0" in nearly.headers["Cache-Control"]
        at("2026-11-20 09:59:51")
        assert "s-maxage=5, stale-while-revalidate=4" in keeper(url).headers["Cache-Control"]

    @pytest.mark.parametrize("where", ["/", "/khao-sat/", "survey"])
    def test_at_that_moment_every_page_is_another(self, keeper, url, at, where):
        where = url if where == "survey" else where
        at("2026-11-20 09:59:59")
        is_open = keeper(where).content.decode()
        at("2026-11-20 10:00:00")
        closed = keeper(where)
        assert closed.status_code == 200
        assert closed.content.decode() != is_open
        assert keeper(where).status_code == 304

    def test_a_new_day_is_another_page(self, keeper, url, at):
        at("2026-11-20 23:59:58")
        assert "s-maxage=2" in keeper("/").headers["Cache-Control"]
        at("2026-11-21 00:00:00")
        assert keeper("/").status_code == 200

    def test_a_window_moved_by_hand_counts_at_once(self, keeper, commit, survey, url):
        keeper(url)
        with commit():
            survey.closes_at = clock.now()
            survey.save()
        assert keeper(url).status_code == 200

    def test_an_answer_moves_nothing(self, keeper, commit, survey, url):
        keeper(url)
        with commit():
            respond(survey, answers(5, "SNV"))
        assert keeper(url).status_code == 304


def test_behind_no_proxy_a_browser_is_told_nothing_of_stale_pages(client, page):
    assert "stale" not in client.get(page.url).headers["Cache-Control"]


def test_a_house_without_the_row_still_answers(client, page):
    SiteGeneration.objects.all().delete()
    assert client.get(page.url).status_code == 200
    assert SiteGeneration.objects.count() == 1


def test_what_nobody_thought_of_counts_as_shown():
    assert is_shown(Survey)
    assert is_shown(SearchSynonym)
    assert not is_shown(SiteGeneration)


def test_reading_a_page_writes_no_contact_and_an_officer_fills_it_in(client, page, boss):
    client.get(page.url)
    assert not SiteContact.objects.exists()
    client.force_login(boss)
    site = Site.objects.get()
    address = reverse("wagtailsettings:edit", args=["site_pages", "sitecontact", site.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"agency": "Sở Nội vụ", "phone": "024.1022"})
    assert SiteContact.objects.get().phone == "024.1022"
