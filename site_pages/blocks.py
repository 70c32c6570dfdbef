"""Blocks that articles share; each can be previewed before it is chosen."""

from __future__ import annotations

from decimal import Decimal
from zlib import crc32

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from portal.reporting.charts import BarRow, bars

from .visibility import newest_first, readable

AUDIO = {"mp3", "m4a"}
VIDEO = {"mp4", "webm"}
CAPTIONS = {"vtt"}
SAMPLE = "Bộ phận Một cửa trả kết quả đúng hẹn cho người dân trong ngày."


def _public_pages(count: int, **fields: object) -> list[Page]:
    """Some pages that a preview may show as an example."""
    wanted = Page.objects.filter(depth__gt=2, locale__language_code=settings.LANGUAGE_CODE)
    return list(newest_first(readable(wanted.filter(**fields)))[:count])


class PagesBlock(blocks.StructBlock):
    """Pages that editors choose; the preview shows what is newest."""

    def get_preview_value(self):
        example = {**self.meta.preview_value, "pages": _public_pages(2)}
        return self.normalize(example)


class FileBlock(DocumentChooserBlock):
    """A file of the library whose ending is one of `extensions`."""

    def __init__(self, extensions: set[str], **kwargs) -> None:
        self.extensions = extensions
        super().__init__(**kwargs)

    def deconstruct(self):
        path, _args, kwargs = super().deconstruct()
        return path, [sorted(self.extensions)], kwargs

    def clean(self, value):
        value = super().clean(value)
        if value is not None and value.file_extension.lower() not in self.extensions:
            known = ", ".join(sorted(self.extensions))
            raise ValidationError(_("Choose a file of this kind: %(known)s.") % {"known": known})
        return value


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"))
    source = blocks.CharBlock(label=_("Who says it"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        description = _("Somebody's own words, with who says them.")
        template = "site_pages/blocks/quote.html"
        preview_value = {"text": SAMPLE, "source": "Chủ tịch UBND phường (minh họa)"}


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Text for those who cannot see the image"),
        max_length=200,
        help_text=_("What the image shows, in a sentence."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)
    credit = blocks.CharBlock(label=_("Photographer or source"), required=False, max_length=150)

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A picture with its text for those who cannot see it, and a caption.")
        template = "site_pages/blocks/figure.html"
        preview_value = {"alt": "", "caption": "Chú thích của ảnh", "credit": "Tác giả ảnh"}


class GalleryBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=150)
    images = blocks.ListBlock(FigureBlock(), label=_("Images"), min_num=2, max_num=24)

    class Meta:
        icon = "image"
        label = _("Gallery")
        description = _("Several pictures of one event, side by side.")
        template = "site_pages/blocks/gallery.html"
        preview_value = {
            "title": "Hình ảnh buổi làm việc",
            "images": [{"caption": "Ảnh thứ nhất"}, {"caption": "Ảnh thứ hai"}],
        }


class AudioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=150)
    file = FileBlock(AUDIO, label=_("Audio file (MP3, M4A)"))
    transcript = blocks.RichTextBlock(
        label=_("What is said"),
        features=["bold", "italic", "ul"],
        help_text=_("For those who cannot hear it. Required (WCAG 2.2)."),
    )

    class Meta:
        icon = "media"
        label = _("Audio")
        description = _("A recording with its transcript.")
        template = "site_pages/blocks/audio.html"
        preview_value = {"title": "Bản tin cải cách hành chính", "transcript": f"<p>{SAMPLE}</p>"}


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=150)
    file = FileBlock(VIDEO, label=_("Video file (MP4, WebM)"))
    captions = FileBlock(
        CAPTIONS,
        label=_("Captions (VTT)"),
        help_text=_("The spoken words, timed. Required (WCAG 2.2)."),
    )
    poster = ImageChooserBlock(label=_("Picture before it starts"), required=False)
    transcript = blocks.RichTextBlock(
        label=_("What is said and shown"), features=["bold", "italic", "ul"]
    )

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A film with captions and a transcript.")
        template = "site_pages/blocks/video.html"
        preview_value = {"title": "Hướng dẫn nộp hồ sơ", "transcript": f"<p>{SAMPLE}</p>"}


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("What the table shows"), max_length=200)
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.DecimalBlock(label=_("Number"), required=False)),
        ],
        label=_("Table"),
    )
    source = blocks.CharBlock(label=_("Source of the figures"), required=False, max_length=200)

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Rows and columns; numbers are aligned and written the Vietnamese way.")
        template = "site_pages/blocks/table.html"
        preview_value = {
            "caption": "Hồ sơ theo lĩnh vực",
            "table": {
                "columns": [
                    {"type": "text", "heading": "Lĩnh vực"},
                    {"type": "number", "heading": "Hồ sơ"},
                ],
                "rows": [{"values": ["Hộ tịch", Decimal(1250)]}, {"values": ["Đất đai", 980]}],
            },
            "source": "Số liệu minh họa",
        }


class ChartBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("What the chart finds"),
        max_length=150,
        help_text=_("A sentence: “Hồ sơ trực tuyến tăng ở cả ba lĩnh vực”."),
    )
    unit = blocks.CharBlock(label=_("Unit"), max_length=40, help_text=_("E.g. hồ sơ, %."))
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("label", blocks.CharBlock(label=_("What"), max_length=80)),
                ("value", blocks.DecimalBlock(label=_("How much"))),
            ]
        ),
        label=_("Rows"),
        min_num=2,
        max_num=20,
    )
    source = blocks.CharBlock(label=_("Source of the figures"), max_length=200)

    class Meta:
        icon = "chart-bar"
        label = _("Figures as a chart")
        description = _("Bars drawn from the figures, with the figures as a table.")
        template = "site_pages/blocks/chart.html"
        preview_value = {
            "title": "Hồ sơ trực tuyến tăng ở cả hai lĩnh vực",
            "unit": "hồ sơ",
            "rows": [
                {"label": "Hộ tịch", "value": Decimal(1250)},
                {"label": "Đất đai", "value": Decimal(980)},
            ],
            "source": "Số liệu minh họa",
        }

    def get_context(self, value, parent_context=None) -> dict:
        context = super().get_context(value, parent_context)
        rows = [BarRow(row["label"], Decimal(row["value"])) for row in value["rows"]]
        context["chart"] = bars(
            rows,
            title=value["title"],
            source=value["source"],
            unit=value["unit"],
            chart_id=f"bieu-do-{crc32(value['title'].encode()):x}",
        )
        return context


class AttachmentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Attachment")
        description = _("A file to download, with its kind and size.")
        template = "site_pages/blocks/attachment.html"
        preview_value = {"title": "Phụ lục kèm theo"}


class RelatedBlock(PagesBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=100, default="Xem thêm")
    pages = blocks.ListBlock(blocks.PageChooserBlock(), label=_("Pages"), min_num=1, max_num=6)

    class Meta:
        icon = "link"
        label = _("Related pages")
        description = _("Links to other pages of the portal; what is not public is not shown.")
        template = "site_pages/blocks/related.html"
        preview_value = {"title": "Xem thêm", "pages": []}


class ArticleBody(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(
        label=_("Text"),
        features=["bold", "italic", "ol", "ul", "link", "document-link"],
        description=_("Paragraphs, lists and links."),
        preview_value=f"<p>{SAMPLE}</p><ul><li>Nộp hồ sơ</li><li>Nhận giấy hẹn</li></ul>",
    )
    heading = blocks.CharBlock(
        label=_("Heading"),
        icon="title",
        max_length=150,
        template="site_pages/blocks/heading.html",
        description=_("A heading within the text; longer articles get a list of them."),
        preview_value="Người dân cần biết gì",
    )
    quote = QuoteBlock(group=_("Text"))
    figure = FigureBlock(group=_("Pictures and sound"))
    gallery = GalleryBlock(group=_("Pictures and sound"))
    audio = AudioBlock(group=_("Pictures and sound"))
    video = VideoBlock(group=_("Pictures and sound"))
    table = TableBlock(group=_("Figures"))
    chart = ChartBlock(group=_("Figures"))
    attachment = AttachmentBlock(group=_("Links"))
    related = RelatedBlock(group=_("Links"))


class NoticeBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"), max_length=300)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)

    class Meta:
        icon = "warning"
        label = _("Notice")
        description = _("A short notice that every reader should see first.")
        template = "site_pages/blocks/notice.html"
        preview_value = {"text": "Trang thông tin tạm dừng từ 22 giờ để bảo trì."}


class FeaturedBlock(PagesBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=100)
    pages = blocks.ListBlock(blocks.PageChooserBlock(), label=_("Pages"), min_num=1, max_num=6)

    class Meta:
        icon = "pick"
        label = _("Featured")
        description = _("Pages that the editors put forward, in their order.")
        template = "site_pages/blocks/featured.html"
        preview_value = {"title": "Nổi bật", "pages": []}


class SectionBlock(blocks.StructBlock):
    section = blocks.PageChooserBlock(label=_("Section"), page_type="site_pages.CategoryPage")
    count = blocks.IntegerBlock(label=_("How many"), min_value=1, max_value=12, default=4)

    class Meta:
        icon = "list-ul"
        label = _("Newest of a section")
        description = _("The newest items of a section, always up to date.")
        template = "site_pages/blocks/section.html"
        preview_value = {"count": 4}

    def get_preview_value(self):
        """A section that has something to show."""
        kind = {"content_type__app_label": "site_pages", "content_type__model": "categorypage"}
        found = _public_pages(1, numchild__gt=0, **kind) or _public_pages(1, **kind)
        section = found[0].specific if found else None
        return self.normalize({**self.meta.preview_value, "section": section})

    def get_context(self, value, parent_context=None) -> dict:
        context = super().get_context(value, parent_context)
        section = value.get("section")
        if section is not None and section.live:
            context["items"] = section.specific.newest(value["count"])
        return context


class LinksBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=100)
    links = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("text", blocks.CharBlock(label=_("Text"), max_length=100)),
                ("url", blocks.URLBlock(label=_("Address"))),
            ]
        ),
        label=_("Links"),
        max_num=12,
    )

    class Meta:
        icon = "link"
        label = _("Links")
        description = _("Links to portals of other agencies.")
        template = "site_pages/blocks/links.html"
        preview_value = {
            "title": "Liên kết",
            "links": [{"text": "Cổng Dịch vụ công quốc gia", "url": "https://dichvucong.gov.vn"}],
        }


class HomeBlocks(blocks.StreamBlock):
    """What the editors put on the home page, between what waits and what is new."""

    notice = NoticeBlock()
    featured = FeaturedBlock()
    section = SectionBlock()
    links = LinksBlock()
