"""The gate: nothing is published while one opinion is unaccounted for. It says which remain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import (
    COUNTED,
    Account,
    Consultation,
    Opinion,
    OpinionState,
    PaperOpinion,
    Point,
    Provision,
    PublicOpinion,
    RowState,
    SynthesisRow,
)
from ..window import WindowState, of
from .sorting import unsorted
from .taking_in import answers_by_opinion, quoting_hidden, unseen
from .words import Secret, joined, public_words

SHOWN = 20


@dataclass(frozen=True)
class Remaining:
    """What stands between the work and its publication."""

    is_window_over: bool
    waiting: int
    unseen: int
    unsorted: int
    unanswered: list[int] = field(default_factory=list)
    telling: list[int] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.problems()

    def problems(self) -> list[str | Promise]:
        found: list[str | Promise] = []
        if not self.is_window_over:
            found.append(_("Opinions can still be sent: wait until the consultation is closed."))
        if self.waiting:
            found.append(_waiting(self.waiting))
        if self.unseen:
            found.append(_unseen(self.unseen))
        if self.unsorted:
            found.append(_unsorted(self.unsorted))
        if self.unanswered:
            rows = _("Rows without an answer: %(rows)s.")
            found.append(rows % {"rows": _numbers(self.unanswered)})
        if self.telling:
            rows = _(
                "Rows that repeat words of an opinion that is not public: %(rows)s. "
                "Say it in other words."
            )
            found.append(rows % {"rows": _numbers(self.telling)})
        return found


def _waiting(n: int) -> str:
    words = ngettext(
        "%(n)d opinion still waits for moderation.",
        "%(n)d opinions still wait for moderation.",
        n,
    )
    return words % {"n": n}


def _unseen(n: int) -> str:
    words = ngettext(
        "%(n)d opinion came or was corrected since they were last taken in.",
        "%(n)d opinions came or were corrected since they were last taken in.",
        n,
    )
    return words % {"n": n}


def _unsorted(n: int) -> str:
    words = ngettext(
        "%(n)d opinion stands in no row and is not left out for a reason.",
        "%(n)d opinions stand in no row and are not left out for a reason.",
        n,
    )
    return words % {"n": n}


def _numbers(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:SHOWN]))
    return f"{shown}, …" if len(rows) > SHOWN else shown


def remaining(consultation: Consultation, now: datetime | None = None) -> Remaining:
    """Everything that is missing; inside the transaction that publishes it is the gate."""
    opinions = Opinion.objects.filter(consultation=consultation)
    window = of(consultation, now)
    rows = standing(consultation.pk).exclude(state=RowState.AGREED)
    return Remaining(
        is_window_over=window.state is WindowState.CLOSED,
        waiting=opinions.filter(state=OpinionState.WAITING).count(),
        unseen=unseen(consultation.pk),
        unsorted=unsorted(consultation.pk).count(),
        unanswered=list(rows.order_by("number").values_list("number", flat=True)),
        telling=telling(consultation.pk),
    )


def counting() -> Q:
    """Points of opinions that count: of all but withdrawn ones."""
    return Q(account__opinion__isnull=True) | Q(account__opinion__state__in=COUNTED)


def standing(consultation_id: int) -> QuerySet[SynthesisRow]:
    """Rows that hold something which counts; of the others nothing is published."""
    held = Point.objects.filter(counting(), row=OuterRef("pk"))
    return SynthesisRow.objects.filter(Exists(held), consultation=consultation_id)


def telling(consultation_id: int) -> list[int]:
    """Rows that quote, or repeat six words in a row of, what is not public."""
    rows = standing(consultation_id)
    found = set(
        quoting_hidden(consultation_id).filter(pk__in=rows).values_list("number", flat=True)
    )
    secret = Secret(_hidden(consultation_id), _public(consultation_id))
    if secret.runs:
        told = rows.values_list("number", "summary", "reasons", "changed_where")
        found |= {row[0] for row in told if any(secret.is_told_by(text) for text in row[1:])}
    return sorted(found)


def _hidden(consultation_id: int) -> Iterable[str]:
    """Words of opinions that readers do not see, and of those of which they see less."""
    shown = _shown(consultation_id)
    answers = answers_by_opinion(consultation_id)
    rows = Opinion.objects.filter(consultation=consultation_id)
    for pk, text, suggested in rows.values_list("pk", "text", "suggested_text").iterator():
        words = joined(text, suggested, *answers.get(pk, ()))
        if shown.get(pk) != words:
            yield words


def _shown(consultation_id: int) -> dict[int, str]:
    rows = PublicOpinion.objects.filter(consultation=consultation_id)
    return {row.pk: public_words(row) for row in rows.iterator()}


def _public(consultation_id: int) -> Iterable[str]:
    """What anybody may read or the office itself wrote: opinions published, letters, the draft."""
    yield from _shown(consultation_id).values()
    papers = PaperOpinion.objects.filter(consultation=consultation_id)
    yield from papers.values_list("text", flat=True).iterator()
    texts = Provision.objects.filter(text_version__consultation=consultation_id)
    for heading, text in texts.values_list("heading", "text").iterator():
        yield f"{heading} {text}"


@dataclass(frozen=True)
class Progress:
    """How far the work is, in opinions and in rows."""

    opinions: int
    papers: int
    sorted: int
    left_out: int
    rows: int
    drafted: int
    answered: int

    @property
    def total(self) -> int:
        return self.opinions + self.papers

    @property
    def percent(self) -> int:
        """Of opinions sorted and rows answered, each by half; 100 only when all are."""
        if not self.total:
            return 0
        share = self.sorted / self.total
        done = self.answered / self.rows if self.rows else float(self.sorted == self.total)
        return int(50 * share + 50 * done)


def progress(consultation_id: int) -> Progress:
    accounts = Account.objects.filter(consultation=consultation_id)
    accounts = accounts.exclude(opinion__state=OpinionState.WITHDRAWN)
    rows = standing(consultation_id)
    opinions = Opinion.objects.filter(consultation=consultation_id, state__in=COUNTED)
    return Progress(
        opinions=opinions.count(),
        papers=PaperOpinion.objects.filter(consultation=consultation_id).count(),
        sorted=accounts.exclude(settled_at=None).count(),
        left_out=accounts.exclude(exclusion="").count(),
        rows=rows.count(),
        drafted=rows.filter(state=RowState.DRAFTED).count(),
        answered=rows.filter(state=RowState.AGREED).count(),
    )
