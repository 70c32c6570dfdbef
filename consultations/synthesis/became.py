"""What became of one opinion, for whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..commenting.following import Outcome
from ..models import Opinion, OpinionState, Publication, PublishedPlace, PublishedRow


class Standing(Enum):
    WITHDRAWN = "withdrawn"
    RECEIVED = "received"
    SORTED = "sorted"
    ANSWERED = "answered"
    LEFT_OUT = "left-out"


@dataclass(frozen=True)
class Became:
    """Answers are told only once all of them are public; before that, how far it is."""

    standing: Standing
    rows: list[PublishedRow] = field(default_factory=list)
    exclusion: str = ""
    note: str = ""
    published_at: datetime | None = None
    edition: int = 0
    # How many rows it was sorted into, while the answers are being written.
    points: int = 0

    @property
    def code(self) -> str:
        return self.standing.value


def became_of(opinion: Opinion) -> Became:
    """At most three queries."""
    if opinion.state == OpinionState.WITHDRAWN:
        return Became(Standing.WITHDRAWN)
    publication = (
        Publication.objects.filter(consultation=opinion.consultation_id).order_by("-number").first()
    )
    if publication:
        return _answered(opinion, publication)
    account = getattr(opinion, "account", None)
    if account is None or account.settled_at is None:
        return Became(Standing.RECEIVED)
    rows = account.points.exclude(row=None).values("row").distinct().count()
    return Became(Standing.SORTED, points=rows)


def _answered(opinion: Opinion, publication: Publication) -> Became:
    places = PublishedPlace.objects.filter(publication=publication, opinion=opinion)
    found = list(
        places.select_related("row__provision", "row__final_provision").order_by("row__position")
    )
    told = {"published_at": publication.published_at, "edition": publication.number}
    if not found:
        return Became(Standing.RECEIVED, **told)
    left_out = next((place for place in found if place.row is None), None)
    if left_out:
        return Became(
            Standing.LEFT_OUT,
            exclusion=left_out.get_exclusion_display(),
            note=left_out.exclusion_note,
            **told,
        )
    return Became(Standing.ANSWERED, [place.row for place in found], **told)


def outcomes(opinion: Opinion) -> list[Outcome]:
    """What the private page of the receipt's code tells."""
    became = became_of(opinion)
    if became.standing is Standing.ANSWERED:
        page = opinion.consultation.pages.filter(live=True).order_by("pk").first()
        url = f"{page.url}ket-qua/" if page else ""
        return [_answer(row, url) for row in became.rows]
    if became.standing is Standing.LEFT_OUT:
        title = _("Read, and in no row of the table: %(why)s") % {"why": became.exclusion}
        return [Outcome(title, became.note)]
    if became.standing is Standing.SORTED:
        text = ngettext(
            "It is assigned to %(n)d point of the table. The answers are published all at once.",
            "It is assigned to %(n)d points of the table. The answers are published all at once.",
            became.points,
        )
        return [Outcome(_("Being answered"), text % {"n": became.points})]
    return []


def _answer(row: PublishedRow, url: str) -> Outcome:
    place = row.place or _("On the whole")
    text = row.reasons
    if row.changed_where:
        text += "\n" + _("Where the text is changed: %(where)s") % {"where": row.changed_where}
    return Outcome(
        f"{place} – {row.get_result_display()}", text, url and f"{url}#dong-{row.row_number}"
    )
