"""The tree of Article 6: laid once, in both languages."""

import pytest
from wagtail.models import Page, Site

from site_pages.models import HomePage
from site_pages.tree import lay
from tests.pages import assert_lean, assert_valid_html
from tests.site_pages.factories import StandardPageFactory

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


def test_a_page_in_both_languages_tells_machines_so(client, home):
    text = client.get("/en/gioi-thieu/").content.decode()
    for language, path in (("vi", "/gioi-thieu/"), ("en", "/en/gioi-thieu/"), ("x-default", "/")):
        start = f'<link rel="alternate" hreflang="{language}" href="http'
        assert start in text
        assert text.split(start)[1].split('"')[0].endswith(path)


def test_a_page_without_translation_says_so_and_claims_no_alternate(client, home):
    page = home.get_children().get(slug="gioi-thieu")
    page.get_translations().get().unpublish()
    text = client.get("/gioi-thieu/").content.decode()
    switch = f"/en/chua-dich/{page.pk}/"
    assert f'href="{switch}" lang="en"' in text
    assert 'rel="alternate" hreflang="en"' not in text
    told = client.get(switch).content.decode()
    assert "not available in English" in told
    assert f'lang="vi">{page.title}' in told.replace(
        'href="/gioi-thieu/" hreflang="vi">', 'lang="vi">'
    )
    assert 'name="robots" content="noindex"' in told


def test_what_is_translated_or_not_public_needs_no_such_page(client, home):
    page = home.get_children().get(slug="gioi-thieu")
    assert client.get(f"/en/chua-dich/{page.pk}/")["Location"] == "/en/gioi-thieu/"
    assert client.get(f"/chua-dich/{page.pk}/")["Location"] == "/gioi-thieu/"
    page.unpublish()
    assert client.get(f"/en/chua-dich/{page.pk}/").status_code == 404
    assert client.get("/en/chua-dich/999999999999999999999/").status_code == 404


def test_the_site_map_lists_sections_and_not_their_items(client, home):
    for n in range(3):
        StandardPageFactory(parent=home.get_children().get(slug="gioi-thieu"), title=f"Phòng {n}")
    text = client.get("/so-do-trang/").content.decode()
    assert text.count('class="level-2"') == 3


def test_the_attribution_of_article_3_6_stands_on_every_page_byte_for_byte(client, home):
    line = "Nguồn: Trang thông tin Cải cách hành chính nhà nước thành phố Hà Nội"
    for url in ("/", "/en/", "/lien-he/", "/tim-kiem/", "/khong-co/"):
        assert line in client.get(url).content.decode()


def test_the_current_section_is_marked_in_the_menu(client, home):
    text = client.get("/khao-sat/").content.decode()
    assert '<a href="/khao-sat/" aria-current="true">' in text
    assert '<a href="/ban-chi-dao/" aria-current="true">' not in text
