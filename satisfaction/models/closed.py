"""Closed surveys: who was invited, and the urn in which answers wait unread.

The two know nothing of each other. See docs/closed-surveys.md.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .surveys import Survey


class ParticipationState(models.TextChoices):
    WAITING = "waiting", _("Has not taken part")
    TAKEN = "taken", _("Took part")
    REFUSED = "refused", _("Does not want to take part")


class Participation(models.Model):
    """One invited address and whether its invitation was used: no time, no key to an answer.

    Deleted with the survey's closing, when the answers are mixed.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="participations")
    email = models.EmailField(_("e-mail"))
    token_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=ParticipationState,
        default=ParticipationState.WAITING,
    )
    letters = models.PositiveSmallIntegerField(_("letters sent"), default=0)
    has_bounced = models.BooleanField(_("the letter did not arrive"), default=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        permissions = [("invite", "Can invite people to closed surveys")]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "email"], name="participation_once_an_address"
            ),
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~models.Q(token_hash=""),
                name="participation_by_its_own_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.pk}"


class Urn(models.Model):
    """Sealed slips in an order drawn by lot anew with each that is added.

    Several slips share a row, so that no row was written with one person's mark in the ledger.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="urns")
    slips = models.JSONField(default=list)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("urn")
        verbose_name_plural = _("urns")

    def __str__(self) -> str:
        return f"{self.survey.code}: {self.size}"
