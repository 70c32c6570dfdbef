"""Articles and their list."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image, Rendition
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail_factories import ImageFactory

from news.models import ArticleCorrection, ArticlePage
from news.sources import OfficialSource, SourcePermission
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from site_pages import tree
from site_pages.blocks import ArticleBody
from site_pages.models import CategoryPage, HomePage
from tests.accounts import user
from tests.pages import assert_lean, assert_valid_html

pytestmark = pytest.mark.django_db
ATTRIBUTION = "Nguồn: Trang thông tin Cải cách hành chính nhà nước thành phố Hà Nội"


@pytest.fixture
def category() -> CategoryPage:
    tree.lay()
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


def write(category, n: int = 1, **fields) -> ArticlePage:
    values = {
        "title": f"Tin “số {n}” <b>đậm</b>",
        "slug": f"tin-{n}",
        "author": "Nguyễn Văn Ửng",
        "abstract_text": "Tóm tắt có <script> và dấu.",
        "locale": category.locale,
        "body": [("heading", "Đề mục"), ("paragraph", RichText("<p>Nội dung đặc biệt.</p>"))],
    }
    return category.add_child(instance=ArticlePage(**{**values, **fields}))


def library_file(name: str, content: bytes = b"x") -> Document:
    document = Document(title=name)
    document.file.save(name, ContentFile(content))
    document.save()
    return document


def test_an_article_shows_author_date_category_and_how_to_cite(client, category):
    response = client.get(write(category).url)
    html = response.content.decode()
    assert_valid_html(response)
    assert_lean(response)
    for words in ["Nguyễn Văn Ửng", "Tình hình và kết quả", ATTRIBUTION, "Đề mục"]:
        assert words in html
    assert "<script> và" not in html


def test_it_is_listed_in_its_category_and_among_all_news(client, category):
    article = write(category)
    for url in (category.url, "/tin-tuc/", "/"):
        assert article.url in client.get(url).content.decode()
    assert article.url not in client.get("/ban-chi-dao/").content.decode()


def test_a_draft_is_nowhere(client, category):
    article = write(category, live=False)
    for url in (category.url, "/tin-tuc/", "/", "/tim-kiem/?q=tin"):
        assert "tin-1" not in client.get(url).content.decode()
    assert client.get(f"{category.url}tin-1/").status_code == 404
    assert not article.live


def test_its_text_is_found_without_marks(client, category):
    write(category)
    assert "tin-1" in client.get("/tim-kiem/", {"q": "noi dung dac biet"}).content.decode()


def test_a_quoted_article_names_an_official_source(category):
    with pytest.raises(ValidationError) as refused:
        write(category, source_kind="press")
    assert "official_source" in refused.value.message_dict


def test_a_source_that_wants_a_permission_is_not_published_without_one(category, at):
    at("2026-11-20 09:00")
    source = OfficialSource.objects.create(
        name="Báo minh họa", kind="press", requires_permission=True
    )
    quoted = {
        "source_kind": "press",
        "official_source": source,
        "source_url": "https://bao.example/1",
    }
    draft = write(category, live=False, **quoted)
    with pytest.raises(ValidationError) as refused:
        draft.save_revision().publish()
    assert "khoản 5" in refused.value.message_dict["official_source"][0]
    draft.refresh_from_db()
    assert not draft.live
    permission = SourcePermission.objects.create(
        source=source, number="12/VB", issued_on=date(2026, 1, 1), valid_until=date(2026, 11, 19)
    )
    with pytest.raises(ValidationError):
        draft.save_revision().publish()
    permission.valid_until = date(2026, 11, 20)
    permission.save()
    draft.save_revision().publish()
    assert ArticlePage.objects.get(pk=draft.pk).live


def test_the_editor_is_told_at_the_field_and_loses_nothing(client, category):
    client.force_login(user("quantri", is_superuser=True))
    posted = nested_form_data(
        {
            "title": "Bài trích dẫn",
            "slug": "bai-trich-dan",
            "author": "An",
            "source_kind": "press",
            "body": streamfield([("paragraph", rich_text("<p>chu da go</p>"))]),
            "corrections": inline_formset([]),
            "comments": inline_formset([]),
        }
    )
    url = reverse("wagtailadmin_pages:add", args=["news", "articlepage", category.pk])
    refused = client.post(url, {**posted, "action-publish": "1"})
    assert refused.status_code == 200
    assert "official_source" in refused.context["form"].errors
    assert "chu da go" in refused.content.decode()
    assert not ArticlePage.objects.exists()
    saved = client.post(url, posted)
    assert saved.status_code == 302, saved.context["form"].errors
    assert not ArticlePage.objects.get().live


def test_every_block_is_drawn_and_valid(client, category):
    image = ImageFactory()
    video, captions, audio = (library_file(name) for name in ("a.mp4", "a.vtt", "a.mp3"))
    other = write(category, 2)
    hidden = write(category, 3, live=False)
    figure = {"image": image, "alt": "Cán bộ hướng dẫn", "caption": "Chú thích", "credit": "Lê A"}
    page = write(
        category,
        body=[
            ("paragraph", RichText("<p>Mở đầu</p>")),
            ("quote", {"text": "Lời nói", "source": "Một người"}),
            ("figure", figure),
            ("gallery", {"title": "Bộ ảnh", "images": [figure, figure]}),
            ("audio", {"title": "Bản tin", "file": audio, "transcript": RichText("<p>Lời</p>")}),
            (
                "video",
                {
                    "title": "Phim",
                    "file": video,
                    "captions": captions,
                    "poster": image,
                    "transcript": RichText("<p>Lời thoại</p>"),
                },
            ),
            (
                "chart",
                {
                    "title": "Hồ sơ tăng",
                    "unit": "hồ sơ",
                    "source": "Minh họa",
                    "rows": [{"label": "Một", "value": "1234.5"}, {"label": "Hai", "value": "-3"}],
                },
            ),
            ("attachment", {"document": library_file("phu-luc.pdf"), "title": ""}),
            ("related", {"title": "Xem thêm", "pages": [other, hidden]}),
        ],
    )
    page.body.append(
        (
            "table",
            {
                "caption": "Bảng số liệu",
                "table": page.body.stream_block.child_blocks["table"]
                .child_blocks["table"]
                .normalize(
                    {
                        "columns": [
                            {"type": "text", "heading": "Lĩnh vực"},
                            {"type": "number", "heading": "Hồ sơ"},
                        ],
                        "rows": [{"values": ["Hộ tịch", Decimal("1234.5")]}],
                    }
                ),
                "source": "Minh họa",
            },
        )
    )
    page.save()
    response = client.get(page.url)
    body = response.content.decode()
    assert_valid_html(response)
    assert body.count("<picture>") == 3
    for words in ["image/avif", "image/webp", "srcset", 'alt="Cán bộ hướng dẫn"', "1.234,5", "−3"]:
        assert words in body
    assert '<track kind="captions"' in body
    assert other.url in body
    assert hidden.slug not in body


def test_a_video_block_takes_only_video(category):
    block = ArticleBody().child_blocks["video"].child_blocks["file"]
    with pytest.raises(ValidationError):
        block.clean(library_file("a.pdf"))
    assert block.clean(library_file("b.webm"))


def test_every_block_can_be_previewed(client, category):
    client.force_login(user("quantri", is_superuser=True))
    for model, field in [(ArticlePage, "body"), (HomePage, "blocks")]:
        for block in model._meta.get_field(field).stream_block.child_blocks.values():
            assert block.is_previewable, block.name
            url = reverse("wagtailadmin_block_preview")
            response = client.get(url, {"id": block.definition_prefix})
            assert response.status_code == 200, block.name
            assert block.meta.description or block.get_description()


def test_previews_of_chosen_pages_show_pages(client, category):
    client.force_login(user("quantri", is_superuser=True))
    shown = write(category)
    shown.save_revision().publish()
    for name in ("related", "featured", "section"):
        model, field = (ArticlePage, "body") if name == "related" else (HomePage, "blocks")
        block = model._meta.get_field(field).stream_block.child_blocks[name]
        url = reverse("wagtailadmin_block_preview")
        body = client.get(url, {"id": block.definition_prefix}).content.decode()
        assert shown.url in body, name


def test_an_article_says_when_it_was_changed_and_where_its_headings_are(client, category, at):
    page = write(
        category,
        body=[("heading", "Một"), ("heading", "Hai"), ("heading", "Ba")],
        live=False,
    )
    page.save_revision().publish()
    first = client.get(page.url).content.decode()
    assert "Cập nhật" not in first
    assert '<a href="#de-muc-3">Ba</a>' in first
    page = ArticlePage.objects.get(pk=page.pk)
    page.body = [("heading", "Một"), ("figure", {"image": ImageFactory(), "alt": "Họp"})]
    page.save_revision().publish()
    response = client.get(page.url)
    assert_valid_html(response)
    body = response.content.decode()
    assert "Cập nhật" in body
    assert "de-muc-3" not in body
    assert 'loading="eager"' in body


def test_pasted_control_characters_do_not_break_the_feed(client, category):
    write(category, title="Tin\x0b có ký tự lạ", abstract_text="a\x1fb")
    assert "Tin có ký tự lạ" in client.get("/rss/tinh-hinh-ket-qua/").content.decode()


def test_an_address_is_made_of_plain_letters(category):
    page = write(category, title="Đổi mới “một cửa” ở xã Ba Vì", slug="")
    assert page.slug == "doi-moi-mot-cua-o-xa-ba-vi"


def test_a_film_is_served_in_pieces(client, category):
    film = library_file("phim.mp4", b"0123456789" * 100)
    write(category, body=[("attachment", {"document": film, "title": "Phim"})])
    for asked, status, body in [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=-2", 206, b"89"),
        ("bytes=998-", 206, b"89"),
        ("bytes=1000-", 416, b""),
        ("bytes=5-2", 416, b""),
        ("lines=1-2", 416, b""),
    ]:
        response = client.get(film.url, headers={"Range": asked})
        assert response.status_code == status
        assert response.content == body


def test_an_upload_loses_place_and_camera(client, db):
    client.force_login(user("quantri", is_superuser=True))
    picture = Picture.new("RGB", (40, 20), "red")
    exif = picture.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "Máy ảnh của ông An"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 30.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    file = SimpleUploadedFile("anh.jpg", out.getvalue(), "image/jpeg")
    client.post(
        reverse("wagtailimages:add"),
        {"title": "Ảnh", "file": file, "collection": 1},
        follow=True,
    )
    stored = Picture.open(Image.objects.get(title="Ảnh").file)
    assert not stored.getexif()
    assert b"An" not in Image.objects.get().file.open().read()
    # It stands as it was seen: turned by a quarter.
    assert stored.size == (20, 40)


def test_a_correction_stands_above_the_text(client, category):
    page = write(category)
    page.corrections.add(ArticleCorrection(made_on=date(2026, 11, 2), text="Sửa số hồ sơ."))
    page.save_revision().publish()
    body = client.get(page.url).content.decode()
    assert body.index("Sửa số hồ sơ.") < body.index("Nội dung đặc biệt.")
    assert "02/11/2026" in body


def test_lists_narrow_by_field_agency_and_year(client, category, at):
    agency = Agency.objects.first()
    mine = write(category, 1, reform_field="digital")
    mine.agencies.add(agency)
    mine.save()
    other = write(category, 2, reform_field="institutions")
    for query in ({"linhvuc": "digital"}, {"coquan": agency.code}):
        body = client.get(category.url, query).content.decode()
        assert mine.url in body
        assert other.url not in body
    found = client.get("/tim-kiem/", {"q": "dac biet", "coquan": agency.code})
    assert [row.entry.page_id for row in found.context["rows"]] == [mine.pk]


@pytest.mark.parametrize("count", [5, 45])
def test_lists_cost_the_same_however_long(client, category, count, django_assert_max_num_queries):
    for n in range(count):
        write(category, n)
    for url in ("/tin-tuc/", category.url, "/"):
        client.get(url)
        with django_assert_max_num_queries(15):
            client.get(url)


@pytest.mark.parametrize("count", [2, 20])
def test_many_pictures_are_drawn_by_the_queue_and_read_at_once(
    client, category, count, django_assert_max_num_queries
):
    images = [
        {"image": ImageFactory(title=f"Ảnh {n}"), "alt": f"Buổi làm việc {n}", "caption": ""}
        for n in range(count)
    ]
    page = write(category, body=[("gallery", {"title": "Hình ảnh", "images": images})])
    with transaction.atomic():
        page.save_revision().publish()
    drain()
    assert Rendition.objects.filter(filter_spec="format-avif|width-800").count() == count
    client.get(page.url)  # content types and site roots are read once a process
    drawn = Rendition.objects.count()
    with django_assert_max_num_queries(15):
        html = client.get(page.url).content.decode()
    # Two more fill what Wagtail keeps of sites for an hour; then fifteen are never passed.
    cache.clear()
    with django_assert_max_num_queries(15 + 2):
        client.get(page.url)
    assert html.count("<picture>") == count
    assert Rendition.objects.count() == drawn
