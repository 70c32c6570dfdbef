"""Questionnaires handed in as files of other survey tools."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .surveys import Survey


class ImportFormat(models.TextChoices):
    XLSFORM = "xlsform", _("XLSForm (.xlsx)")
    LIMESURVEY = "lss", _("LimeSurvey (.lss)")


class QuestionnaireImportState(models.TextChoices):
    REFUSED = "refused", _("Refused")
    CHECKED = "checked", _("Read; nothing is changed yet")
    TAKEN = "taken", _("Put into the working draft")


class QuestionnaireImport(models.Model):
    """A dry run: what a file holds and what would become of it. The file itself is not kept."""

    survey = models.ForeignKey(
        Survey, models.CASCADE, related_name="imports", verbose_name=_("survey")
    )
    file_name = models.CharField(_("file"), max_length=120)
    format = models.CharField(_("format"), max_length=10, choices=ImportFormat)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=QuestionnaireImportState)
    definition = models.JSONField(_("definition"), null=True)
    lines = models.JSONField(_("report"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("handed in by"),
    )
    created_at = models.DateTimeField(_("handed in at"), db_index=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of a questionnaire")
        verbose_name_plural = _("imports of questionnaires")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(definition__isnull=False),
                name="questionnaire_import_refused_without_one",
            ),
            models.CheckConstraint(
                condition=Q(state="taken") ^ Q(taken_at__isnull=True),
                name="questionnaire_import_taken_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
