"""What the next report of a survey is to show."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .surveys import Survey


class ReportPlan(models.Model):
    """Chapters chosen by the editor and the working group's comments on them.

    A report keeps the plan it was made by in its snapshot; this row is the next one's.
    """

    survey = models.OneToOneField(
        Survey, models.CASCADE, verbose_name=_("survey"), related_name="report_plan"
    )
    chosen = models.JSONField(_("chapters and comments"), default=dict)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("changed by"), related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("plan of a report")
        verbose_name_plural = _("plans of reports")

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.revision}"
