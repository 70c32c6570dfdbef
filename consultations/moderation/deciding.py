"""Deciding which opinions are published: by the working group, with a reason, appealed once."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.text import clean

from .. import window
from ..commenting import letters
from ..models import (
    FITTING_GROUNDS,
    Appeal,
    Decision,
    DecisionKind,
    Opinion,
    OpinionState,
)
from . import projection

# Published by one press of a button; the next press goes on.
MOST_AT_ONCE = 500


def may_moderate(user: User) -> bool:
    return user.has_perm("consultations.moderate_opinions")


def require_moderator(user: User) -> None:
    if not may_moderate(user):
        raise PermissionDenied(_("Only the working group decides on opinions (Art. 5.5.đ)."))


def _taken(opinion_id: int, *states: OpinionState) -> Opinion:
    """The opinion, locked; ValidationError when somebody has decided on it meanwhile."""
    row = Opinion.objects.select_for_update(of=("self",)).get(pk=opinion_id)
    if row.state not in states:
        raise ValidationError(
            _("The opinion has moved on meanwhile: %(state)s."),
            params={"state": row.get_state_display()},
        )
    return row


@transaction.atomic
def publish(
    opinion_id: int, by: User, *, text: str | None = None, suggested_text: str | None = None
) -> Opinion:
    """Let readers see it; `text` is what they see of it, the author's words less what is masked."""
    require_moderator(by)
    row = _taken(opinion_id, OpinionState.WAITING, OpinionState.WITHHELD)
    if row.state == OpinionState.WITHHELD and _open_appeal(row):
        raise ValidationError(_("The sender has appealed: another person decides the appeal."))
    _require_own_words(row, text=text, suggested_text=suggested_text)
    _show(row, by, DecisionKind.PUBLISH, text=text, suggested=suggested_text)
    return row


def _require_own_words(row: Opinion, **shown: str | None) -> None:
    problems = {
        name: _("Only take out personal data, and put a word in [ ] in its place.")
        for name, words in shown.items()
        if words is not None and not projection.only_masks(getattr(row, name), words)
    }
    if problems:
        raise ValidationError(problems)


def _show(
    row: Opinion, by: User, kind: DecisionKind, reason: str = "", **shown: str | None
) -> None:
    now = clock.now()
    projection.show(row, now, **shown)
    row.state = OpinionState.PUBLISHED
    row.save(update_fields=["state"])
    made = Decision.objects.create(opinion=row, kind=kind, reason=reason, made_by=by, made_at=now)
    log(row, f"consultations.opinion.{kind}", user=by)
    letters.tell(row, f"{kind}-{made.pk}")


@transaction.atomic
def publish_same(opinion_id: int, by: User) -> int:
    """Publish every waiting opinion with the very same words; how many were, this time."""
    require_moderator(by)
    read = Opinion.objects.get(pk=opinion_id)
    rows = Opinion.objects.filter(
        consultation=read.consultation_id,
        fingerprint=read.fingerprint,
        state=OpinionState.WAITING,
    )
    if not read.fingerprint:
        rows = rows.filter(pk=read.pk)
    chosen = rows.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    return publish_many(list(chosen), by)


@transaction.atomic
def publish_many(opinion_ids: Iterable[int], by: User) -> int:
    """Publish what still waits of these, as the masks leave it."""
    require_moderator(by)
    wanted = list(opinion_ids)[:MOST_AT_ONCE]
    # Before the rows, as grouping does, which writes many of a consultation at once.
    for consultation_id in _consultations_of(wanted):
        window.hold(consultation_id)
    locked = Opinion.objects.select_for_update(of=("self",)).filter(
        pk__in=wanted, state=OpinionState.WAITING
    )
    rows = list(locked.order_by("pk").prefetch_related("answers"))
    for row in rows:
        _show(row, by, DecisionKind.PUBLISH)
    return len(rows)


def _consultations_of(opinion_ids: list[int]) -> list[int]:
    rows = Opinion.objects.filter(pk__in=opinion_ids).order_by("consultation")
    return list(rows.values_list("consultation", flat=True).distinct())


@transaction.atomic
def withhold(opinion_id: int, by: User, *, grounds: Iterable[str], reason: str) -> Opinion:
    """Keep it from readers; its sender reads why with the receipt code."""
    require_moderator(by)
    row = _taken(opinion_id, OpinionState.WAITING, OpinionState.PUBLISHED)
    chosen = [str(ground) for ground in FITTING_GROUNDS if ground in set(grounds)]
    problems = {}
    if not chosen:
        problems["grounds"] = _("Choose at least one ground of Article 3.9.")
    if not clean(reason):
        problems["reason"] = _("Say why, so that the sender can understand it and mend it.")
    if problems:
        raise ValidationError(problems)
    projection.hide(row)
    row.state = OpinionState.WITHHELD
    row.save(update_fields=["state"])
    _decide(row, DecisionKind.WITHHOLD, by, reason, chosen)
    return row


def _decide(
    row: Opinion, kind: DecisionKind, by: User, reason: str, grounds: list[str]
) -> Decision:
    made = Decision.objects.create(
        opinion=row,
        kind=kind,
        grounds=grounds,
        reason=clean(reason),
        made_by=by,
        made_at=clock.now(),
    )
    log(row, f"consultations.opinion.{kind}", user=by)
    letters.tell(row, f"{kind}-{made.pk}")
    return made


@transaction.atomic
def appeal(opinion: Opinion, text: str) -> Appeal:
    """Its sender asks, once, that another person look at it."""
    row = _taken(opinion.pk, OpinionState.WITHHELD)
    if not clean(text):
        raise ValidationError({"appeal": _("Say why your opinion should be published.")})
    if Appeal.objects.filter(opinion=row).exists():
        raise ValidationError(_("You have appealed already; an opinion is looked at again once."))
    return Appeal.objects.create(opinion=row, text=clean(text)[:2000], sent_at=clock.now())


def _open_appeal(row: Opinion) -> Appeal | None:
    return Appeal.objects.filter(opinion=row, decided_at=None).first()


def last_withheld(row: Opinion) -> Decision | None:
    kinds = [DecisionKind.WITHHOLD, DecisionKind.UPHOLD]
    return row.decisions.filter(kind__in=kinds).order_by("-pk").first()


def may_decide_appeal(row: Opinion, by: User) -> bool:
    """Another person than who withheld it."""
    withheld = last_withheld(row)
    return may_moderate(by) and bool(withheld) and withheld.made_by_id != by.pk


@transaction.atomic
def decide_appeal(opinion_id: int, by: User, *, overturns: bool, reason: str) -> Opinion:
    require_moderator(by)
    row = _taken(opinion_id, OpinionState.WITHHELD)
    asked = Appeal.objects.select_for_update().filter(opinion=row, decided_at=None).first()
    if asked is None:
        raise ValidationError(_("There is no appeal to decide."))
    if not may_decide_appeal(row, by):
        raise PermissionDenied(_("Another person than who withheld it decides the appeal."))
    if not clean(reason):
        raise ValidationError({"reason": _("Say why, so that the sender can understand it.")})
    asked.decided_by, asked.decided_at = by, clock.now()
    asked.save(update_fields=["decided_by", "decided_at"])
    if overturns:
        _show(row, by, DecisionKind.OVERTURN, reason=clean(reason))
    else:
        _decide(row, DecisionKind.UPHOLD, by, reason, last_withheld(row).grounds)
    return row
