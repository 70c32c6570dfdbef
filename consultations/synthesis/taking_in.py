"""Every opinion gets an account; one whose author corrected it is to be sorted again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet

from portal.accounts.models import User

from ..models import (
    COUNTED,
    Account,
    Opinion,
    OpinionAnswer,
    OpinionState,
    PaperOpinion,
    Point,
    RowState,
    SynthesisRow,
)
from . import rights
from .words import Marks, joined

BATCH = 1000


@dataclass(frozen=True)
class Taken:
    new: int
    changed: int


@transaction.atomic
def take_in(consultation_id: int, by: User | None = None) -> Taken:
    """Bring the accounts up to the opinions as they stand; no one is a nightly chore."""
    held, _synthesis = rights.held(consultation_id)
    if by is not None:
        rights.require(rights.may_sort(by, held.consultation))
    return refresh(consultation_id)


def refresh(consultation_id: int) -> Taken:
    """`take_in` for whoever holds the consultation already."""
    new, changed = _compared(consultation_id)
    Account.objects.bulk_create(new, batch_size=BATCH)
    if changed:
        Point.objects.filter(account__in=[account.pk for account in changed]).delete()
        names = ["words_sha256", "same_text", "exclusion", "exclusion_note"]
        Account.objects.bulk_update(changed, [*names, "settled_by", "settled_at"], batch_size=BATCH)
    _unquote(consultation_id)
    return Taken(len(new), len(changed))


def quoting_hidden(consultation_id: int) -> QuerySet[SynthesisRow]:
    """Rows whose summary is the words of an opinion that is not public, or not any more."""
    rows = SynthesisRow.objects.filter(consultation=consultation_id, taken_from__isnull=False)
    return rows.exclude(taken_from__state=OpinionState.PUBLISHED)


def _unquote(consultation_id: int) -> None:
    """Such words go at once; who answers the row words it."""
    rows = SynthesisRow.objects.filter(
        pk__in=list(quoting_hidden(consultation_id).values_list("pk", flat=True))
    )
    rows.filter(state=RowState.AGREED).update(state=RowState.DRAFTED)
    rows.update(summary="", taken_from=None, revision=F("revision") + 1)


def unseen(consultation_id: int) -> int:
    """How many opinions the accounts do not know as they stand."""
    new, changed = _compared(consultation_id)
    return len(new) + len(changed)


def _compared(consultation_id: int) -> tuple[list[Account], list[Account]]:
    new: list[Account] = []
    changed: list[Account] = []
    known = {
        (row.opinion_id, row.paper_id): row
        for row in Account.objects.filter(consultation=consultation_id)
    }
    for key, words in _texts(consultation_id):
        marks = Marks.of(words)
        row = known.get(key)
        if row is None:
            row = Account(consultation_id=consultation_id, opinion_id=key[0], paper_id=key[1])
            new.append(row)
        elif row.words_sha256 != marks.exact:
            row.exclusion = row.exclusion_note = ""
            row.settled_by = row.settled_at = None
            changed.append(row)
        else:
            continue
        row.words_sha256, row.same_text = marks.exact, marks.same_text
    return new, changed


def answers_by_opinion(consultation_id: int) -> dict[int, list[str]]:
    """What was answered to the office's questions, in the order of `words_of`."""
    found: dict[int, list[str]] = {}
    rows = OpinionAnswer.objects.filter(opinion__consultation=consultation_id)
    for pk, text in rows.order_by("question").values_list("opinion", "text").iterator():
        found.setdefault(pk, []).append(text)
    return found


def _texts(consultation_id: int):
    """((opinion, paper), words) of everything that counts."""
    opinions = Opinion.objects.filter(consultation=consultation_id, state__in=COUNTED)
    rows = opinions.order_by("received_at", "pk").values_list("pk", "text", "suggested_text")
    answers = answers_by_opinion(consultation_id)
    for pk, text, suggested in rows.iterator():
        yield (pk, None), joined(text, suggested, *answers.get(pk, ()))
    papers = PaperOpinion.objects.filter(consultation=consultation_id).order_by("pk")
    for pk, text in papers.values_list("pk", "text").iterator():
        yield (None, pk), text
