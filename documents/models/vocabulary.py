"""The words of the register: types, levels, states, relations."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    CENTRAL = "central", _("Central")
    CITY = "city", _("City")


class DocumentType(models.TextChoices):
    LAW = "luat", _("Law")
    ORDINANCE = "phap-lenh", _("Ordinance")
    RESOLUTION = "nghi-quyet", _("Resolution")
    DECREE = "nghi-dinh", _("Decree")
    DECISION = "quyet-dinh", _("Decision")
    DIRECTIVE = "chi-thi", _("Directive")
    CIRCULAR = "thong-tu", _("Circular")
    JOINT_CIRCULAR = "thong-tu-lien-tich", _("Joint circular")
    PLAN = "ke-hoach", _("Plan")
    PROGRAMME = "chuong-trinh", _("Programme")
    SCHEME = "de-an", _("Scheme")
    GUIDANCE = "huong-dan", _("Guidance")
    LETTER = "cong-van", _("Official letter")
    REPORT = "bao-cao", _("Report")
    SUBMISSION = "to-trinh", _("Submission")
    NOTICE = "thong-bao", _("Notice")
    CONCLUSION = "ket-luan", _("Conclusion")
    TELEGRAM = "cong-dien", _("Official telegram")
    STATUTE = "quy-che", _("Internal regulation")
    RULE = "quy-dinh", _("Rule")
    INVITATION = "giay-moi", _("Invitation")
    MINUTES = "bien-ban", _("Minutes")


class Force(models.TextChoices):
    """State of a document on a day."""

    NOT_YET = "not-yet", _("Not yet in force")
    IN_FORCE = "in-force", _("In force")
    PARTLY = "partly", _("Partly expired")
    EXPIRED = "expired", _("Expired")


class RelationKind(models.TextChoices):
    REPLACES = "replaces", _("replaces")
    AMENDS = "amends", _("amends")
    REPEALS = "repeals", _("repeals")
    REPEALS_PART = "repeals-part", _("repeals part of")
    GUIDES = "guides", _("guides")
    BASED_ON = "based-on", _("is based on")


BACKWARDS = {
    RelationKind.REPLACES: _("is replaced by"),
    RelationKind.AMENDS: _("is amended by"),
    RelationKind.REPEALS: _("is repealed by"),
    RelationKind.REPEALS_PART: _("is repealed in part by"),
    RelationKind.GUIDES: _("is guided by"),
    RelationKind.BASED_ON: _("is the basis of"),
}
LEGAL_FORCE = {
    Force.IN_FORCE: "InForce",
    Force.PARTLY: "PartiallyInForce",
    Force.NOT_YET: "NotInForce",
    Force.EXPIRED: "NotInForce",
}
# What takes another document's force away, wholly or in part.
ENDING = (RelationKind.REPLACES, RelationKind.REPEALS)
CHANGING = (RelationKind.AMENDS, RelationKind.REPEALS_PART)
NEVER = date(9999, 12, 31)
