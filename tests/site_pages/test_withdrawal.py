"""Article 8.5: what was published is kept; it goes down by an order and says so."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.models import Page
from wagtail_factories import ImageFactory

from portal import clock
from site_pages.models import HomePage
from site_pages.tree import publish_translation
from site_pages.withdrawal import put_back, withdraw
from tests.accounts import staff, user
from tests.pages import assert_valid_html
from tests.site_pages.factories import CategoryPageFactory, StandardPageFactory

ORDER = {
    "authority": "UBND Thành phố",
    "order_number": "12/QĐ-UBND",
    "order_date": date(2026, 11, 2),
    "reason": "Số liệu chưa được xác minh.",
}


@pytest.fixture
def boss(home):
    return user("quantri", is_superuser=True)


@pytest.fixture
def page(home, at):
    at("2026-11-20 09:00")
    return StandardPageFactory(parent=home, title="Số liệu quý III")


def test_a_withdrawn_page_leaves_a_tombstone(client, page, boss):
    url = page.url
    withdraw(page.pk, boss, **ORDER)
    response = client.get(url)
    body = response.content.decode()
    assert response.status_code == 410
    assert_valid_html(response)
    for words in ["Số liệu quý III", "12/QĐ-UBND", "02/11/2026", "chưa được xác minh"]:
        assert words in body
    assert "Nội dung của trang" not in body
    assert 'href="/en/so-do-trang/" lang="en"' in body
    assert "Số liệu quý III" not in client.get("/tim-kiem/?q=so+lieu+quy").content.decode()
    put_back(page.pk, boss)
    assert client.get(url).status_code == 200


def test_the_order_has_a_number_a_date_and_a_reason(page, boss):
    for name, value in [("order_number", " "), ("reason", ""), ("order_date", date(2026, 11, 21))]:
        with pytest.raises(ValidationError) as refused:
            withdraw(page.pk, boss, **{**ORDER, name: value})
        assert name in refused.value.message_dict
    page.refresh_from_db()
    assert page.live


def test_who_may_not_publish_may_not_withdraw(page):
    with pytest.raises(PermissionDenied):
        withdraw(page.pk, staff(), **ORDER)


def test_a_draft_never_published_has_no_tombstone_and_may_go(client, home, boss):
    draft = StandardPageFactory(parent=home, title="Nháp", live=False)
    Page.objects.filter(pk=draft.pk).update(first_published_at=None)
    draft.refresh_from_db()
    assert client.get(f"/{draft.slug}/").status_code == 404
    client.force_login(boss)
    client.post(reverse("wagtailadmin_pages:delete", args=[draft.pk]))
    assert not Page.objects.filter(pk=draft.pk).exists()


def test_no_admin_path_deletes_or_unpublishes_what_was_public(client, page, boss):
    page.save_revision().publish()
    client.force_login(boss)
    bulk = "?next=/quan-tri/&id={}"
    paths = [
        reverse("wagtailadmin_pages:delete", args=[page.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[page.pk]),
        reverse("wagtailadmin_pages:delete", args=[page.get_parent().pk]),
        *(
            reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
            + bulk.format(page.pk)
            for action in ("delete", "unpublish")
        ),
    ]
    for path in paths:
        response = client.post(path, {"include_descendants": "on"})
        assert response.status_code in (302, 403), path
        assert Page.objects.get(pk=page.pk).live, path
    with pytest.raises(ProtectedError), transaction.atomic():
        Page.objects.get(pk=page.pk).delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        Page.objects.get(pk=page.get_parent().pk).delete()


def test_a_picture_in_use_is_not_deleted(client, home, boss):
    image = ImageFactory()
    home.get_children().first()
    page = StandardPageFactory(parent=home)
    page.body = f'<embed embedtype="image" id="{image.pk}" format="left" alt="x"/>'
    page.save()
    client.force_login(boss)
    client.post(reverse("wagtailimages:delete", args=[image.pk]))
    client.post(
        reverse("wagtail_bulk_action", args=["wagtailimages", "image", "delete"])
        + f"?id={image.pk}&next=/quan-tri/"
    )
    assert Image.objects.filter(pk=image.pk).exists()


def test_an_expiry_date_is_no_order(page):
    page.expire_at = clock.now()
    with pytest.raises(ValidationError):
        page.save_revision().publish()


def test_the_form_withdraws_and_keeps_what_was_typed(client, page, boss):
    client.force_login(boss)
    url = reverse("page_withdraw", args=[page.pk])
    refused = client.post(url, {**ORDER, "order_date": "", "reason": "Lý do đã gõ"})
    assert "Lý do đã gõ" in refused.content.decode()
    assert url in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert client.post(url, {**ORDER, "order_date": "02/11/2026"}).status_code == 302
    page.refresh_from_db()
    assert not page.live
    client.post(reverse("page_put_back", args=[page.pk]))
    page.refresh_from_db()
    assert page.live


def test_a_withdrawn_page_comes_back_by_lifting_the_order_and_in_no_other_way(client, page, boss):
    withdraw(page.pk, boss, **ORDER)
    draft = Page.objects.get(pk=page.pk).specific
    with pytest.raises(ValidationError, match="12/QĐ-UBND"):
        draft.save_revision().publish()
    client.force_login(boss)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    back = reverse("page_put_back", args=[page.pk])
    assert back in client.get(edit).content.decode()
    assert "12/QĐ-UBND" in client.get(back).content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    told = client.post(f"{bulk}?id={page.pk}&next=/quan-tri/", follow=True)
    assert "12/QĐ-UBND" in told.content.decode()
    assert not Page.objects.get(pk=page.pk).live


def test_what_comes_back_is_what_readers_saw(client, page, boss):
    page.save_revision().publish()
    withdraw(page.pk, boss, **ORDER)
    draft = Page.objects.get(pk=page.pk).specific
    # The editor writes a draft of a page that is not live into its row.
    draft.body = "<p>Bản nháp viết sau.</p>"
    draft.save(clean=False)
    draft.save_revision()
    put_back(page.pk, boss)
    body = client.get(page.url).content.decode()
    assert "Nội dung của trang" in body
    assert "Bản nháp viết sau" not in body
    page.refresh_from_db()
    assert page.has_unpublished_changes
    withdraw(page.pk, boss, **ORDER)
    assert page.withdrawals.count() == 2


def test_an_order_takes_down_every_language_and_copy(client, home, page, boss):
    english = home.get_translations().get().locale
    publish_translation(page, english, {"title": "Figures"})
    twin = page.get_translation(english)
    alias = page.create_alias(parent=home, update_slug="ban-sao")
    urls = [page.url, twin.url, alias.url]
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    withdraw(page.pk, boss, **ORDER)
    assert [client.get(url).status_code for url in urls] == [410, 410, 410]
    assert f'href="{twin.url}" lang="en"' in client.get(page.url).content.decode()
    put_back(page.pk, boss)
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]


@pytest.mark.parametrize("slug", ["ban-chi-dao", "van-ban", "bao-cao", "tin-tuc", "khao-sat"])
def test_the_frame_of_article_6_stays_where_it_is(client, home, boss, slug):
    section = home.get_children().get(slug=slug)
    client.force_login(boss)
    for page in (section, home):
        withdrawal = reverse("page_withdraw", args=[page.pk])
        assert client.post(withdrawal, {**ORDER, "order_date": "02/11/2026"}).status_code in (
            302,
            403,
        )
        moved = client.post(
            reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home.get_parent().pk])
        )
        assert moved.status_code in (302, 403)
        before = (page.path, True)
        page.refresh_from_db()
        assert (page.path, page.live) == before
    assert not section.specific_class.can_create_at(home)
    assert not HomePage.can_create_at(home.get_parent())


def test_a_published_section_is_moved_in_the_admin_and_keeps_its_links_in_both_languages(
    client, home, boss
):
    """Wagtail lets move only what may be deleted; here nothing published may be."""
    english = home.get_translations().get().locale
    source, target = (
        home.get_children().get(slug=slug) for slug in ("tinh-hinh-ket-qua", "kinh-nghiem-mo-hinh")
    )
    section = CategoryPageFactory(parent=source, title="Kết quả", slug="ket-qua")
    below = CategoryPageFactory(parent=section, title="Cấp xã", slug="cap-xa")
    page = StandardPageFactory(parent=below, title="Phường", slug="phuong")
    for made in (section, below, page):
        publish_translation(made, english, {"title": made.title})
    client.force_login(boss)
    for moved, to in (
        (section, target),
        *(((section.get_translation(english)), target.get_translation(english)),),
    ):
        leaf = moved.get_descendants().get(slug="phuong")
        old = leaf.url
        client.get(reverse("wagtailadmin_pages:move", args=[moved.pk]))
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[moved.pk, to.pk]))
        leaf.refresh_from_db()
        assert leaf.url != old
        response = client.get(old)
        assert (response.status_code, response.url) == (301, leaf.url)
        assert client.get(leaf.url).status_code == 200


def test_a_page_at_its_old_name_leads_to_the_new_one(
    client, page, boss, django_capture_on_commit_callbacks
):
    old = page.url
    page.slug = "ten-moi"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    response = client.get(old)
    assert (response.status_code, response.url) == (301, "/ten-moi/")
