"""The register of training (Art. 12.1.c)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Course(models.Model):
    """Training in knowledge or skill for those who run the site or supply it."""

    subject = models.CharField(_("subject"), max_length=250)
    organiser = models.CharField(_("organiser"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("training course")
        verbose_name_plural = _("training courses")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="course_runs_forward"
            ),
            models.UniqueConstraint(fields=["subject", "starts_on"], name="course_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.starts_on:%d/%m/%Y})"


class Participation(models.Model):
    """Someone who took part, and the certificate that came of it."""

    course = models.ForeignKey(
        Course, models.CASCADE, verbose_name=_("course"), related_name="participations"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("person"),
        related_name="trainings",
    )
    certificate = models.CharField(
        _("certificate"), max_length=160, blank=True, help_text=_("Number, date, result.")
    )

    class Meta:
        verbose_name = _("participation in training")
        verbose_name_plural = _("participations in training")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["course", "user"], name="participates_once")]

    def __str__(self) -> str:
        return f"{self.user.get_full_name()} – {self.course}"
