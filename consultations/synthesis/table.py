"""The table as it stands: rows in the order of the draft, with who and how many speak in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..models import (
    Account,
    Exclusion,
    Opinion,
    OpinionState,
    Point,
    RespondentKind,
    SynthesisRow,
)
from .coverage import counting
from .places import Place, Places

NAMED = {RespondentKind.AGENCY, RespondentKind.ORGANISATION}


@dataclass(frozen=True)
class Speaker:
    """What the table needs to know of one opinion."""

    account_id: int
    opinion_id: int | None
    paper_id: int | None
    kind: str
    same_text: str
    # The same for several opinions of one person, as far as anybody can tell.
    person: str
    name: str
    source: str


@dataclass
class Line:
    """One row with its speakers."""

    row: SynthesisRow
    place: Place
    speakers: list[Speaker] = field(default_factory=list)

    @property
    def opinions(self) -> int:
        return len(self.speakers)

    @property
    def people(self) -> int:
        return len({speaker.person for speaker in self.speakers})

    @property
    def texts(self) -> int:
        return len({speaker.same_text for speaker in self.speakers})

    @property
    def kinds(self) -> dict[str, int]:
        counted = Counter(speaker.kind for speaker in self.speakers)
        return {kind: counted[kind] for kind in RespondentKind.values if counted[kind]}

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(speaker.name for speaker in self.speakers if speaker.name))


def speakers(consultation_id: int) -> dict[int, Speaker]:
    """By account: everything that counts."""
    rows = Account.objects.filter(consultation=consultation_id)
    rows = rows.exclude(opinion__state=OpinionState.WITHDRAWN).order_by("pk")
    told = rows.values_list(
        "pk",
        "same_text",
        "opinion",
        "opinion__respondent_kind",
        "opinion__state",
        "opinion__sender_key",
        "opinion__name",
        "opinion__is_name_shown",
        "opinion__agency__name",
        "paper",
        "paper__respondent_kind",
        "paper__name",
        "paper__agency__name",
        "paper__source",
    )
    return {row[0]: _speaker(row) for row in told.iterator()}


def _speaker(row: tuple) -> Speaker:
    (pk, same, opinion, kind, state, sender, name, is_shown, agency, paper, *of_paper) = row
    if opinion is None:
        kind, name, agency, source = of_paper
        told = agency or name if kind in NAMED else ""
        return Speaker(pk, None, paper, kind, same, f"p{paper}", told or "", source)
    is_told = kind in NAMED and state == OpinionState.PUBLISHED and (agency or is_shown)
    told = (agency or name) if is_told else ""
    return Speaker(pk, opinion, None, kind, same, sender or f"o{opinion}", told or "", "online")


def lines(consultation_id: int) -> list[Line]:
    """Every row that holds something which counts, in the order of the table."""
    known, places = speakers(consultation_id), Places(consultation_id)
    rows = SynthesisRow.objects.filter(consultation=consultation_id).in_bulk()
    made: dict[int, Line] = {}
    points = Point.objects.filter(counting(), row__consultation=consultation_id)
    pairs = points.order_by("account").values_list("row", "account").distinct()
    for row_id, account_id in pairs.iterator():
        line = made.get(row_id)
        if line is None:
            row = rows[row_id]
            place = places.of(places.current(row.provision_id))
            line = made[row_id] = Line(row, place)
        line.speakers.append(known[account_id])
    return sorted(
        made.values(), key=lambda line: (line.place.order, -line.opinions, line.row.number)
    )


def totals(consultation_id: int, table: Iterable[Line]) -> dict:
    """Figures of the whole: they add up to what was received."""
    known = speakers(consultation_id).values()
    accounts = Account.objects.filter(consultation=consultation_id).exclude(exclusion="")
    left_out = Counter(
        accounts.exclude(opinion__state=OpinionState.WITHDRAWN).values_list("exclusion", flat=True)
    )
    opinions = Opinion.objects.filter(consultation=consultation_id)
    states = Counter(opinions.values_list("state", flat=True))
    kinds = Counter(speaker.kind for speaker in known)
    return {
        "received": len(known),
        "people": len({speaker.person for speaker in known}),
        "in_rows": len(known) - sum(left_out.values()),
        "withheld": states[OpinionState.WITHHELD],
        "withdrawn": states[OpinionState.WITHDRAWN],
        "kinds": {kind: kinds[kind] for kind in RespondentKind.values},
        "sources": dict(Counter(speaker.source for speaker in known)),
        "results": dict(Counter(line.row.result for line in table if line.row.result)),
        "left_out": {code: left_out[code] for code in Exclusion.values if left_out[code]},
    }
