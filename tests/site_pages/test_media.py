"""Only resized images of pages are files of the web; everything else asks for permission."""

import pytest
from wagtail_factories import ImageFactory

from news.models import ArticlePage
from site_pages.models import CategoryPage
from tests.accounts import user

pytestmark = pytest.mark.django_db


def test_a_picture_of_a_public_page_is_a_file_of_the_web(client, home, settings):
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    image = ImageFactory()
    category = CategoryPage.objects.get(slug="ban-chi-dao", locale=home.locale)
    page = ArticlePage(title="Tin", slug="tin", author="A", locale=home.locale)
    page.body = [("figure", {"image": image, "alt": "Buổi họp", "caption": ""})]
    category.add_child(instance=page)
    response = client.get(image.get_rendition("width-480|format-webp").url)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=604800, s-maxage=60"
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("images/anh.webp", 404),
        ("images/../editions/bao-cao.pdf", 404),
        ("editions/bao-cao.pdf", 404),
        ("documents/mat.pdf", 404),
        ("original_images/goc.jpg", 404),
    ],
)
def test_what_lies_in_media_is_not_all_public(client, home, settings, path, status):
    for folder in ("images", "editions", "documents", "original_images"):
        (settings.MEDIA_ROOT / folder).mkdir(parents=True)
    for name in ("images/anh.webp", "editions/bao-cao.pdf", "documents/mat.pdf"):
        (settings.MEDIA_ROOT / name).write_bytes(b"x")
    assert client.get(f"/media/{path}").status_code == status


def test_sign_in_closes_for_one_name_from_one_address_only(client, home):
    person = user("can.bo", is_superuser=True)
    attempt = {"username": person.username, "password": "sai"}
    for _ in range(6):
        response = client.post("/quan-tri/login/", attempt, REMOTE_ADDR="203.0.113.5")
    assert response.status_code == 429
    right = {"username": person.username, "password": "mat-khau-rat-dai"}
    assert client.post("/quan-tri/login/", right, REMOTE_ADDR="203.0.113.5").status_code == 429
    assert client.post("/quan-tri/login/", right, REMOTE_ADDR="203.0.113.9").status_code == 302
