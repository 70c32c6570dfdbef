"""Looking at what is public: was it right, and what was done about it (Art. 5.4.đ)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .board import Appointment


class CheckOutcome(models.TextChoices):
    CORRECT = "correct", _("Correct")
    TO_CORRECT = "to-correct", _("Needs correction")
    TO_WITHDRAW = "to-withdraw", _("Needs to be withdrawn")


class PublicationCheck(models.Model):
    """One look at one public version. What it found never changes; only its end is added."""

    page = models.ForeignKey(
        "wagtailcore.Page",
        models.PROTECT,
        related_name="publication_checks",
        verbose_name=_("item"),
    )
    # What was looked at: the version that readers saw, and the fingerprint of its content.
    revision_id = models.BigIntegerField(_("version"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CheckOutcome)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="publication_checks",
        verbose_name=_("checked by"),
    )
    holder = models.ForeignKey(
        Appointment, models.PROTECT, related_name="+", verbose_name=_("in the right of")
    )
    right = models.CharField(_("right"), max_length=10)
    paper = models.CharField(_("paper of delegation"), max_length=120, blank=True)
    at = models.DateTimeField(_("at"))
    # Set when a corrected version is public, the item is withdrawn, or it was checked again.
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("check of what is public")
        verbose_name_plural = _("checks of what is public")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="correct") | ~Q(note=""), name="check_says_what_is_wrong"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="correct") | Q(settled_at__isnull=False),
                name="check_correct_is_settled",
            ),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(settled_at__isnull=True),
                name="check_open_once_a_page",
            ),
        ]
        indexes = [models.Index(fields=["page", "-at"], name="check_latest_of_page")]

    def __str__(self) -> str:
        return f"{self.page} · {self.get_outcome_display()}"
