"""Articles in the admin: columns, filters, and the ready-made beginnings of a new one."""

from __future__ import annotations

import django_filters
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import (
    BulkActionsColumn,
    PageStatusColumn,
    PageTitleColumn,
    PageTypeColumn,
    ParentPageColumn,
)
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.models import Page

from site_pages.admin_listing import (
    ClockColumn,
    PublicPageFilterSet,
    SectionFilter,
    with_clock,
)
from site_pages.fields import ReformField
from site_pages.models import CategoryPage

from .intake import RULE
from .models import ArticlePage, ArticleTemplate, SourceKind


class AuthorFilter(django_filters.CharFilter):
    """Part of the name of the author or of the source."""

    def filter(self, pages: QuerySet, value: str) -> QuerySet:
        if not value:
            return pages
        named = Q(author__icontains=value) | Q(source_name__icontains=value)
        named |= Q(official_source__name__icontains=value)
        return pages.filter(pk__in=ArticlePage.objects.filter(named).values("pk"))


class ArticleFilterSet(PublicPageFilterSet):
    section = SectionFilter()
    author = AuthorFilter(label=_("Author or source"))
    source_kind = django_filters.ChoiceFilter(label=_("kind of source"), choices=SourceKind)
    reform_field = django_filters.ChoiceFilter(label=_("field of reform"), choices=ReformField)

    class Meta(PublicPageFilterSet.Meta):
        model = ArticlePage


class SectionFilterSet(PublicPageFilterSet):
    author = AuthorFilter(label=_("Author or source"))


TITLE = PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title")
AUTHOR = Column("author", label=_("author"), accessor=lambda page: getattr(page, "author", ""))
CLOCK = ClockColumn("clock", label=_("Clock"), sort_key="due_at")
UPDATED = DateColumn(
    "latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"
)
STATE = PageStatusColumn("status", label=_("State"), sort_key="live")


class ArticleIndex(IndexView):
    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        return super().annotate_queryset(with_clock(pages, RULE, F("event_at")))


class ArticleListing(PageListingViewSet):
    """Every article, wherever it stands in the tree."""

    model = ArticlePage
    name = "articles"
    url_prefix = "tin-bai"
    icon = "doc-full-inverse"
    menu_label = _("Articles")
    menu_order = 110
    add_to_admin_menu = True
    index_view_class = ArticleIndex
    filterset_class = ArticleFilterSet
    columns = [
        BulkActionsColumn("bulk_actions"),
        TITLE,
        ParentPageColumn("parent", label=_("Section")),
        AUTHOR,
        CLOCK,
        UPDATED,
        STATE,
    ]


class SectionIndex(ExplorableIndexView):
    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        event = ArticlePage.objects.filter(pk=OuterRef("pk")).values("event_at")
        return super().annotate_queryset(with_clock(pages, RULE, Subquery(event)))


class SectionViewSet(PageViewSet):
    """The explorer inside a section: its articles and its sub-sections."""

    model = CategoryPage
    parent_models = [CategoryPage]
    index_view_class = SectionIndex
    filterset_class = SectionFilterSet
    columns = [
        BulkActionsColumn("bulk_actions"),
        TITLE,
        ParentPageColumn("parent", label=_("Section")),
        AUTHOR,
        CLOCK,
        UPDATED,
        PageTypeColumn("type", label=_("Type"), accessor="page_type_display_name"),
        STATE,
    ]

    @cached_property
    def index_view(self):
        kwargs = self.get_index_view_kwargs(model=Page)
        return self.construct_view(self.index_view_class, **kwargs)

    @cached_property
    def index_results_view(self):
        kwargs = self.get_index_view_kwargs(model=Page)
        return self.construct_view(self.index_view_class, **kwargs, results_only=True)


class CreateArticle(CreateView):
    """A new article may begin with the blocks of a ready-made template: ?mau=<id>."""

    def get(self, request):
        number = request.GET.get("mau", "")
        if number.isascii() and number.isdecimal() and len(number) < 10:
            chosen = ArticleTemplate.objects.filter(pk=int(number)).first()
            if chosen:
                self.page.body = chosen.body
        return super().get(request)


class ArticleViewSet(PageViewSet):
    model = ArticlePage
    parent_models: list[type[Page]] = []
    add_view_class = CreateArticle
