"""What people seek and do not find, so that editors can mend it."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import connection
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest

from portal import clock
from portal.protection.throttle import hit

from .models import SearchedWords

KEPT_DAYS = 400
PER_HOUR = 60
# Numbers of papers, telephones and accounts however they are parted, addresses of mail:
# not ours to keep.
_PERSONAL = re.compile(r"(?:\d[\W_]*){9,}|\d[\d .-]{6,}\d|\+\d|@|https?:")


def note(request: HttpRequest, words: str, language: str, found: int) -> None:
    """Count a search; what looks personal or comes in floods is not written down."""
    kept = " ".join(words.casefold().split())
    if not kept or len(kept) > 80 or _PERSONAL.search(kept):
        return
    if not hit("search-words", request, PER_HOUR):
        return
    table = SearchedWords._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (day, language, words, times, found) "  # noqa: S608
            "VALUES (%s, %s, %s, 1, %s) ON CONFLICT (day, language, words) "
            f"DO UPDATE SET times = {table}.times + 1, found = excluded.found",
            [clock.today(), language, kept, found],
        )


def sought(days: int, *, only_unfound: bool) -> QuerySet:
    """Words of the last days, the most wanted first: words, language, times, found."""
    since = clock.today() - timedelta(days=days)
    rows = (
        SearchedWords.objects.filter(day__gt=since)
        .values("words", "language")
        .annotate(total=Sum("times"), last_day=Max("day"), most=Max("found"))
        .order_by("-total", "words")
    )
    return rows.filter(most=0) if only_unfound else rows


def purge() -> int:
    return SearchedWords.objects.filter(day__lt=clock.today() - timedelta(days=KEPT_DAYS)).delete()[
        0
    ]
