"""Surveys and their immutable questionnaires."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PeriodKind(models.TextChoices):
    """How a survey that stays open is cut into the periods that are compared."""

    WHOLE = "whole", _("The whole survey is one period")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class Audience(models.TextChoices):
    ANYONE = "anyone", _("Anyone")
    INVITED = "invited", _("Invited people only, by one-time links")


class Survey(models.Model):
    """A measurement with one window; its words stand in its versions."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    grace_minutes = models.PositiveSmallIntegerField(
        _("grace after closing, in minutes"),
        default=0,
        help_text=_("An answer begun before closing may still be sent for so long."),
    )
    period_kind = models.CharField(
        _("periods"), max_length=8, choices=PeriodKind, default=PeriodKind.WHOLE
    )
    audience = models.CharField(
        _("who answers"),
        max_length=8,
        choices=Audience,
        default=Audience.ANYONE,
        help_text=_("Decided when the survey is made and never changed."),
    )
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("measures again"),
        null=True,
        blank=True,
        related_name="followed_by",
        help_text=_("The earlier survey that this one is compared with."),
    )
    is_demo = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-opens_at"]
        permissions = [
            ("view_results", "Can see the results of surveys"),
            ("review_responses", "Can reject responses with a reason"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="survey_window_runs_forward"
            )
        ]

    def __str__(self) -> str:
        return self.title


class SurveyVersion(models.Model):
    """An immutable questionnaire: canonical JSON and its SHA-256."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    definition = models.JSONField(_("definition"))
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} v{self.number}"
