"""The roles of Articles 4, 5 and 12 as permission groups.

Groups are named by a stable English code. What each may do stands in
`editorial.roles`; who is in which follows from the posts, contracts and
memberships in force (`editorial.access`), except the City's leaders.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    BOARD_HEAD = "board-head", _("Head of the Editorial Board")
    BOARD_MEMBER = "board-member", _("Member of the Editorial Board")
    WORKING_GROUP = "working-group", _("Working group")
    COLLABORATOR = "collaborator", _("Collaborator")
    AGENCY_OFFICER = "agency-officer", _("Agency officer")
    # Given by administration; no post of the Board.
    LEADERSHIP = "leadership", _("City leadership")
