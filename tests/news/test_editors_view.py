"""What editors see of articles: columns, filters, templates, checks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from news.models import ArticlePage, ArticleTemplate
from portal import clock
from site_pages import tree
from site_pages.models import CategoryPage
from tests.accounts import staff, user

pytestmark = pytest.mark.django_db
NOW = "2026-11-20 09:00"


@pytest.fixture
def category(at) -> CategoryPage:
    at(NOW)
    tree.lay()
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


@pytest.fixture
def boss(client):
    made = user("quantri", is_superuser=True)
    client.force_login(made)
    return made


def write(category, slug: str, hours_ago: float | None, *, live: bool, **fields) -> ArticlePage:
    """An article of an event so many hours ago; live ones came out now."""
    event_at = None if hours_ago is None else clock.now() - timedelta(hours=hours_ago)
    page = ArticlePage(
        title=f"Tin {slug}",
        slug=slug,
        author=fields.pop("author", "Lê Ánh"),
        abstract_text="Tóm tắt.",
        event_at=event_at,
        locale=category.locale,
        live=live,
        first_published_at=clock.now() if live else None,
        **fields,
    )
    return category.add_child(instance=page)


@pytest.fixture
def articles(category):
    return {
        "running": write(category, "con-gio", 20, live=False),
        "overdue": write(category, "qua-han", 50, live=False),
        "on-time": write(category, "dung-han", 47, live=True),
        "late": write(category, "muon", 53.5, live=True),
        "none": write(category, "khong-su-kien", None, live=True),
    }


@pytest.mark.parametrize("state", ["running", "overdue", "on-time", "late"])
def test_the_list_is_filtered_by_the_clock(client, boss, articles, state):
    html = client.get(reverse("articles:index"), {"clock": state}).content.decode()
    shown = {name for name, page in articles.items() if page.title in html}
    assert shown == {state}
    assert articles[state].timeliness.state == state


def test_the_list_says_how_late_in_words(client, boss, articles):
    html = client.get(reverse("articles:index")).content.decode()
    for words in ("Còn 28 giờ", "Quá hạn 2 giờ", "Đúng hạn", "Muộn 5 giờ"):
        assert words in html


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"author": "Lê Ánh"}, {"running", "overdue", "on-time", "late", "none"}),
        ({"author": "không ai"}, set()),
        ({"state": "draft"}, {"running", "overdue"}),
        ({"state": "public"}, {"on-time", "late", "none"}),
        ({"state": "withdrawn"}, set()),
        ({"clock": "x", "state": "\x00"}, {"running", "overdue", "on-time", "late", "none"}),
    ],
)
def test_the_list_is_filtered_by_author_and_state(client, boss, articles, query, shown):
    html = client.get(reverse("articles:index"), query).content.decode()
    assert {name for name, page in articles.items() if page.title in html} == shown


def test_the_list_is_filtered_by_section(client, boss, articles, category):
    other = CategoryPage.objects.get(slug="kinh-nghiem-mo-hinh", locale__language_code="vi")
    assert (
        articles["late"].title
        in client.get(reverse("articles:index"), {"section": category.pk}).content.decode()
    )
    assert (
        articles["late"].title
        not in client.get(reverse("articles:index"), {"section": other.pk}).content.decode()
    )


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_asks_as_much_for_many_as_for_few(
    client, category, count, django_assert_max_num_queries
):
    editor = staff("bien.tap")
    GroupPagePermission.objects.create(
        group=editor.groups.create(name="bien-tap"),
        page=category,
        permission=Permission.objects.get(codename="publish_page"),
    )
    client.force_login(editor)
    for n in range(count):
        write(category, f"tin-{n}", n, live=bool(n % 2))
    with django_assert_max_num_queries(40):
        client.get(reverse("articles:index"))


def test_the_explorer_of_a_section_shows_its_articles_and_sub_sections(
    client, boss, articles, category
):
    category.add_child(
        instance=CategoryPage(
            title="Một cửa", slug="mot-cua", group=category.group, locale=category.locale
        )
    )
    html = client.get(reverse("wagtailadmin_explore", args=[category.pk])).content.decode()
    assert "Muộn 5 giờ" in html
    assert "Một cửa" in html
    assert "Lê Ánh" in html
    late = client.get(reverse("wagtailadmin_explore", args=[category.pk]), {"clock": "late"})
    assert "Tin muon" in late.content.decode()
    assert "Tin qua-han" not in late.content.decode()


def test_nobody_without_page_permissions_sees_the_list(client, articles):
    client.force_login(staff())
    response = client.get(reverse("articles:index"))
    assert response.status_code == 302


def test_a_new_article_begins_with_the_blocks_of_a_template(client, boss, category):
    url = reverse("wagtailadmin_pages:add", args=["news", "articlepage", category.pk])
    html = client.get(url).content.decode()
    template = ArticleTemplate.objects.get(name="Mô hình, cách làm hay")
    assert f"?mau={template.pk}" in html
    heading = json.dumps("Vì sao phải thay đổi").strip('"')
    assert heading not in html
    begun = client.get(url, {"mau": template.pk}).content.decode()
    assert heading in begun.replace("&quot;", '"').replace("\\u005Cu", "\\u")
    for wrong in ("999999999", "x", "-1", "9" * 400, "²"):
        assert client.get(url, {"mau": wrong}).status_code == 200


def test_an_article_that_stands_is_not_begun_anew(client, boss, articles):
    url = reverse("wagtailadmin_pages:edit", args=[articles["late"].pk])
    assert "?mau=" not in client.get(url).content.decode()


def test_every_ready_template_is_valid_but_for_what_is_to_be_filled_in():
    assert ArticleTemplate.objects.count() == 4
    for template in ArticleTemplate.objects.all():
        assert template.body.stream_block.clean(template.body)


def test_the_checker_says_what_is_missing(category):
    page = ArticlePage(title="T" * 111, author="A", source_kind="press", body=[])
    assert set(page.content_checks()) == {"no-abstract", "long-title", "no-source"}
    page = ArticlePage(
        title="Tin",
        abstract_text="Tóm tắt.",
        author="A",
        event_at=clock.now(),
        body=[("paragraph", "chữ " * 500)],
    )
    assert page.content_checks() == ["no-headings"]
    page.body = [("figure", {"image": None, "alt": "Ảnh", "caption": "", "credit": ""})]
    assert page.content_checks() == ["weak-alt"]


def test_the_preview_carries_the_checks(client, boss, articles):
    page = articles["none"]
    html = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert 'data-missing="no-event-time"' in html
    assert "has-no-event-time" in html
    public = client.get(page.url).content.decode()
    assert "data-missing" not in public
    assert "wagtail-userbar" not in public


def test_sources_are_kept_by_those_who_may(client, category):
    client.force_login(staff("to.cong.tac", "news.add_officialsource", "news.view_officialsource"))
    assert client.get(reverse("official_sources:index")).status_code == 200
    assert client.get(reverse("official_sources:add")).status_code == 200
    client.force_login(staff("ai.do"))
    assert client.get(reverse("official_sources:index")).status_code == 302
