"""What surveys are built from: the working draft, its trials, and how versions are tied."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .surveys import Survey, SurveyVersion


class QuestionnaireDraft(models.Model):
    """The questionnaire being built; nothing of it is public before it is published."""

    survey = models.OneToOneField(
        Survey, models.PROTECT, related_name="working_draft", verbose_name=_("survey")
    )
    definition = models.JSONField(_("definition"))
    spent = models.JSONField(
        _("codes used so far"),
        default=dict,
        help_text=_("Codes of removed questions and choices are never given out again."),
    )
    revision = models.PositiveIntegerField(_("revision"), default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    updated_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("questionnaire being built")
        verbose_name_plural = _("questionnaires being built")
        permissions = [("build_surveys", "Can build surveys and their questionnaires")]

    def __str__(self) -> str:
        return f"{self.survey.code} r{self.revision}"


class TrialAnswer(models.Model):
    """An editor's own answers to a draft. Kept apart from responses: nothing counts them.

    It holds the questionnaire as it stood when the trial began, and goes after some days.
    """

    survey = models.ForeignKey(
        Survey, models.CASCADE, related_name="trials", verbose_name=_("survey")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("tried by")
    )
    definition = models.JSONField(_("definition"))
    revision = models.PositiveIntegerField(_("revision"))
    answers = models.JSONField(_("answers"), default=dict)
    is_sent = models.BooleanField(_("sent"), default=False)
    started_at = models.DateTimeField(_("started at"))

    class Meta:
        verbose_name = _("trial answer")
        verbose_name_plural = _("trial answers")
        constraints = [
            models.UniqueConstraint(fields=["survey", "user"], name="trial_one_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.user_id}"


class Correction(models.Model):
    """Words of a published questionnaire that were mended after the survey had opened."""

    version = models.ForeignKey(
        SurveyVersion,
        models.PROTECT,
        related_name="corrections",
        verbose_name=_("version that has the new words"),
    )
    place = models.CharField(_("place"), max_length=120)
    old = models.TextField(_("old words"), blank=True)
    new = models.TextField(_("new words"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    made_at = models.DateTimeField(_("corrected at"))

    class Meta:
        verbose_name = _("correction of words")
        verbose_name_plural = _("corrections of words")
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.version} · {self.place}"


class VersionMapping(models.Model):
    """How answers to an earlier questionnaire are read in the terms of a later one.

    `questions` by code in the earlier one: {"to": code in the later one or "", "choices":
    {"<earlier code>": later code or null}}.
    """

    earlier = models.ForeignKey(
        SurveyVersion, models.PROTECT, related_name="mapped_on", verbose_name=_("earlier version")
    )
    later = models.ForeignKey(
        SurveyVersion, models.PROTECT, related_name="mapped_from", verbose_name=_("later version")
    )
    questions = models.JSONField(_("questions"))
    is_break = models.BooleanField(
        _("break in the series"),
        help_text=_("Figures before and after are not compared as if nothing had changed."),
    )
    note = models.TextField(_("what changed and why"), max_length=2000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("mapped by")
    )
    made_at = models.DateTimeField(_("mapped at"))

    class Meta:
        verbose_name = _("mapping of versions")
        verbose_name_plural = _("mappings of versions")
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="version_mapping_once"),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="version_mapping_of_two_versions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"


class WindowChange(models.Model):
    """A survey that had opened was extended or closed early, with the reason told to readers."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="window_changes", verbose_name=_("survey")
    )
    old_closes_at = models.DateTimeField(_("would have closed at"))
    new_closes_at = models.DateTimeField(_("closes at"))
    reason = models.TextField(_("reason"), max_length=500)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    made_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of a survey's time")
        verbose_name_plural = _("changes of surveys' times")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.made_at:%Y-%m-%d}"

    @property
    def is_extension(self) -> bool:
        return self.new_closes_at > self.old_closes_at
