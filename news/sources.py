"""Official sources of reused information and their written permissions (Art. 3.5)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable


class OfficialSourceKind(models.TextChoices):
    STATE = "state", _("Portal of a state agency")
    PARTY = "party", _("Portal of the Party")
    PRESS = "press", _("Press agency")
    ORGANISATION = "organisation", _("Other organisation")
    EXPERT = "expert", _("Expert")


class OfficialSource(ClusterableModel):
    """A source from which items may be reused."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OfficialSourceKind)
    address = models.URLField(_("address"), blank=True)
    requires_permission = models.BooleanField(
        _("wants a written permission"),
        default=False,
        help_text=_("Art. 3.5: without a valid one nothing of this source is published."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("address"),
        FieldPanel("requires_permission"),
        InlinePanel("permissions", label=_("Written permission")),
    ]

    class Meta:
        verbose_name = _("official source")
        verbose_name_plural = _("official sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def permits_on(self, day: date) -> bool:
        """Whether items of this source may be published on the day."""
        if not self.requires_permission:
            return True
        valid = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        return SourcePermission.objects.filter(valid, source=self, issued_on__lte=day).exists()


class SourcePermission(Orderable):
    """A written permission of a source, with its life."""

    source = ParentalKey(OfficialSource, on_delete=models.CASCADE, related_name="permissions")
    number = models.CharField(_("number and symbol"), max_length=60)
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    scope = models.CharField(_("what it covers"), max_length=300, blank=True)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        models.PROTECT,
        verbose_name=_("file"),
        null=True,
        blank=True,
        related_name="+",
    )

    panels = [
        FieldPanel("number"),
        FieldPanel("issued_on"),
        FieldPanel("valid_until"),
        FieldPanel("scope"),
        FieldPanel("document"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("written permission")
        verbose_name_plural = _("written permissions")

    def __str__(self) -> str:
        return self.number
