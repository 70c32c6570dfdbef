"""Pictures and documents are public with a public page, and kept once they were."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail_factories import ImageFactory

from news.models import ArticlePage
from site_pages.models import CategoryPage
from site_pages.withdrawal import put_back, withdraw
from tests.accounts import staff, user

ADMIN = {"image": "wagtailimages", "document": "wagtaildocs"}
ORDER = {
    "authority": "UBND Thành phố",
    "order_number": "12/QĐ-UBND",
    "order_date": date(2026, 11, 2),
    "reason": "Ảnh có người chưa đồng ý.",
}


@pytest.fixture(autouse=True)
def on_disk(settings) -> None:
    """Files are served from where they lie."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}


@pytest.fixture
def boss(home):
    return user("quantri", is_superuser=True)


@pytest.fixture
def files(home):
    document = Document(title="Phụ lục")
    document.file.save("phu-luc.pdf", ContentFile(b"%PDF-1.7 a"))
    document.save()
    return {"image": ImageFactory(title="Ảnh"), "document": document}


def article(home, files: dict, **fields) -> ArticlePage:
    category = CategoryPage.objects.get(slug="ban-chi-dao", locale=home.locale)
    return category.add_child(
        instance=ArticlePage(
            title="Tin có tệp",
            slug=fields.pop("slug", "tin-co-tep"),
            author="Lê A",
            locale=home.locale,
            body=[
                ("figure", {"image": files["image"], "alt": "Buổi họp", "caption": ""}),
                ("attachment", {"document": files["document"], "title": ""}),
            ],
            **fields,
        )
    )


def addresses(files: dict) -> list[str]:
    return [files["image"].get_rendition("width-480|format-webp").url, files["document"].url]


def answers(client, files: dict) -> list[int]:
    return [client.get(url).status_code for url in addresses(files)]


def test_files_of_a_draft_are_for_those_who_work_on_it(client, home, files):
    article(home, files, live=False)
    assert answers(client, files) == [404, 404]
    client.force_login(user("doc.gia"))
    assert answers(client, files) == [404, 404]
    client.force_login(staff("bien.tap"))
    assert answers(client, files) == [200, 200]
    picture = client.get(addresses(files)[0])
    assert picture["Cache-Control"] == "private, no-store"


def test_files_that_no_page_uses_are_not_public(client, home, files):
    assert answers(client, files) == [404, 404]


def test_files_of_a_withdrawn_page_go_with_it_and_come_back_with_it(client, home, files, boss, at):
    at("2026-11-20 09:00")
    page = article(home, files)
    assert answers(client, files) == [200, 200]
    for url in addresses(files):
        assert not client.get(url).cookies
    withdraw(page.pk, boss, **ORDER)
    assert answers(client, files) == [404, 404]
    assert client.get(page.url).status_code == 410
    put_back(page.pk, boss)
    assert answers(client, files) == [200, 200]


def test_a_file_stays_public_with_the_other_page_that_shows_it(client, home, files, boss, at):
    at("2026-11-20 09:00")
    page = article(home, files)
    article(home, files, slug="tin-khac")
    withdraw(page.pk, boss, **ORDER)
    assert answers(client, files) == [200, 200]


def test_what_was_public_once_is_not_deleted_after_it_left_its_page(client, home, files, boss):
    page = article(home, files)
    page.body = [("paragraph", "<p>Không còn tệp.</p>")]
    page.save_revision().publish()
    client.force_login(boss)
    for kind, app in ADMIN.items():
        client.post(reverse(f"{app}:delete", args=[files[kind].pk]))
        bulk = reverse(
            "wagtail_bulk_action", args=[type(files[kind])._meta.app_label, kind, "delete"]
        )
        client.post(f"{bulk}?id={files[kind].pk}&next=/quan-tri/")
        with pytest.raises(ProtectedError), transaction.atomic():
            files[kind].delete()
    assert (Image.objects.count(), Document.objects.count()) == (1, 1)


def test_what_nobody_saw_may_be_deleted(client, home, files, boss):
    client.force_login(boss)
    for kind, app in ADMIN.items():
        client.post(reverse(f"{app}:delete", args=[files[kind].pk]))
    assert (Image.objects.count(), Document.objects.count()) == (0, 0)


def test_a_file_that_readers_have_is_not_exchanged_under_its_address(client, home, files, boss):
    article(home, files)
    client.force_login(boss)
    document = files["document"]
    new = SimpleUploadedFile("khac.pdf", b"%PDF-1.7 b", "application/pdf")
    refused = client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        {"title": "Phụ lục", "file": new, "collection": 1},
    )
    assert "Điều 8 khoản 5" in refused.content.decode()
    document.refresh_from_db()
    assert document.file.open().read() == b"%PDF-1.7 a"
    renamed = client.post(
        reverse("wagtaildocs:edit", args=[document.pk]), {"title": "Phụ lục 1", "collection": 1}
    )
    assert renamed.status_code == 302
    before = files["image"].file.name
    picture = SimpleUploadedFile("khac.jpg", ImageFactory.build().file.read(), "image/jpeg")
    refused = client.post(
        reverse("wagtailimages:edit", args=[files["image"].pk]),
        {"title": "Ảnh", "file": picture, "collection": 1},
    )
    assert refused.status_code == 200
    assert Image.objects.get(pk=files["image"].pk).file.name == before
