"""Readers' satisfaction with the information (Decree 224/2026, Art. 10.3.b), by nobody's name.

Only counts are kept: page, day, level. The form stands on cached pages, so it has no
token and no cookie; a foreign page cannot send it (Origin, Sec-Fetch-Site), a second
click counts nothing, and one address counts a few times an hour for a page.
"""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

from django.db import connection, models
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal import clock
from portal.protection.throttle import hit

PER_PAGE_AND_HOUR = 3
PER_HOUR = 30


class Level(models.IntegerChoices):
    DISSATISFIED = 1, _("Not satisfied")
    NEUTRAL = 2, _("Neither")
    SATISFIED = 3, _("Satisfied")


class RatingCount(models.Model):
    """How often a page was rated so on a day."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="rating_counts")
    day = models.DateField()
    level = models.PositiveSmallIntegerField(choices=Level)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "site_pages"
        constraints = [
            models.UniqueConstraint(fields=["page", "day", "level"], name="rating_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.day} {self.level}: {self.n}"


def is_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent the form; a browser says so, a foreign page cannot."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}"
    return origin == here or origin.startswith(f"{here}/")


def rate(request: HttpRequest, page: Page, level: Level) -> bool:
    """Count one rating; False where this reader or address has rated the page already.

    A reader is a browser at an address: a second click counts nothing, while an office
    behind one address is heard a few times.
    """
    browser = crc32(request.headers.get("User-Agent", "").encode())
    if not hit(f"rating-{page.pk}-{browser:x}", request, 1):
        return False
    if not hit("rating", request, PER_HOUR):
        return False
    if not hit(f"rating-{page.pk}", request, PER_PAGE_AND_HOUR):
        return False
    table = RatingCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (page_id, day, level, n) VALUES (%s, %s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (page_id, day, level) DO UPDATE SET n = {table}.n + 1",
            [page.pk, clock.today(), level.value],
        )
    return True


def rated(days: int) -> models.QuerySet:
    """Pages with their counts of the last days, the most unsatisfied first."""
    since = clock.today() - timedelta(days=days)
    counted = {
        f"level_{level.value}": Sum(
            "rating_counts__n",
            filter=models.Q(rating_counts__level=level, rating_counts__day__gt=since),
            default=0,
        )
        for level in Level
    }
    pages = Page.objects.annotate(
        **counted, total=models.F("level_1") + models.F("level_2") + models.F("level_3")
    )
    return pages.filter(total__gt=0).order_by("-level_1", "-total", "pk")
