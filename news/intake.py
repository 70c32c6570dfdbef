"""The 48 hours of news (Art. 8.1.a), for lists and for the editorial room."""

from __future__ import annotations

from django.db.models import F, OuterRef, Subquery
from django.db.models.expressions import Combinable

from editorial import clocks

from .models import ArticlePage

RULE = "news.intake_hours"


def first_agency() -> Combinable:
    """The agency that the article is about; the first in official order where there are more."""
    links = ArticlePage.agencies.through.objects.filter(articlepage=OuterRef("pk"))
    links = links.order_by("agency__kind_order", "agency__official_order", "agency")
    return Subquery(links.values("agency__name")[:1])


clocks.register(ArticlePage, RULE, lambda: F("event_at"), first_agency)
