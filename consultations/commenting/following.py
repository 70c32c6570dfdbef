"""What the sender of an opinion may know with the receipt's code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core import signing

from portal.codes import normalise

from .. import window
from ..models import (
    Appeal,
    Decision,
    DecisionKind,
    Opinion,
    OpinionState,
)
from . import reading
from .reading import Group

_SALT = "consultations.own-opinion"
PASS_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Outcome:
    """What became of a sender's words: a row of the answers, told on the private page."""

    title: str
    text: str = ""
    url: str = ""


OutcomeFinder = Callable[[Opinion], Iterable[Outcome]]
_finders: list[OutcomeFinder] = []


def register_outcome(find: OutcomeFinder) -> OutcomeFinder:
    """Let the synthesis tell what became of an opinion."""
    _finders.append(find)
    return find


def of_code(typed: str) -> Opinion | None:
    """The opinion of a receipt's code as a person types it."""
    code = normalise(typed)
    rows = Opinion.objects.select_related("consultation__agency", "provision", "text_version")
    return rows.filter(receipt_code=code).first() if code else None


def pass_of(opinion: Opinion) -> str:
    """Lets whoever showed the code act on the opinion for a day, without the code again."""
    return signing.dumps(opinion.pk, salt=_SALT)


def of_pass(given: str) -> Opinion | None:
    try:
        opinion_id = signing.loads(given, salt=_SALT, max_age=PASS_SECONDS)
    except signing.BadSignature:
        return None
    rows = Opinion.objects.select_related("consultation__agency", "provision", "text_version")
    return rows.filter(pk=opinion_id).first()


@dataclass(frozen=True)
class Told:
    """The private page."""

    opinion: Opinion
    window: window.Window
    withheld: Decision | None
    overturned: Decision | None
    appeal: Appeal | None
    group: Group | None
    outcomes: list[Outcome]

    @property
    def may_correct(self) -> bool:
        return self.window.is_open and self.opinion.state != OpinionState.WITHDRAWN

    @property
    def may_withdraw(self) -> bool:
        return self.opinion.state != OpinionState.WITHDRAWN

    @property
    def may_appeal(self) -> bool:
        return self.opinion.state == OpinionState.WITHHELD and self.appeal is None


def told(opinion: Opinion) -> Told:
    last = list(opinion.decisions.order_by("-pk")[:1])
    newest = last[0] if last else None
    kinds = (DecisionKind.WITHHOLD, DecisionKind.UPHOLD)
    head = opinion.like_id or opinion.pk
    groups = reading.groups([head])
    return Told(
        opinion,
        window.of(opinion.consultation),
        newest if newest and newest.kind in kinds else None,
        newest if newest and newest.kind == DecisionKind.OVERTURN else None,
        Appeal.objects.filter(opinion=opinion).first(),
        groups.get(head),
        [found for find in _finders for found in find(opinion)],
    )
