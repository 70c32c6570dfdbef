"""Documents in the admin: columns and filters of the register and of the explorer."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet

from site_pages.admin_listing import ClockColumn, PublicPageFilterSet, with_clock
from site_pages.fields import ReformField

from .intake import RULE, issue_day_ends
from .models import DocumentType, LegalDocumentPage, Level


class DocumentFilterSet(PublicPageFilterSet):
    number = django_filters.CharFilter(label=_("number and symbol"), lookup_expr="icontains")
    issuer = django_filters.CharFilter(label=_("issuer"), lookup_expr="icontains")
    doc_type = django_filters.ChoiceFilter(label=_("type"), choices=DocumentType)
    level = django_filters.ChoiceFilter(label=_("level"), choices=Level)
    reform_field = django_filters.ChoiceFilter(label=_("field of reform"), choices=ReformField)

    class Meta(PublicPageFilterSet.Meta):
        model = LegalDocumentPage


def clocked(pages: QuerySet) -> QuerySet:
    """Adds the 72-hour clock, which starts when the day of issue ends in Hanoi."""
    return with_clock(pages, RULE, issue_day_ends())


class DocumentsByClock:
    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        return super().annotate_queryset(clocked(pages.with_force()))


class DocumentIndex(DocumentsByClock, IndexView):
    pass


class RegisterIndex(DocumentsByClock, ExplorableIndexView):
    pass


COLUMNS = [
    BulkActionsColumn("bulk_actions"),
    PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
    Column("number", label=_("number and symbol"), sort_key="number"),
    Column("issuer", label=_("issuer"), sort_key="issuer"),
    DateColumn("issued_on", label=_("issued on"), sort_key="issued_on"),
    Column("force", label=_("State"), accessor=lambda page: page.force.label),
    ClockColumn("clock", label=_("Clock"), sort_key="due_at"),
    PageStatusColumn("status", label=_("Published"), sort_key="live"),
]


class DocumentListing(PageListingViewSet):
    model = LegalDocumentPage
    name = "legal_documents"
    url_prefix = "van-ban"
    icon = "doc-full"
    menu_label = _("Legal documents")
    menu_order = 120
    add_to_admin_menu = True
    index_view_class = DocumentIndex
    filterset_class = DocumentFilterSet
    columns = COLUMNS


class DocumentViewSet(PageViewSet):
    """The explorer inside the register."""

    model = LegalDocumentPage
    index_view_class = RegisterIndex
    filterset_class = DocumentFilterSet
    columns = COLUMNS
