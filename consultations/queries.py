"""What pages read of a consultation. Nothing that is not published leaves this module."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet

from . import window, wording
from .commenting.reading import Beside
from .models import (
    COUNTED,
    Attachment,
    Consultation,
    DraftText,
    Embedded,
    OfficeQuestion,
    Opinion,
    OpinionState,
    Provision,
    ProvisionKind,
    TextState,
    WindowRecord,
)
from .structure import cell_words
from .window import Window

# What the search takes of a draft: its headings and the first words of the rest.
SEARCHED = 60_000
HEADINGS = frozenset(
    {
        ProvisionKind.DOCUMENT,
        ProvisionKind.PART,
        ProvisionKind.CHAPTER,
        ProvisionKind.SECTION,
        ProvisionKind.SUBSECTION,
        ProvisionKind.ARTICLE,
        ProvisionKind.ANNEX,
    }
)


def loaded(consultation_id: int) -> Consultation:
    """With its agency and records, whether there are questions, whether anything is lent."""
    rows = Consultation.objects.select_related("agency").prefetch_related("records")
    questions = OfficeQuestion.objects.filter(consultation=OuterRef("pk"))
    lent = Embedded.objects.filter(consultation=OuterRef("pk"))
    told = rows.annotate(has_questions=Exists(questions), is_lent=Exists(lent))
    return told.get(pk=consultation_id)


def public_texts(consultation_id: int) -> QuerySet[DraftText]:
    """Versions that anybody may read, each with whether documents go with it."""
    rows = DraftText.objects.filter(consultation=consultation_id, state=TextState.PUBLISHED)
    beside = Attachment.objects.filter(text_version=OuterRef("pk"))
    return rows.annotate(has_attachments=Exists(beside)).order_by("number")


def shown(consultation_id: int) -> QuerySet[Opinion]:
    """Opinions that anybody may read; the only way from opinions to a page."""
    return Opinion.objects.filter(consultation=consultation_id, state=OpinionState.PUBLISHED)


@dataclass(frozen=True)
class Counts:
    """received = published + waiting + withheld, whatever the moment."""

    by_state: Counter[str] = field(default_factory=Counter)
    # Published ones by provision; None: on the whole.
    by_provision: Counter[int | None] = field(default_factory=Counter)

    @property
    def received(self) -> int:
        return sum(self.by_state[state] for state in COUNTED)

    @property
    def published(self) -> int:
        return self.by_state[OpinionState.PUBLISHED]

    @property
    def waiting(self) -> int:
        return self.by_state[OpinionState.WAITING]

    @property
    def withheld(self) -> int:
        return self.by_state[OpinionState.WITHHELD]


def counts(consultation_id: int) -> Counts:
    """One grouped query, from an index alone."""
    made = Counts()
    rows = Opinion.objects.filter(consultation=consultation_id).order_by()
    for state, provision, n in rows.values_list("state", "provision").annotate(n=Count("pk")):
        made.by_state[state] += n
        if state == OpinionState.PUBLISHED:
            made.by_provision[provision] += n
    return made


def received_by(consultation_ids: list[int]) -> Counter[int]:
    """How many opinions each of some consultations received."""
    rows = Opinion.objects.filter(consultation__in=consultation_ids, state__in=sorted(COUNTED))
    counted = rows.order_by().values_list("consultation").annotate(n=Count("pk"))
    return Counter(dict(counted))


def windows(consultation_ids: list[int], now) -> dict[int, Window]:
    """The windows of some consultations, in one query."""
    records: dict[int, list[WindowRecord]] = {pk: [] for pk in consultation_ids}
    rows = WindowRecord.objects.filter(consultation__in=consultation_ids)
    for record in rows.order_by("consultation", "number"):
        records[record.consultation_id].append(record)
    return {pk: window.read(found, now) for pk, found in records.items()}


@dataclass
class Place:
    """A provision as the page draws it."""

    row: Provision
    level: int
    opinions: int = 0
    became: list = field(default_factory=list)
    # Published opinions on it: how many, and the newest.
    beside: Beside | None = None

    @property
    def is_heading(self) -> bool:
        return self.row.kind in HEADINGS

    @property
    def id(self) -> str:
        return f"muc-{self.row.anchor}"

    @property
    def is_commentable(self) -> bool:
        return self.row.kind != ProvisionKind.NOTE


# The page's own headings end above this level.
FIRST_LEVEL, LAST_LEVEL = 3, 6


def places(rows: list[Provision], counted: Counts) -> list[Place]:
    """The provisions in their order, with the level of each heading."""
    levels: dict[int, int] = {}
    found = []
    for row in rows:
        level = levels.get(row.parent_id or 0, FIRST_LEVEL)
        levels[row.pk] = min(level + 1, LAST_LEVEL) if row.kind in HEADINGS else level
        found.append(Place(row, level, counted.by_provision[row.pk]))
    return found


def searched_text(consultation_id: int) -> str:
    """The newest public version's words, as far as the search takes them."""
    text = public_texts(consultation_id).last()
    if text is None:
        return ""
    said: list[str] = []
    length = 0
    for row in Provision.objects.filter(text_version=text).order_by("position").iterator():
        said += [row.label, row.heading, row.text, *cell_words(row.cells)]
        length += len(row.heading) + len(row.text)
        if length > SEARCHED:
            break
    return " ".join(part for part in said if part)[:SEARCHED]


def described(consultation: Consultation) -> dict[str, object]:
    """The consultation in schema.org's words."""
    told = window.of(consultation)
    action: dict[str, object] = {"@type": "CommentAction"}
    if told.opens_at and told.closes_at:
        action["startTime"] = told.opens_at.isoformat()
        action["endTime"] = told.closes_at.isoformat()
        action["description"] = wording.sentence(told)
    about = {
        "@type": "Legislation" if consultation.has_draft else "Thing",
        "name": consultation.title,
    }
    if consultation.has_draft:
        about["legislationLegalForce"] = "NotInForce"
    return {
        "about": about,
        "sourceOrganization": {
            "@type": "GovernmentOrganization",
            "name": consultation.agency.name,
        },
        "potentialAction": action,
    }
