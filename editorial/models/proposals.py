"""Proposals on running and developing the site, and the replies (Art. 5.4.e, 10.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .board import Appointment


class ProposalKind(models.TextChoices):
    CONTENT = "content", _("Content")
    DESIGN = "design", _("Design and layout")
    FUNCTION = "function", _("Functions and conveniences")
    PROCESS = "process", _("Ways of working")


class ProposalState(models.TextChoices):
    NEW = "new", _("New")
    CONSIDERED = "considered", _("Being considered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not accepted")
    DONE = "done", _("Carried out")


# A reply is still owed.
UNANSWERED = {ProposalState.NEW, ProposalState.CONSIDERED}


class Proposal(models.Model):
    """What a member proposes, the reply with its reason, and what became of it."""

    kind = models.CharField(_("kind"), max_length=8, choices=ProposalKind)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("proposal"))
    proposed_by = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("proposed by"), related_name="proposals"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.NEW
    )
    reply_due_on = models.DateField(_("reply due on"))
    reply = models.TextField(_("reply and reason"), blank=True)
    replied_by = models.ForeignKey(
        Appointment,
        models.PROTECT,
        verbose_name=_("replied by"),
        null=True,
        related_name="+",
    )
    replied_at = models.DateTimeField(_("replied at"), null=True)
    result = models.TextField(_("what became of it"), blank=True)
    done_at = models.DateTimeField(_("carried out at"), null=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(UNANSWERED))
                | (~Q(reply="") & Q(replied_by__isnull=False) & Q(replied_at__isnull=False)),
                name="proposal_answered_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False),
                name="proposal_done_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["state", "reply_due_on"], name="proposal_by_state")]

    def __str__(self) -> str:
        return self.title
