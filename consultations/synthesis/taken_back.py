"""What of a published table is public no longer: words and names of opinions since taken back.

The table itself never changes. An opinion that was published before the table stands in it as
readers knew it; one that was hidden, or shown anew since, is asked about again. A summary may
be put together from the words of several: each that was taken back since is compared with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ..models import (
    Decision,
    Opinion,
    PaperOpinion,
    Provision,
    Publication,
    PublicOpinion,
    PublishedPlace,
    PublishedRow,
)
from .table import NAMED
from .words import Secret, public_words, words_of


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
    """Two queries where nothing was taken back, and a few for all the rows that lost something."""
    lost = _lost_voices(publication)
    rows = list(_doubtful_rows(publication, lost))
    quoting = {row.pk for row in rows if row.taken_from and not _is_public(row, publication)}
    quoting |= {row.pk for row in rows if row.pk in lost and _tells(row, lost[row.pk])}
    return TakenBack(quoting, _names_left([row for row in rows if row.is_name_doubtful]))


def _lost_voices(publication: Publication) -> dict[int, list[Opinion]]:
    """By row: opinions in it that were hidden since, or are shown otherwise.

    What was hidden when the table came out is in no summary: the gate saw to that.
    """
    since = Decision.objects.filter(
        opinion__consultation=publication.consultation_id, made_at__gte=publication.published_at
    )
    places = PublishedPlace.objects.filter(
        _doubtful("opinion"),
        publication=publication,
        opinion__in=since.values("opinion"),
        row__isnull=False,
    )
    lost: dict[int, list[Opinion]] = defaultdict(list)
    for place in places.select_related("opinion").prefetch_related("opinion__answers"):
        lost[place.row_id].append(place.opinion)
    return lost


def _doubtful_rows(publication: Publication, lost: Collection[int]) -> QuerySet[PublishedRow]:
    named = PublishedPlace.objects.filter(
        _doubtful("opinion"), row=OuterRef("pk"), opinion__respondent_kind__in=NAMED
    )
    rows = publication.rows.select_related("taken_from__public", "publication")
    rows = rows.annotate(is_name_doubtful=~Q(names=[]) & Exists(named))
    quoted = Q(taken_from__isnull=False) & _doubtful("taken_from")
    return rows.filter(quoted | Q(is_name_doubtful=True) | Q(pk__in=list(lost)))


def _tells(row: PublishedRow, lost: list[Opinion]) -> bool:
    hidden = [words_of(opinion) for opinion in lost]
    if not Secret(hidden, ()).is_told_by(row.summary):
        return False
    return Secret(hidden, _told_by_others(row)).is_told_by(row.summary)


def _told_by_others(row: PublishedRow) -> Iterator[str]:
    """What readers know of the row all the same: who else speaks in it, letters, the draft."""
    in_row = PublishedPlace.objects.filter(row=row)
    shown = PublicOpinion.objects.filter(pk__in=in_row.values("opinion"))
    yield from {public_words(public) for public in shown.iterator()}
    papers = PaperOpinion.objects.filter(pk__in=in_row.values("paper"))
    yield from papers.values_list("text", flat=True)
    drafted = Provision.objects.filter(text_version__consultation=row.publication.consultation_id)
    for heading, text in drafted.values_list("heading", "text").iterator():
        yield f"{heading} {text}"


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
