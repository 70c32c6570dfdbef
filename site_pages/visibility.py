"""Which pages a reader without an account may see, decided within the query itself."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import CharField
from wagtail.models import Page, PageViewRestriction

Pages = TypeVar("Pages", bound=QuerySet)


def readable(pages: Pages) -> Pages:
    """Live pages under no view restriction, their own or an ancestor's.

    Wagtail's public() asks for the restrictions in a query of its own at every list.
    """
    return pages.filter(~restriction_on("path"), live=True)


def restriction_on(path: str) -> Exists:
    """Whether the page at the outer query's column `path`, or one above it, is private.

    The private page's path is looked up by its key, not joined: SQLite would read the join
    from the pages' side, every page once for each page of the list.
    """
    private = Page.objects.filter(pk=OuterRef("page_id")).order_by().values("path")
    restricted = PageViewRestriction.objects.annotate(
        asked=ExpressionWrapper(OuterRef(path), output_field=CharField()),
        private=Subquery(private),
    )
    return Exists(restricted.filter(asked__startswith=F("private")))


def newest_first(pages: Pages) -> Pages:
    return pages.order_by(F("first_published_at").desc(nulls_last=True), "-pk")
