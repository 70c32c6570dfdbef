"""What is uploaded: pictures lose what a camera wrote, and keep what is to be seen."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo
from wagtail.images.models import Image

from tests.accounts import user

pytestmark = pytest.mark.django_db
OWNER = "May anh cua ong An"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{OWNER}</x:xmpmeta>'.encode()


@pytest.fixture(autouse=True)
def boss(client):
    client.force_login(user("quantri", is_superuser=True))


def exif() -> Picture.Exif:
    """Camera, place, and 'turned by a quarter'."""
    made = Picture.Exif()
    made[0x0112] = 6
    made[0x010F] = OWNER
    made.get_ifd(0x8825)[2] = (21.0, 1.0, 30.0)
    return made


def upload(client, name: str, content: bytes):
    file = SimpleUploadedFile(name, content)
    return client.post(
        reverse("wagtailimages:add"), {"title": "Ảnh", "file": file, "collection": 1}, follow=True
    )


def written(format_name: str, picture: Picture.Image | None = None, **options) -> bytes:
    out = io.BytesIO()
    (picture or Picture.new("RGB", (40, 20), "red")).save(out, format_name, **options)
    return out.getvalue()


def as_png() -> bytes:
    told = PngInfo()
    told.add_text("Author", OWNER)
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return written("PNG", exif=exif(), pnginfo=told)


def as_mpo() -> bytes:
    """What phones write: a second picture behind the first."""
    return written(
        "MPO", save_all=True, append_images=[Picture.new("RGB", (40, 20), "blue")], exif=exif()
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", lambda: written("JPEG", exif=exif(), comment=OWNER.encode(), xmp=XMP)),
        ("a.jpg", as_mpo),
        ("a.png", as_png),
        ("a.webp", lambda: written("WEBP", exif=exif(), xmp=XMP)),
    ],
)
def test_place_camera_and_owner_are_gone_and_the_picture_stands(client, name, content):
    before = content()
    assert OWNER.encode() in before
    upload(client, name, before)
    image = Image.objects.get()
    stored = image.file.open().read()
    assert OWNER.encode() not in stored
    picture = Picture.open(io.BytesIO(stored))
    assert not picture.getexif()
    assert (picture.size, image.width, image.height) == ((20, 40), 20, 40)
    assert getattr(picture, "n_frames", 1) == 1


def test_what_is_see_through_stays_so(client):
    picture = Picture.new("P", (4, 4), 0)
    picture.info["transparency"] = 0
    upload(client, "a.png", written("PNG", picture, transparency=0))
    stored = Picture.open(Image.objects.get().file).convert("RGBA")
    assert stored.getpixel((0, 0))[3] == 0


def animated() -> bytes:
    return written("GIF", save_all=True, append_images=[Picture.new("RGB", (40, 20), "blue")])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.gif", animated, "Ảnh động"),
        ("a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPG"),
        ("a.png", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        ("a.jpg", lambda: written("PNG"), "png"),
        ("a.png", lambda: written("PNG", Picture.new("1", (9000, 9000))), "81000000"),
        ("a.jpg", lambda: written("JPEG") + bytes(10 * 1024 * 1024), "10"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(client, name, content, told):
    response = upload(client, name, content())
    assert response.status_code == 200
    assert not Image.objects.exists()
    errors = " ".join(response.context["form"].errors.get("file", []))
    assert told in errors.replace(".", "").replace("\xa0", ""), errors
