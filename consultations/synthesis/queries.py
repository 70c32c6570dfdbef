"""What the screens of the answers read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Count, Max, Min, Q, QuerySet, When

from portal.accounts.models import User

from .. import window
from ..models import (
    Account,
    Consultation,
    OpinionState,
    Point,
    Provision,
    RowState,
    SynthesisRow,
    TextState,
)
from . import rights
from .coverage import counting
from .sorting import unsorted
from .words import words_of

CLUSTERS = 40


def to_answer(user: User) -> list[Consultation]:
    """Consultations that are over and not answered, which this person's agency answers."""
    agencies = rights.agencies_of(user)
    if not agencies:
        return []
    assigned = rights.assigned_to(user).exclude(state=RowState.AGREED).values("consultation")
    rows = Consultation.objects.filter(
        Q(agency__in=agencies) | Q(pk__in=assigned), answered_at=None
    )
    rows = rows.select_related("agency").order_by("answer_due_on", "pk")
    return [row for row in rows if window.of(row).state is window.WindowState.CLOSED]


@dataclass(frozen=True)
class Cluster:
    """Opinions with the same text on the same provision that are still to be sorted."""

    account_id: int
    same_text: str
    provision: Provision | None
    words: str
    opinions: int


def clusters(consultation_id: int) -> list[Cluster]:
    """The largest first; only those of more than one opinion."""
    rows = unsorted(consultation_id).values("same_text", "opinion__provision", "paper__provision")
    found = (
        rows.annotate(n=Count("pk"), one=Min("pk"), last=Max("pk"))
        .filter(n__gt=1)
        .order_by("-n", "one")[:CLUSTERS]
    )
    accounts = (
        Account.objects.filter(pk__in=[row["one"] for row in found])
        .select_related("opinion__provision", "paper__provision")
        .prefetch_related("opinion__answers")
        .in_bulk()
    )
    return [
        Cluster(
            row["one"],
            row["same_text"],
            accounts[row["one"]].source.provision,
            words_of(accounts[row["one"]].source),
            row["n"],
        )
        for row in found
    ]


def alike(account_id: int) -> list[int]:
    """Unsorted accounts with the same text on the same provision."""
    account = Account.objects.select_related("opinion", "paper").get(pk=account_id)
    where = account.source.provision_id
    rows = unsorted(account.consultation_id).filter(
        Q(opinion__provision=where) if account.opinion_id else Q(paper__provision=where),
        same_text=account.same_text,
        opinion__isnull=account.opinion_id is None,
    )
    return list(rows.values_list("pk", flat=True))


def accounts(consultation_id: int, state: str) -> QuerySet[Account]:
    """Opinions in the list: still to be sorted, sorted, left out, or all."""
    rows = Account.objects.filter(consultation=consultation_id)
    rows = rows.exclude(opinion__state=OpinionState.WITHDRAWN)
    if state == "da-xep":
        rows = rows.exclude(settled_at=None).filter(exclusion="")
    elif state == "bo-ra":
        rows = rows.exclude(exclusion="")
    elif state != "tat-ca":
        rows = rows.filter(settled_at=None)
    rows = rows.select_related(
        "opinion__provision", "opinion__agency", "paper__provision", "paper__agency"
    )
    return rows.prefetch_related("points__row", "opinion__answers").order_by("pk")


def rows(consultation_id: int) -> QuerySet[SynthesisRow]:
    """Rows with how many opinions that count each holds."""
    held = Count("points__account", filter=_within("points__", counting()), distinct=True)
    found = SynthesisRow.objects.filter(consultation=consultation_id)
    found = found.select_related("provision", "agency", "person").annotate(opinions=held)
    # What was emptied stays for who may want it again, behind what is to be answered.
    is_empty = Case(When(opinions=0, then=1), default=0)
    place = ("provision__text_version__number", "provision__position", "number")
    return found.order_by(is_empty, *place)


def _within(prefix: str, condition: Q) -> Q:
    return Q(
        *[
            _within(prefix, part) if isinstance(part, Q) else (f"{prefix}{part[0]}", part[1])
            for part in condition.children
        ],
        _connector=condition.connector,
        _negated=condition.negated,
    )


def row_words(row: SynthesisRow) -> list[tuple[Account, str]]:
    """The points of a row as they are written, for who answers it; one of each text."""
    points = Point.objects.filter(counting(), row=row)
    points = points.select_related("account__opinion__agency", "account__paper__agency")
    points = points.prefetch_related("account__opinion__answers")
    seen: set[tuple[str, int]] = set()
    found = []
    for point in points.order_by("account", "start"):
        key = (point.account.same_text, point.start)
        if key not in seen:
            seen.add(key)
            words = words_of(point.account.source)[point.start : point.end]
            found.append((point.account, words))
    return found


def provisions(consultation: Consultation) -> QuerySet[Provision]:
    """Places of the newest published version that a row may be on."""
    newest = consultation.texts.filter(state=TextState.PUBLISHED).order_by("number").last()
    if newest is None:
        return Provision.objects.none()
    return newest.provisions.exclude(kind__in=["note"]).order_by("position")
