"""Menu items by today's roles, which a request has asked for already."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

from portal.accounts.roles import Role

from .standing import roles_today

IN_OFFICE = frozenset({Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.WORKING_GROUP})


class OfficeMenuItem(MenuItem):
    """For the Board and the working group."""

    roles = IN_OFFICE

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(roles_today(request.user) & self.roles)


class CollaboratorMenuItem(OfficeMenuItem):
    roles = frozenset({Role.COLLABORATOR})
