"""Whom a survey means to ask: the sample plan and its units."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency

from .surveys import Survey


class SizeMethod(models.TextChoices):
    """How many are to be asked."""

    YAMANE = "yamane", _("Yamane: n = N / (1 + N·e²)")
    SHARE = "share", _("By a share, with finite correction")
    STAGES = "stages", _("By stages: units of each stage multiplied")
    FIXED = "fixed", _("A number that was decided")


class Allocation(models.TextChoices):
    PROPORTIONAL = "proportional", _("In proportion to the households of each unit")
    EQUAL = "equal", _("The same number in each unit")


class SamplePlan(models.Model):
    """How many are asked, and how they are spread over the units."""

    survey = models.OneToOneField(
        Survey, models.PROTECT, verbose_name=_("survey"), related_name="sample_plan"
    )
    method = models.CharField(_("method"), max_length=8, choices=SizeMethod)
    margin = models.DecimalField(
        _("margin of error"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.05"),
        help_text=_("e: 0.05 is five percentage points."),
    )
    share = models.DecimalField(
        _("expected share"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.5"),
        help_text=_("p: 0.5 where nothing is known; it gives the largest sample."),
    )
    stages = models.CharField(
        _("units of each stage"),
        max_length=60,
        blank=True,
        help_text=_("For example 6 × 3 × 2 × 250."),
    )
    allocation = models.CharField(
        _("allocation"), max_length=12, choices=Allocation, default=Allocation.PROPORTIONAL
    )
    size = models.PositiveIntegerField(_("sample size"))
    is_enforced = models.BooleanField(
        _("quotas are closed when full"),
        default=False,
        help_text=_("A unit that has its number takes no more answers."),
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("sample plan")
        verbose_name_plural = _("sample plans")
        permissions = [("run_fieldwork", "Can plan and run the fieldwork of surveys")]
        constraints = [
            models.CheckConstraint(
                condition=Q(margin__gt=0, margin__lt=1, share__gt=0, share__lt=1),
                name="sample_plan_shares_between_0_and_1",
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey.code}: {self.size}"


class SampleUnit(models.Model):
    """A place where people are asked: an agency, or a village or group within it."""

    plan = models.ForeignKey(SamplePlan, models.CASCADE, related_name="units")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency"), related_name="+")
    name = models.CharField(
        _("unit"),
        max_length=120,
        blank=True,
        help_text=_("Village or residential group; empty where the whole agency is meant."),
    )
    population = models.PositiveIntegerField(_("households"))
    target = models.PositiveIntegerField(_("to be asked"))
    taken = models.PositiveIntegerField(_("valid answers"), default=0)

    class Meta:
        verbose_name = _("sample unit")
        verbose_name_plural = _("sample units")
        ordering = ["agency", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "agency", "name"], name="sample_unit_once"),
            models.CheckConstraint(
                condition=Q(target__lte=F("population")), name="sample_unit_within_its_households"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.name}" if self.name else str(self.agency)
