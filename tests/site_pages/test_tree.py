"""The tree of Article 6: laid once, in both languages."""

import pytest
from wagtail.models import Page, Site

from site_pages.models import HomePage
from site_pages.tree import lay
from tests.pages import assert_lean, assert_valid_html

SHELL = [
    "hoat-dong-lanh-dao",
    "ban-chi-dao",
    "tinh-hinh-ket-qua",
    "kinh-nghiem-mo-hinh",
    "bao-cao",
    "gioi-thieu",
    "lien-he",
    "tro-nang",
    "rieng-tu",
]
VIEWS = ["tim-kiem", "xac-thuc", "so-do-trang"]


def test_laying_the_tree_twice_makes_nothing_new(home):
    before = Page.objects.count()
    lay()
    assert Page.objects.count() == before


def test_what_an_editor_changed_survives_laying_again(home):
    about = home.get_children().get(slug="gioi-thieu")
    about.title = "Về chúng tôi"
    about.save()
    lay()
    assert home.get_children().get(slug="gioi-thieu").title == "Về chúng tôi"


def test_the_welcome_page_of_wagtail_is_gone_and_the_site_starts_at_home(home):
    assert HomePage.objects.count() == 2
    assert Page.objects.filter(depth=2).count() == 2
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("slug", ["", *SHELL, *VIEWS])
def test_every_page_of_the_shell_is_valid_and_lean(client, home, prefix, slug):
    response = client.get(f"{prefix}/{slug}/" if slug else f"{prefix}/")
    assert response.status_code == 200
    tree = assert_valid_html(response)
    assert_lean(response)
    assert tree.get("lang") == ("en" if prefix else "vi")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("slug", ["", *SHELL, *VIEWS])
def test_every_page_of_the_shell_keeps_the_query_budget(
    client, home, prefix, slug, django_assert_max_num_queries
):
    url = f"{prefix}/{slug}/" if slug else f"{prefix}/"
    client.get(url)  # content types and site roots are read once a process
    with django_assert_max_num_queries(15):
        client.get(url)


@pytest.mark.parametrize("slug", SHELL)
def test_the_language_switch_leads_to_the_same_page_and_back(client, home, slug):
    there = f'href="/en/{slug}/" lang="en"'
    back = f'href="/{slug}/" lang="vi"'
    assert there in client.get(f"/{slug}/").content.decode()
    assert back in client.get(f"/en/{slug}/").content.decode()


def test_a_page_without_translation_offers_the_english_home_but_claims_no_alternate(client, home):
    twin = home.get_children().get(slug="gioi-thieu").get_translations().get()
    twin.unpublish()
    text = client.get("/gioi-thieu/").content.decode()
    assert 'href="/en/" lang="en"' in text
    assert 'rel="alternate" hreflang="en"' not in text


def test_the_attribution_of_article_3_6_stands_on_every_page_byte_for_byte(client, home):
    line = "Nguồn: Trang thông tin Cải cách hành chính nhà nước thành phố Hà Nội"
    for url in ("/", "/en/", "/lien-he/", "/tim-kiem/", "/khong-co/"):
        assert line in client.get(url).content.decode()


def test_the_current_section_is_marked_in_the_menu(client, home):
    text = client.get("/bao-cao/").content.decode()
    assert '<a href="/bao-cao/" aria-current="true">' in text
    assert '<a href="/ban-chi-dao/" aria-current="true">' not in text
