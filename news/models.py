"""Articles (Art. 6.2-6.5, 8) and the page that lists them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django import forms
from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from portal import clock
from site_pages.blocks import ArticleBody
from site_pages.content_checks import LONG_TEXT, Check, is_weak
from site_pages.fields import ReformField
from site_pages.metadata import Metadata
from site_pages.models import AbstractCategoryPage, PublicPage
from site_pages.pictures import read_renditions
from site_pages.search.indexing import Facts
from site_pages.search.models import SearchKind
from site_pages.timeliness import Timeliness, arrival, timeliness
from site_pages.top_level import section_of
from site_pages.visibility import newest_first, readable

from .sources import OfficialSource
from .templating import ArticleTemplate, TemplatesPanel

RELATED = 4
# From this many headings on an article begins with a list of them.
CONTENTS_FROM = 3
# Cut around the point of interest that the editor set.
SHARED_PICTURE = "fill-1200x630|format-jpeg"
__all__ = ["ArticleTemplate", "OfficialSource"]


class SourceKind(models.TextChoices):
    OWN = "own", _("Written for the portal")
    AGENCY = "agency", _("Sent by an agency")
    PRESS = "press", _("Quoted from an official source")


class NewsIndexPage(AbstractCategoryPage):
    """All articles of all categories, newest first, at /tin-tuc/."""

    parent_page_types = ["site_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news list")

    def listed_pages(self) -> models.QuerySet[ArticlePage]:
        return ArticlePage.latest(self.locale_id)


class ArticlePage(PublicPage):
    """One article in a category of Article 6."""

    author = models.CharField(_("author"), max_length=120, help_text=_("Art. 3.5: always named."))
    source_kind = models.CharField(
        _("kind of source"), max_length=10, choices=SourceKind, default=SourceKind.OWN
    )
    source_name = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Art. 3.5: the official source.")
    )
    source_url = models.URLField(_("address of the source"), blank=True)
    official_source = models.ForeignKey(
        OfficialSource,
        models.PROTECT,
        verbose_name=_("official source"),
        null=True,
        blank=True,
        related_name="articles",
        help_text=_("For what is quoted: choose from the list of official sources."),
    )
    agencies = ParentalManyToManyField(
        "agencies.Agency", verbose_name=_("agencies it is about"), blank=True, related_name="+"
    )
    event_at = models.DateTimeField(
        _("end of the event"),
        null=True,
        blank=True,
        help_text=_("News is to come within 48 hours of the event (Art. 8.1.a)."),
    )
    reform_field = models.CharField(
        _("field of reform"), max_length=15, choices=ReformField, blank=True
    )
    body = StreamField(ArticleBody(), verbose_name=_("text"), blank=True)

    listing_template = "news/article_row.html"
    body_template = "news/article_body.html"
    parent_page_types = ["site_pages.CategoryPage"]
    subpage_types: list[str] = []
    content_panels = [
        TemplatesPanel(heading=_("Begin with a template")),
        *PublicPage.content_panels,
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("author"),
                FieldPanel("source_kind"),
                FieldPanel("official_source"),
                FieldPanel("source_name"),
                FieldPanel("source_url"),
            ],
            heading=_("Author and source (Art. 3.5)"),
        ),
        FieldPanel("event_at"),
        FieldPanel("reform_field"),
        FieldPanel("agencies", widget=forms.SelectMultiple(attrs={"size": 8})),
        InlinePanel(
            "corrections",
            label=_("Correction"),
            help_text=_("What was wrong and how it reads now; readers see it above the text."),
        ),
    ]
    search_fields = [
        *PublicPage.search_fields,
        index.FilterField("reform_field"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    @classmethod
    def latest(cls, locale_id: int) -> models.QuerySet[ArticlePage]:
        return newest_first(readable(cls.objects.filter(locale=locale_id)))

    def text_for_search(self) -> str:
        body = " ".join(self.body.stream_block.get_searchable_content(self.body))
        return f"{super().text_for_search()} {body} {self.author} {self.source}"

    def metadata(self, url: str) -> Metadata:
        more: dict[str, object] = {
            "headline": self.title[:110],
            "author": {"@type": "Person", "name": self.author},
        }
        if self.source_url:
            more["isBasedOn"] = self.source_url
        return replace(
            super().metadata(url),
            creator=self.author,
            source=self.source,
            image=self._lead_picture(),
            schema_type="NewsArticle",
            more=more,
        )

    @property
    def lead_figure(self) -> Mapping | None:
        """The first picture of the text, for those who share or feature the page."""
        figures = (block.value for block in self.body if block.block_type == "figure")
        return next((figure for figure in figures if figure.get("image")), None)

    def _lead_picture(self) -> str:
        figure = self.lead_figure
        if figure is None:
            return ""
        return settings.BASE_URL + figure["image"].get_rendition(SHARED_PICTURE).url

    def search_facts(self) -> Facts:
        return Facts(
            SearchKind.ARTICLE,
            reform_field=self.reform_field,
            agencies=self.agencies.values_list("pk", flat=True),
        )

    def publication_problems(self) -> dict[str, object]:
        """Art. 3.5: author and source of what is reused, and the permission that it wants."""
        problems = super().publication_problems()
        if self.event_at and self.event_at > clock.now():
            problems["event_at"] = _("The event has not ended yet.")
        if self.source_kind == SourceKind.AGENCY and not self.source:
            problems["source_name"] = _("Name the agency that sent this (Art. 3.5).")
        if self.source_kind == SourceKind.PRESS:
            problems |= self._problems_of_source()
        elif self.official_source is not None and self.source_kind == SourceKind.OWN:
            problems["source_kind"] = _("What names a source is not written for the portal.")
        if self.official_source and not self.official_source.permits_on(clock.today()):
            problems["official_source"] = _(
                "This source wants a written permission and none is valid today (Art. 3.5). "
                "Enter the permission with the source, then publish."
            )
        return problems

    def content_checks(self) -> list[Check]:
        found = super().content_checks()
        if self.source_kind == SourceKind.PRESS and not self.source:
            found.append(Check.NO_SOURCE)
        if not self.event_at and self.source_kind == SourceKind.OWN:
            found.append(Check.NO_EVENT_TIME)
        has_headings = any(block.block_type == "heading" for block in self.body)
        if not has_headings and len(self.text_for_search().split()) > LONG_TEXT:
            found.append(Check.NO_HEADINGS)
        if any(is_weak(picture["alt"], picture["caption"]) for picture in self._pictures()):
            found.append(Check.WEAK_ALT)
        return found

    def _headings(self) -> list[tuple[int, str]]:
        """Place and text of the headings, for a list of contents; a short text needs none."""
        found = [
            (place, block.value)
            for place, block in enumerate(self.body, start=1)
            if block.block_type == "heading"
        ]
        return found if len(found) >= CONTENTS_FROM else []

    def _pictures(self) -> Iterator[Mapping]:
        """Every picture of the text, those of galleries too."""
        for block in self.body:
            if block.block_type == "figure":
                yield block.value
            if block.block_type == "gallery":
                yield from block.value["images"]

    def _problems_of_source(self) -> dict[str, object]:
        if self.official_source is None:
            return {"official_source": _("Choose the official source that is quoted (Art. 3.5).")}
        if not self.source_url:
            return {"source_url": _("Give the address of what is quoted (Art. 3.5).")}
        return {}

    @property
    def source(self) -> str:
        """The source as it is shown: from the list, or as the sender named it."""
        return self.official_source.name if self.official_source else self.source_name

    @property
    def timeliness(self) -> Timeliness | None:
        """48 hours from the end of the event (Art. 8.1.a)."""
        return timeliness("news.intake_hours", self.event_at, arrival(self))

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        siblings = readable(ArticlePage.objects.sibling_of(self, inclusive=False))
        context["category"] = section_of(request, self)
        context["related"] = newest_first(siblings)[:RELATED]
        context["corrections"] = self.corrections.all()
        context["headings"] = self._headings()
        read_renditions(picture["image"] for picture in self._pictures())
        return context


class ArticleCorrection(Orderable):
    """A correction that readers see: nothing public is mended in silence (Art. 8.4.d)."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="corrections")
    made_on = models.DateField(_("day"), default=clock.today)
    text = models.CharField(_("what was corrected"), max_length=500)

    panels = [FieldPanel("made_on"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return self.text
