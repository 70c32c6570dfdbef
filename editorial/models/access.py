"""What ending a post, a contract or a membership leaves behind (Art. 5.5.m)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AccountClosure(models.Model):
    """An account closed because nothing gives its owner access any more.

    Only what was closed this way opens again with a new appointment; what an
    administrator suspended stays suspended.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="closures"
    )
    closed_at = models.DateTimeField(_("closed at"))
    reopened_at = models.DateTimeField(_("opened again at"), null=True)

    class Meta:
        verbose_name = _("closed account")
        verbose_name_plural = _("closed accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(reopened_at__isnull=True), name="account_closed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.closed_at:%d/%m/%Y})"


class Succession(models.Model):
    """Who takes over a leaver's drafts, named before the last day and carried out after it."""

    leaver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("leaver"), related_name="+"
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("successor"), related_name="+"
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("named by"), related_name="+"
    )
    named_at = models.DateTimeField(_("named at"))
    done_at = models.DateTimeField(_("handed over at"), null=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(leaver=F("successor")), name="successor_is_another"
            ),
            models.UniqueConstraint(
                fields=["leaver"], condition=Q(done_at__isnull=True), name="one_successor_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaver} → {self.successor}"
