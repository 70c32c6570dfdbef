"""What of a published table is public no longer: words and names of opinions since taken back.

The table itself never changes. An opinion that was published before the table stands in it as
readers knew it; one that was hidden, or shown anew since, is asked about again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ..models import Publication, PublishedPlace, PublishedRow
from .table import NAMED
from .words import public_words


@dataclass(frozen=True)
class TakenBack:
    """Rows by their keys."""

    quoting: set[int] = field(default_factory=set)
    # The names that stay, of rows that lost some.
    names: dict[int, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.quoting or self.names)

    def summary_of(self, row: PublishedRow) -> str:
        return "" if row.pk in self.quoting else row.summary

    def names_of(self, row: PublishedRow) -> list[str]:
        return self.names.get(row.pk, row.names)


def taken_back(publication: Publication) -> TakenBack:
    """At most two queries, however large the table is."""
    rows = list(_doubtful_rows(publication))
    quoting = {row.pk for row in rows if row.taken_from and not _is_public(row, publication)}
    return TakenBack(quoting, _names_left([row for row in rows if row.is_name_doubtful]))


def _doubtful_rows(publication: Publication) -> QuerySet[PublishedRow]:
    named = PublishedPlace.objects.filter(
        _doubtful("opinion"), row=OuterRef("pk"), opinion__respondent_kind__in=NAMED
    )
    rows = publication.rows.select_related("taken_from__public")
    rows = rows.annotate(is_name_doubtful=~Q(names=[]) & Exists(named))
    quoted = Q(taken_from__isnull=False) & _doubtful("taken_from")
    return rows.filter(quoted | Q(is_name_doubtful=True))


def _doubtful(opinion: str) -> Q:
    """Hidden, or shown anew since the table was published, perhaps with other masks."""
    since = {f"{opinion}__public__published_at__gte": F("publication__published_at")}
    return Q(**{f"{opinion}__public__isnull": True}) | Q(**since)


def _is_public(row: PublishedRow, publication: Publication) -> bool:
    """Whether readers of the opinion see these very words today."""
    public = getattr(row.taken_from, "public", None)
    if public is None:
        return False
    return public.published_at < publication.published_at or row.summary in public_words(public)


def _names_left(rows: list[PublishedRow]) -> dict[int, list[str]]:
    if not rows:
        return {}
    told = _told_today(rows)
    left = {row.pk: [name for name in row.names if name in told[row.pk]] for row in rows}
    return {row.pk: left[row.pk] for row in rows if left[row.pk] != row.names}


def _told_today(rows: list[PublishedRow]) -> dict[int, set[str]]:
    """Who speaks in a row by name: on paper, or in an opinion that is public."""
    named = Q(opinion__respondent_kind__in=NAMED) | Q(paper__respondent_kind__in=NAMED)
    places = PublishedPlace.objects.filter(named, row__in=rows)
    told: dict[int, set[str]] = defaultdict(set)
    for pk, *names in places.values_list(
        "row",
        "paper__agency__name",
        "paper__name",
        "opinion__public__agency__name",
        "opinion__public__name",
    ):
        told[pk] |= {name for name in names if name}
    return told
