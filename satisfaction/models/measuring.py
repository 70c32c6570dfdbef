"""How figures are made of answers: definitions of the index, weightings."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency

from .surveys import Survey

# Shares are printed as percentages: a share's decimals are two more than these.
MOST_DECIMALS = 4


class Pooling(models.TextChoices):
    """What the index is the mean of."""

    ANSWERS = "answers", _("All answers together")
    ITEMS = "items", _("Every item alike")
    FACTORS = "factors", _("Every criterion alike")
    WEIGHTS = "weights", _("Criteria with weights of their own")


class NotApplicable(models.TextChoices):
    """What "not applicable" is to the index."""

    LEFT_OUT = "left_out", _("Not applicable is in no denominator")
    NOT_SATISFIED = "not_satisfied", _("Not applicable counts as an answer that is not satisfied")


class IndexDefinition(models.Model):
    """How a survey's index is computed. Never edited: another way is a new number."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, verbose_name=_("survey"), related_name="index_definitions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    items = models.JSONField(_("items"), help_text=_("Codes of the questions that make the index."))
    satisfied = models.JSONField(_("satisfied levels"))
    not_applicable = models.CharField(
        _("not applicable"),
        max_length=14,
        choices=NotApplicable,
        default=NotApplicable.LEFT_OUT,
    )
    pooling = models.CharField(
        _("what is averaged"), max_length=8, choices=Pooling, default=Pooling.ANSWERS
    )
    weights = models.JSONField(
        _("weights of the criteria"),
        default=dict,
        blank=True,
        help_text=_("By code of the criterion; they are scaled to add up to one."),
    )
    decimals = models.PositiveSmallIntegerField(
        _("decimals of the percentage"),
        default=2,
        validators=[MaxValueValidator(MOST_DECIMALS)],
        help_text=_("Rounded half up."),
    )
    basis = models.CharField(
        _("legal basis"), max_length=500, help_text=_("The decision that lays this down.")
    )
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made by"), related_name="+"
    )
    used_at = models.DateTimeField(
        _("first used at"), null=True, help_text=_("When a report was first made by it.")
    )

    class Meta:
        verbose_name = _("definition of the index")
        verbose_name_plural = _("definitions of the index")
        ordering = ["survey", "-number"]
        permissions = [("define_measures", "Can say how figures of surveys are computed")]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="index_definition_once"),
            models.CheckConstraint(
                condition=Q(decimals__lte=MOST_DECIMALS), name="index_definition_decimals"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.number}"


class WeighingMethod(models.TextChoices):
    RAKING = "raking", _("Raking: each question's shares")
    POST_STRATIFICATION = "poststrat", _("Post-stratification: shares of combinations")


class WeightingState(models.TextChoices):
    ORDERED = "ordered", _("Being computed")
    MADE = "made", _("Made")
    FAILED = "failed", _("Could not be computed")


class Weighting(models.Model):
    """Weights that give the respondents the make-up of the population. Never edited."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, verbose_name=_("survey"), related_name="weightings"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    method = models.CharField(
        _("method"), max_length=10, choices=WeighingMethod, default=WeighingMethod.RAKING
    )
    questions = models.JSONField(
        _("questions"), help_text=_("Codes of the questions about oneself, in order.")
    )
    targets = models.JSONField(
        _("shares in the population"),
        help_text=_("One set of shares by question; or one by combinations of codes."),
    )
    lowest = models.DecimalField(
        _("smallest weight"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    highest = models.DecimalField(
        _("largest weight"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    source = models.CharField(
        _("source of the shares"), max_length=500, help_text=_("Who counted, and of which year.")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=WeightingState, default=WeightingState.ORDERED
    )
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    report = models.JSONField(_("how the fitting went"), default=dict, blank=True)
    ordered_at = models.DateTimeField(_("ordered at"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("ordered by"), related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), null=True)

    class Meta:
        verbose_name = _("weighting")
        verbose_name_plural = _("weightings")
        ordering = ["survey", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="weighting_once"),
            models.CheckConstraint(
                condition=Q(lowest=None, highest=None) | Q(lowest__lt=1, highest__gt=1),
                name="weighting_limits_hold_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.number}"


class WeightGroup(models.Model):
    """People with the same answers about themselves: they share one weight."""

    weighting = models.ForeignKey(Weighting, models.CASCADE, related_name="groups")
    profile = models.JSONField(help_text=_("A code a question; null where nothing was said."))
    n = models.PositiveIntegerField()
    weight = models.FloatField()

    class Meta:
        verbose_name = _("group with a weight")
        verbose_name_plural = _("groups with a weight")

    def __str__(self) -> str:
        return f"{self.profile}: {self.weight:.4f}"


class WeightMoment(models.Model):
    """The five sums of a group at an agency, in a scope of the index."""

    group = models.ForeignKey(WeightGroup, models.CASCADE, related_name="moments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    scope = models.CharField(max_length=20, blank=True)
    n = models.IntegerField()
    sy = models.IntegerField()
    sx = models.IntegerField()
    syy = models.IntegerField()
    sxy = models.IntegerField()
    sxx = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "scope", "agency"], name="weight_moment_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope or 'index'}: {self.sy}/{self.sx} of {self.n}"
