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
from site_pages.withdrawal import put_back, withdraw
from tests.accounts import staff, user
from tests.pages import assert_valid_html
from tests.site_pages.factories import StandardPageFactory

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
