"""What the quality of answers is judged by."""

from __future__ import annotations

import ipaddress

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency


class Flag(models.TextChoices):
    """What looks odd about an answer. It counts all the same; results show both."""

    SPEEDING = "speeding", _("Much faster than others")
    STRAIGHT_LINING = "straight_lining", _("The same level in every row")
    BURST = "burst", _("Many from one device within an hour")
    OWN_NETWORK = "own_network", _("From the rated agency's own network")
    AFTER_END = "after_end", _("Sent after the kiosk or the survey had ended")
    DOUBTED = "doubted", _("Doubted on review")


def check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=True)
    except ValueError:
        raise ValidationError(_("Write a network such as 10.12.0.0/16 or 2001:db8::/48.")) from None


class AgencyNetwork(models.Model):
    """Addresses that an agency's own offices use."""

    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency"), related_name="+")
    network = models.CharField(
        _("network"),
        max_length=49,
        validators=[check_network],
        help_text=_("For example 10.12.0.0/16 or 2001:db8::/48."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("agency network")
        verbose_name_plural = _("agency networks")
        ordering = ["agency", "network"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "network"], name="agency_network_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.network}"
