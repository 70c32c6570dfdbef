"""A tree laid before the consultations came keeps its menu at eight entries."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from site_pages import tree
from site_pages.models import HomePage
from tests.accounts import user

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(home) -> Page:
    """The reports had an entry then, in both languages."""
    for page in Page.objects.filter(slug="bao-cao"):
        page.show_in_menus = True
        page.save()
        if page.latest_revision_id:
            page.specific.save_revision().publish()
    return home.get_children().get(slug="bao-cao")


def entries(home: Page) -> list[str]:
    return list(home.get_children().live().in_menu().values_list("slug", flat=True))


def test_what_was_laid_and_never_touched_makes_room(old, home, client):
    assert len(entries(home)) == 9
    tree.lay()
    for twin in HomePage.objects.filter(translation_key=home.translation_key):
        assert len(entries(twin)) == 8
        assert {"bao-cao", "lay-y-kien"} & set(entries(twin)) == {"lay-y-kien"}
    body = client.get("/").content.decode()
    assert 'href="/lay-y-kien/"' in body
    assert 'href="/bao-cao/"' in body


def test_what_an_editor_chose_by_hand_stays(old, home):
    old.specific.save_revision(user=user("bien.tap")).publish()
    tree.lay()
    assert "bao-cao" in entries(home)


def test_with_room_left_nothing_goes(old, home):
    for page in home.get_children().filter(slug="kinh-nghiem-mo-hinh"):
        page.show_in_menus = False
        page.save()
    tree.lay()
    assert "bao-cao" in entries(home)
