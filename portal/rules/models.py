"""The law as dated data: legal bases, values, the working calendar."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal import clock

from .keys import KEYS, Unit


class LegalBasis(models.Model):
    number = models.CharField(
        _("number"), max_length=60, unique=True, help_text=_("E.g. 224/2026/NĐ-CP.")
    )
    title = models.CharField(_("title"), max_length=300)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("superseded by"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class RuleValue(models.Model):
    """A value of a rule during a period, by a legal basis.

    Several bases may give one key different values on one day; portal.rules.values
    lets the stricter decide and shows the others.
    """

    key = models.CharField(
        _("rule"),
        max_length=60,
        choices=[(rule.key, rule.name) for rule in KEYS.values()],
    )
    amount = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    basis = models.ForeignKey(LegalBasis, models.PROTECT, verbose_name=_("legal basis"))
    article = models.CharField(
        _("article"), max_length=120, blank=True, help_text=_("Article, clause and point.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("rule value")
        verbose_name_plural = _("rule values")
        ordering = ["key", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rule_value_runs_forward",
            ),
            models.UniqueConstraint(
                fields=["key", "basis", "valid_from"], name="rule_value_once_per_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.amount.normalize():f}"

    def clean(self) -> None:
        self._refuse_change_of_the_past()
        self._refuse_overlap()

    def _refuse_change_of_the_past(self) -> None:
        if not self.pk:
            return
        before = RuleValue.objects.filter(pk=self.pk).first()
        if before is None or before.valid_from > clock.today():
            return
        frozen = ("key", "amount", "basis_id", "valid_from")
        if any(getattr(before, name) != getattr(self, name) for name in frozen):
            raise ValidationError(
                _(
                    "This value is already in force and figures rest on it. "
                    "Give it an end date and add a new value from the next day."
                )
            )

    def _refuse_overlap(self) -> None:
        if not (self.key and self.basis_id and self.valid_from):
            return
        others = RuleValue.objects.filter(key=self.key, basis_id=self.basis_id).exclude(pk=self.pk)
        others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=self.valid_from))
        if self.valid_to:
            others = others.filter(valid_from__lte=self.valid_to)
        if others.exists():
            raise ValidationError(
                _("Another value of this rule by the same basis covers part of this period.")
            )

    @property
    def unit(self) -> Unit:
        return KEYS[self.key].unit


class DayKind(models.TextChoices):
    OFF = "off", _("Day off")
    MAKEUP_WORK = "makeup_work", _("Make-up working day")


class CalendarDay(models.Model):
    """A day that differs from the plain week: a holiday or a make-up Saturday."""

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=DayKind)
    name = models.CharField(_("name"), max_length=120)
    basis = models.CharField(
        _("basis"), max_length=120, blank=True, help_text=_("Announcement or law.")
    )
    is_provisional = models.BooleanField(
        _("provisional"),
        default=False,
        help_text=_("Expected, but the yearly announcement is not out."),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
