"""Hanoi's agencies through time, and who may act for one (Art. 1.2, 13.3)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.text import fold, nfc


class AgencyKind(models.TextChoices):
    DEPARTMENT = "department", _("Department or equivalent")
    WARD = "ward", _("Ward")
    COMMUNE = "commune", _("Commune")


class AgencyQuerySet(models.QuerySet["Agency"]):
    def valid_on(self, day: date) -> AgencyQuerySet:
        """Agencies that exist on `day` (both ends belong to their life)."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


class Agency(models.Model):
    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=AgencyKind)
    symbol = models.CharField(
        _("symbol"),
        max_length=16,
        help_text=_("As it stands in document numbers, e.g. SNV in 05/BC-SNV."),
    )
    official_order = models.PositiveSmallIntegerField(_("official order"), default=0)
    former_district = models.CharField(_("former district"), max_length=100, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("successor"),
        null=True,
        blank=True,
        related_name="predecessors",
    )
    folded_name = models.CharField(max_length=200, editable=False, db_index=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        # Departments first, then wards and communes in the order of Resolution 1656.
        ordering = ["kind_order", "official_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="agency_life_runs_forward",
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("pk")), name="agency_is_not_its_own_successor"
            ),
        ]

    kind_order = models.PositiveSmallIntegerField(editable=False, default=0)

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.name = nfc(self.name).strip()
        self.folded_name = fold(self.name)
        self.kind_order = list(AgencyKind).index(AgencyKind(self.kind))
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name


class Membership(models.Model):
    """A user may act for an agency during a period, by a decision."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("user"),
        related_name="memberships",
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), related_name="memberships"
    )
    decision = models.CharField(
        _("decision"), max_length=100, blank=True, help_text=_("Number and date of the decision.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("agency membership")
        verbose_name_plural = _("agency memberships")
        ordering = ["agency", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "valid_from"], name="membership_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.agency}"
