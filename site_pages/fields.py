"""The second axis of Article 6: the fields of reform (Resolution 76/NQ-CP)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReformField(models.TextChoices):
    DIRECTION = "direction", _("Direction of reform")
    INSTITUTIONS = "institutions", _("Institutional reform")
    PROCEDURES = "procedures", _("Administrative procedures")
    ORGANISATION = "organisation", _("Organisation of agencies")
    CIVIL_SERVICE = "civil-service", _("Civil service")
    PUBLIC_FINANCE = "public-finance", _("Public finance")
    DIGITAL = "digital", _("Digital government")
