"""The window as a record that only grows: who did what, when, why, by which document."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .consultation import Consultation


class WindowAct(models.TextChoices):
    OPEN = "open", _("Opening")
    EXTEND = "extend", _("Extension")
    SHORTEN = "shorten", _("Shortening")
    SUSPEND = "suspend", _("Suspension")
    RESUME = "resume", _("Resumption")
    CLOSE = "close", _("Early closing")


class WindowRecord(models.Model):
    """One act upon the window. Neither changed nor deleted: the database refuses it."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="records"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    act = models.CharField(_("act"), max_length=8, choices=WindowAct)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes at"), null=True, blank=True, help_text=_("The first moment that is too late.")
    )
    reason = models.TextField(_("reason"), blank=True)
    document_number = models.CharField(_("document number"), max_length=120, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    made_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("record of the window")
        verbose_name_plural = _("records of the window")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="window_record_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    act="open",
                    opens_at__isnull=False,
                    closes_at__isnull=False,
                    closes_at__gt=F("opens_at"),
                )
                | Q(act__in=["extend", "shorten"], opens_at__isnull=True, closes_at__isnull=False)
                | Q(
                    act__in=["suspend", "resume", "close"],
                    opens_at__isnull=True,
                    closes_at__isnull=True,
                ),
                name="window_record_says_what_its_act_needs",
            ),
            models.CheckConstraint(
                condition=Q(act="open") | (~Q(reason="") & ~Q(document_number="")),
                name="window_changes_for_a_reason_by_a_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation.code} {self.number}: {self.get_act_display()}"

    @property
    def last_moment(self) -> datetime | None:
        """In Hanoi, the last moment that the record still lets in."""
        if self.closes_at is None:
            return None
        return timezone.localtime(self.closes_at - timedelta(microseconds=1))
