"""What of a published table is public no longer: words and names of opinions since taken back.

The table itself never changes. An opinion that was published before the table stands in it as
readers knew it; one that was hidden, or shown anew since, is asked about again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F, Q

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
    """At most three queries, however large the table is."""
    rows = publication.rows.filter(_doubtful("taken_from"), taken_from__isnull=False)
    rows = rows.select_related("taken_from__public")
    return TakenBack({row.pk for row in rows if not _is_public(row)}, _names_left(publication))


def _doubtful(opinion: str) -> Q:
    """Hidden, or shown anew since the table was published, perhaps with other masks."""
    since = {f"{opinion}__public__published_at__gte": F("publication__published_at")}
    return Q(**{f"{opinion}__public__isnull": True}) | Q(**since)


def _is_public(row: PublishedRow) -> bool:
    """Whether readers of the opinion see these very words today."""
    public = getattr(row.taken_from, "public", None)
    return public is not None and row.summary in public_words(public)


def _names_left(publication: Publication) -> dict[int, list[str]]:
    places = publication.places.filter(
        _doubtful("opinion"), row__isnull=False, opinion__respondent_kind__in=NAMED
    )
    names = {pk: known for pk, known in places.values_list("row", "row__names") if known}
    if not names:
        return {}
    told = _told_today(names)
    left = {pk: [name for name in known if name in told[pk]] for pk, known in names.items()}
    return {pk: known for pk, known in left.items() if known != names[pk]}


def _told_today(rows: dict[int, list[str]]) -> dict[int, set[str]]:
    """Who speaks in a row by name: on paper, or in an opinion that is public."""
    named = Q(opinion__respondent_kind__in=NAMED) | Q(paper__respondent_kind__in=NAMED)
    places = PublishedPlace.objects.filter(named, row__in=list(rows))
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
