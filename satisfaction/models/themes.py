"""Free texts grouped into themes that a person approves; what reports may say of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .responses import TextAnswer
from .surveys import Survey


class ThemeGrouping(models.Model):
    """The grouping of one question's texts; `made_at` is empty while it is being proposed."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="groupings", verbose_name=_("survey")
    )
    question = models.CharField(_("question"), max_length=20)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    ordered_at = models.DateTimeField(_("ordered at"))
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)

    class Meta:
        verbose_name = _("grouping of free texts")
        verbose_name_plural = _("groupings of free texts")
        constraints = [
            models.UniqueConstraint(fields=["survey", "question"], name="theme_grouping_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.question}"


class ThemeState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")


class Theme(models.Model):
    """A proposal until a person approves it; a change of its texts makes it one again."""

    grouping = models.ForeignKey(
        ThemeGrouping, models.CASCADE, related_name="themes", verbose_name=_("grouping")
    )
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(
        _("state"), max_length=10, choices=ThemeState, default=ThemeState.PROPOSED
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["pk"]
        permissions = [("group_texts", "Can group free texts into themes and approve them")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="approved") ^ Q(approved_at__isnull=True),
                name="theme_approved_at_a_moment",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ThemeText(models.Model):
    """A text stands in one theme at most: the counts of a question's themes add up."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="members")
    text = models.OneToOneField(TextAnswer, models.CASCADE, related_name="placed")

    def __str__(self) -> str:
        return f"{self.theme_id} · {self.text_id}"


class ThemeQuote(models.Model):
    """Words of a text, masked, that a person chose for the report."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="quotes")
    text = models.ForeignKey(TextAnswer, models.CASCADE, related_name="+")
    excerpt = models.CharField(_("excerpt"), max_length=500)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("chosen by")
    )
    chosen_at = models.DateTimeField(_("chosen at"))

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "text"], name="theme_quotes_a_text_once")
        ]

    def __str__(self) -> str:
        return self.excerpt[:60]
