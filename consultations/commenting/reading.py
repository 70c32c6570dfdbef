"""What readers see of opinions, counted and listed; every word comes from PublicOpinion."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from ..models import (
    Consultation,
    Decision,
    DecisionKind,
    DraftText,
    Opinion,
    OpinionState,
    PublicOpinion,
    Reply,
    RespondentKind,
)

# Beside a provision; the rest stands on a page of its own.
BESIDE = 2


@dataclass(frozen=True)
class Counters:
    """received = published + waiting + withheld; who withdrew is counted apart."""

    published: int = 0
    waiting: int = 0
    withheld: int = 0
    withdrawn: int = 0

    @property
    def received(self) -> int:
        return self.published + self.waiting + self.withheld


def counters(consultation_id: int) -> Counters:
    return counters_of([consultation_id]).get(consultation_id, Counters())


def counters_and_senders(consultation_id: int) -> tuple[Counters, int]:
    """Also how many people sent what counts: who sends many texts is one. One query."""
    rows = Opinion.objects.filter(consultation=consultation_id)
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in OpinionState}
    people = Count("sender_key", distinct=True, filter=~Q(state=OpinionState.WITHDRAWN))
    found = rows.aggregate(**counts, people=people)
    return Counters(**{state.value: found[state.value] for state in OpinionState}), found["people"]


def counters_of(consultation_ids: Iterable[int]) -> dict[int, Counters]:
    """One grouped query from an index, however many opinions."""
    rows = Opinion.objects.filter(consultation__in=list(consultation_ids)).order_by()
    found: dict[int, dict[str, int]] = {}
    for key, state, count in rows.values_list("consultation", "state").annotate(n=Count("pk")):
        found.setdefault(key, {})[state] = count
    return {key: Counters(**states) for key, states in found.items()}


def by_kind(consultation_id: int) -> list[tuple[str, int]]:
    """Published opinions by who sent them, as the table of the law counts them."""
    rows = PublicOpinion.objects.filter(consultation=consultation_id).order_by()
    counts = dict(rows.values_list("respondent_kind").annotate(n=Count("pk")))
    return [(str(kind.label), counts[kind]) for kind in RespondentKind if kind in counts]


@dataclass
class Beside:
    """What stands beside a provision."""

    count: int = 0
    newest: list[PublicOpinion] = field(default_factory=list)


def beside(text: DraftText | None) -> dict[int, Beside]:
    """By provision: how many published opinions, and the newest; two queries for any text."""
    if text is None:
        return {}
    rows = PublicOpinion.objects.filter(text_version=text, provision__isnull=False).order_by()
    found = {
        key: Beside(count) for key, count in rows.values_list("provision").annotate(n=Count("pk"))
    }
    if not found:
        return {}
    place = Window(
        RowNumber(),
        partition_by=F("provision"),
        order_by=[F("received_at").desc(), F("opinion_id").desc()],
    )
    newest = rows.annotate(place=place).filter(place__lte=BESIDE).select_related("agency")
    for row in newest.order_by("provision", "place"):
        found[row.provision_id].newest.append(row)
    return found


def published(consultation: Consultation) -> QuerySet[PublicOpinion]:
    rows = PublicOpinion.objects.filter(consultation=consultation)
    rows = rows.select_related("provision", "text_version", "agency")
    return rows.order_by("-received_at", "-opinion_id")


@dataclass(frozen=True)
class Group:
    """Nearly the same text: how many texts, how many people."""

    texts: int
    people: int


def groups_of(rows: Iterable[PublicOpinion]) -> dict[int, Group]:
    """By group, of those that are more than one; hidden members count, their words do not show."""
    return groups({row.group for row in rows})


def groups(keys: Collection[int]) -> dict[int, Group]:
    """By the first opinion of each: nothing where it is alone."""
    if not keys:
        return {}
    members = Opinion.objects.exclude(state=OpinionState.WITHDRAWN).order_by()
    members = members.filter(Q(like__in=keys) | Q(pk__in=keys))
    counted = members.annotate(key=Coalesce("like", "pk")).values_list("key")
    counted = counted.annotate(texts=Count("pk"), people=Count("sender_key", distinct=True))
    return {key: Group(texts, people) for key, texts, people in counted if texts > 1}


def replies_of(rows: Iterable[PublicOpinion]) -> dict[int, list[Reply]]:
    found: dict[int, list[Reply]] = {}
    replies = Reply.objects.filter(opinion__in=[row.pk for row in rows]).select_related("agency")
    for reply in replies:
        found.setdefault(reply.opinion_id, []).append(reply)
    return found


def orphaned_replies(consultation: Consultation) -> QuerySet[Reply]:
    """Replies whose opinion readers no longer see."""
    rows = Reply.objects.filter(consultation=consultation)
    hidden = rows.exclude(opinion__state=OpinionState.PUBLISHED)
    return hidden.select_related("agency", "provision")


def moderation_log(consultation: Consultation) -> QuerySet[Decision]:
    """What was decided, when and on which grounds; neither content, reason nor name."""
    rows = Decision.objects.filter(opinion__consultation=consultation)
    rows = rows.exclude(kind=DecisionKind.CORRECT)
    return rows.only("kind", "grounds", "made_at", "opinion_id").order_by("-made_at", "-pk")
