"""Why an item came later than Article 8.1.a allows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LateReason(models.Model):
    """The reason that goes with a late item; late items are still accepted."""

    page = models.OneToOneField(
        "wagtailcore.Page",
        models.CASCADE,
        verbose_name=_("page"),
        related_name="late_reason",
        editable=False,
    )
    text = models.CharField(
        _("why it is late"),
        max_length=500,
        help_text=_(
            "Items come within 48 hours of the event, documents within 72 hours of the day of "
            "issue (Art. 8.1.a). What comes later is accepted with a reason."
        ),
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("given by"),
        related_name="+",
        editable=False,
    )
    given_at = models.DateTimeField(_("given at"), editable=False)

    class Meta:
        verbose_name = _("reason of lateness")
        verbose_name_plural = _("reasons of lateness")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="late_reason_says_something")
        ]

    def __str__(self) -> str:
        return self.text
