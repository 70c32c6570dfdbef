"""The moderators' queue: what waits, narrowed, with what a page of it needs in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ..models import AbuseReport, Appeal, Opinion, OpinionFile, OpinionState


@dataclass(frozen=True)
class Narrowing:
    consultation: int | None = None
    state: str = ""
    kind: str = ""
    # "appeal", "report", "same"
    only: str = ""


def narrowed(by: Narrowing) -> QuerySet[Opinion]:
    """Opinions of a filter, the oldest first: they have waited longest."""
    rows = Opinion.objects.order_by("received_at", "pk")
    if by.consultation:
        rows = rows.filter(consultation=by.consultation)
    if by.state:
        rows = rows.filter(state=by.state)
    if by.kind:
        rows = rows.filter(respondent_kind=by.kind)
    if by.only == "appeal":
        rows = rows.filter(_appealed())
    elif by.only == "report":
        rows = rows.filter(_reported())
    elif by.only == "first":
        # One of each text: the others follow with it.
        rows = rows.filter(like=None)
    return rows


def _reported() -> Q:
    """Of what is hidden nobody waits to be rid."""
    waiting = Exists(AbuseReport.objects.filter(opinion=OuterRef("pk"), settled_at=None))
    return Q(waiting, state__in=[OpinionState.WAITING, OpinionState.PUBLISHED])


def _appealed() -> Q:
    """Whoever corrected or withdrew the opinion meanwhile waits for no decision any more."""
    waiting = Exists(Appeal.objects.filter(opinion=OuterRef("pk"), decided_at=None))
    return Q(waiting, state=OpinionState.WITHHELD)


def with_facts(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """What a line of the list shows, asked for the page's lines only."""
    return rows.select_related("consultation", "provision", "agency").annotate(
        is_reported=_reported(),
        has_appeal=_appealed(),
        has_files=Exists(OpinionFile.objects.filter(opinion=OuterRef("pk"))),
    )


def same_waiting(rows: Iterable[Opinion]) -> dict[str, int]:
    """By fingerprint: how many opinions wait with the very same words."""
    prints = {(row.consultation_id, row.fingerprint) for row in rows if row.fingerprint}
    if not prints:
        return {}
    found = Opinion.objects.filter(
        consultation__in={key for key, _print in prints},
        fingerprint__in={told for _key, told in prints},
        state=OpinionState.WAITING,
    ).order_by()
    counted = found.values_list("fingerprint").annotate(n=Count("pk"))
    return dict(counted)


def waiting() -> QuerySet[Opinion]:
    return narrowed(Narrowing(state=OpinionState.WAITING))


def appeals() -> QuerySet[Opinion]:
    return narrowed(Narrowing(only="appeal"))
