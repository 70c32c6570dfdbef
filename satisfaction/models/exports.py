"""Files of responses that analysts order: who ordered what, when, and the file's proof."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .measuring import Weighting
from .surveys import Survey


class ExportFormat(models.TextChoices):
    CSV = "csv", _("CSV (semicolons, UTF-8)")
    XLSX = "xlsx", _("Excel (.xlsx)")
    SAV = "sav", _("SPSS (.sav)")
    JSONL = "jsonl", _("JSON Lines")


class ExportTexts(models.TextChoices):
    NONE = "none", _("Without free texts")
    MASKED = "masked", _("With free texts, personal data masked")
    ORIGINAL = "original", _("With free texts as they were written")


class ExportState(models.TextChoices):
    ORDERED = "ordered", _("Ordered")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired and erased")


class DataExport(models.Model):
    """One ordered file. `seed` shuffles the rows, `upto` is the newest response in it: made twice,
    the file is the same."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="exports", verbose_name=_("survey")
    )
    format = models.CharField(_("format"), max_length=6, choices=ExportFormat)
    texts = models.CharField(
        _("free texts"), max_length=10, choices=ExportTexts, default=ExportTexts.NONE
    )
    weighting = models.ForeignKey(
        Weighting,
        models.PROTECT,
        related_name="+",
        verbose_name=_("weights"),
        null=True,
        blank=True,
        help_text=_("Whose weight stands beside each response; empty for none."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState, default=ExportState.ORDERED
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    ordered_at = models.DateTimeField(_("ordered at"), db_index=True)
    seed = models.CharField(max_length=32)
    upto = models.BigIntegerField(null=True)
    key = models.CharField(max_length=32, unique=True)
    rows = models.PositiveIntegerField(_("rows"), null=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("erased at"))

    class Meta:
        verbose_name = _("export of responses")
        verbose_name_plural = _("exports of responses")
        ordering = ["-ordered_at", "-pk"]
        permissions = [
            ("export_responses", "Can export responses for analysis"),
            ("export_original_texts", "Can export free texts as they were written"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready")
                | (Q(rows__isnull=False, size__isnull=False) & ~Q(sha256="")),
                name="data_export_ready_with_its_proof",
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.pk}.{self.format}"

    @property
    def file_name(self) -> str:
        return f"{self.survey.code}-{self.pk}.{self.format}"
