"""Articles (Art. 6.2-6.5, 8) and the page that lists them all."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from site_pages.blocks import ArticleBody
from site_pages.fields import ReformField
from site_pages.models import AbstractCategoryPage, PublicPage
from site_pages.search.indexing import Facts
from site_pages.search.models import SearchKind
from site_pages.visibility import newest_first, readable

RELATED = 4


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

    def listed_pages(self, request: HttpRequest) -> models.QuerySet[ArticlePage]:
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
    parent_page_types = ["site_pages.CategoryPage"]
    subpage_types: list[str] = []
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("author"),
                FieldPanel("source_kind"),
                FieldPanel("source_name"),
                FieldPanel("source_url"),
            ],
            heading=_("Author and source (Art. 3.5)"),
        ),
        FieldPanel("event_at"),
        FieldPanel("reform_field"),
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
        return f"{super().text_for_search()} {self.author} {self.source_name} {body}"

    def search_facts(self) -> Facts:
        return Facts(SearchKind.ARTICLE, reform_field=self.reform_field)

    def clean(self) -> None:
        super().clean()
        if self.source_kind == SourceKind.PRESS and not self.source_name:
            raise ValidationError(
                {"source_name": _("Name the official source that is quoted (Art. 3.5).")}
            )

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        siblings = readable(ArticlePage.objects.sibling_of(self, inclusive=False))
        context["category"] = self.get_parent()
        context["related"] = newest_first(siblings)[:RELATED]
        context["address"] = settings.BASE_URL + (self.url or "")
        return context
