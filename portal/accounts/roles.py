"""The roles of Articles 4 and 5 as permission groups.

Groups are named by a stable English code; rooms grant their own permissions to
them (in migrations or on setup), never to users one by one.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    BOARD_HEAD = "board-head", _("Head of the Editorial Board")
    BOARD_MEMBER = "board-member", _("Member of the Editorial Board")
    WORKING_GROUP = "working-group", _("Working group")
    EDITOR = "editor", _("Editor")
    LEADERSHIP = "leadership", _("City leadership")
