"""The ways in which an answer reaches the portal."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    WEB = "web", _("Web")
    QR = "qr", _("QR code at a counter")
    KIOSK = "kiosk", _("Kiosk at the one-stop shop")
    INVITATION = "invitation", _("Invitation")
    PAPER = "paper", _("Paper, entered by staff")
