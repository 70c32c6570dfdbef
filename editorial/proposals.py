"""Proposing, considering, replying, carrying out (Art. 5.4.e, 5.5.k, 10.1)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.outbox.mail import send_letter
from portal.rules.values import value
from portal.rules.working_days import add_working_days

from .authority import Authority, in_post, screeners
from .models import Appointment, Post, Proposal, ProposalKind, ProposalState
from .models.board import BOARD_POSTS
from .models.proposals import UNANSWERED

LETTER = "editorial.proposal"
PROPOSING = [*BOARD_POSTS, Post.WORKING_GROUP]
REPLYING = [Post.HEAD, Post.STANDING_DEPUTY, Post.WORKING_GROUP]


def voice(user: User) -> Authority | None:
    """The post in which a person may propose; who may propose reads all proposals."""
    return in_post(user, PROPOSING)


def reply_right(user: User) -> Authority | None:
    return in_post(user, REPLYING)


def may_reply(user: User, proposal: Proposal) -> bool:
    """Nobody decides on a proposal of their own."""
    return proposal.proposed_by.user_id != user.pk and reply_right(user) is not None


@transaction.atomic
def propose(kind: ProposalKind, title: str, text: str, by: User) -> Proposal:
    """Put a proposal on the register; the reply is due in working days from today."""
    right = voice(by)
    if right is None:
        raise PermissionDenied
    days = value("proposal.reply_working_days").integer
    proposal = Proposal.objects.create(
        kind=kind,
        title=title,
        text=text,
        proposed_by=right.used,
        proposed_at=clock.now(),
        reply_due_on=add_working_days(clock.today(), days),
    )
    log(proposal, "editorial.proposal.propose", user=by)
    _tell(proposal, "new", [user for user in repliers() if user.pk != by.pk])
    return proposal


@transaction.atomic
def consider(proposal_id: int, by: User) -> Proposal:
    """Say that the proposal is being looked into; a second click changes nothing."""
    proposal, _right = _for_reply(proposal_id, by)
    if proposal.state == ProposalState.CONSIDERED:
        return proposal
    proposal.state = ProposalState.CONSIDERED
    proposal.save(update_fields=["state"])
    log(proposal, "editorial.proposal.consider", user=by)
    _tell(proposal, "considered", [proposal.proposed_by.user])
    return proposal


@transaction.atomic
def accept(proposal_id: int, reply: str, by: User) -> Proposal:
    return _reply(proposal_id, ProposalState.ACCEPTED, "accept", reply, by)


@transaction.atomic
def decline(proposal_id: int, reply: str, by: User) -> Proposal:
    return _reply(proposal_id, ProposalState.DECLINED, "decline", reply, by)


@transaction.atomic
def finish(proposal_id: int, result: str, by: User) -> Proposal:
    """An accepted proposal is carried out: what became of it."""
    if reply_right(by) is None:
        raise PermissionDenied
    proposal = _locked(proposal_id, {ProposalState.ACCEPTED})
    proposal.state, proposal.result = ProposalState.DONE, result.strip()
    proposal.done_at = clock.now()
    proposal.save(update_fields=["state", "result", "done_at"])
    log(proposal, "editorial.proposal.finish", user=by)
    _tell(proposal, "done", [proposal.proposed_by.user])
    return proposal


def repliers() -> list[User]:
    """Who is to answer: the working group, the Head and the standing deputy."""
    rows = Appointment.objects.in_force(clock.today()).filter(
        post__in=[Post.HEAD, Post.STANDING_DEPUTY], user__is_active=True
    )
    people = [*screeners(), *(row.user for row in rows.select_related("user"))]
    return list({person.pk: person for person in people}.values())


def to_answer(user: User) -> QuerySet[Proposal]:
    """Proposals that wait for this person's reply, the oldest deadline first."""
    rows = Proposal.objects.filter(state__in=UNANSWERED).exclude(proposed_by__user=user)
    if reply_right(user) is None:
        rows = rows.none()
    return rows.select_related("proposed_by__user").order_by("reply_due_on", "pk")


def overdue() -> QuerySet[Proposal]:
    """A reply is owed and its day has passed."""
    return Proposal.objects.filter(state__in=UNANSWERED, reply_due_on__lt=clock.today())


def urge() -> int:
    """Nightly chore: tell who is to answer of each reply that is late, once."""
    late = list(overdue().select_related("proposed_by"))
    for proposal in late:
        with transaction.atomic():
            people = [user for user in repliers() if user.pk != proposal.proposed_by.user_id]
            for user in people:
                send_letter(LETTER, f"{proposal.pk}:late", user.pk, proposal_id=proposal.pk)
    return len(late)


def _locked(proposal_id: int, states: set[ProposalState]) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("proposed_by__user")
    proposal = rows.get(pk=proposal_id)
    if proposal.state not in states:
        raise ValidationError(
            _("The proposal has moved on meanwhile: %(state)s."),
            params={"state": proposal.get_state_display()},
        )
    return proposal


def _for_reply(proposal_id: int, by: User) -> tuple[Proposal, Authority]:
    right = reply_right(by)
    if right is None:
        raise PermissionDenied
    proposal = _locked(proposal_id, UNANSWERED)
    if not may_reply(by, proposal):
        raise PermissionDenied
    return proposal, right


def _reply(proposal_id: int, state: ProposalState, act: str, reply: str, by: User) -> Proposal:
    proposal, right = _for_reply(proposal_id, by)
    if not reply.strip():
        raise ValidationError({"reply": _("Say why.")})
    proposal.state, proposal.reply = state, reply.strip()
    proposal.replied_by, proposal.replied_at = right.used, clock.now()
    proposal.save(update_fields=["state", "reply", "replied_by", "replied_at"])
    log(proposal, f"editorial.proposal.{act}", user=by)
    _tell(proposal, act, [proposal.proposed_by.user])
    return proposal


def _tell(proposal: Proposal, event: str, people: list[User]) -> None:
    key = f"{proposal.pk}:{event}"
    for user in people:
        send_letter(LETTER, key, user.pk, proposal_id=proposal.pk)
