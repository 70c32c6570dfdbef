"""Items of the public in the admin's addresses, menu, work queue and audit log."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from portal.accounts.models import User
from portal.accounts.roles import Role
from site_pages.work_queue import EACH, Waiting, register_work

from . import contribution_admin_views as views
from .authority import may_screen
from .contributions import waiting
from .desk import Panel, register_panel
from .menu import OfficeMenuItem


class GroupMenuItem(OfficeMenuItem):
    """For the working group; the views ask again who may screen today."""

    roles = frozenset({Role.WORKING_GROUP})


@hooks.register("register_admin_urls")
def register_contribution_urls() -> list:
    root = "bien-tap/tin-gui-den/"
    return [
        path(root, views.contribution_list, name="editorial_contributions"),
        path(
            f"{root}tep/<int:file_id>/",
            views.contribution_file,
            name="editorial_contribution_file",
        ),
        path(
            f"{root}<int:contribution_id>/",
            views.contribution_detail,
            name="editorial_contribution",
        ),
        path(
            f"{root}<int:contribution_id>/<slug:code>/",
            views.contribution_act,
            name="editorial_contribution_act",
        ),
    ]


@hooks.register("register_admin_menu_item")
def register_contribution_menu() -> MenuItem:
    return GroupMenuItem(
        _("Sent in by the public"),
        reverse("editorial_contributions"),
        name="editorial-contributions",
        icon_name="upload",
        order=205,
    )


@register_work
def contributions_before_me(user: User) -> list[Waiting]:
    """Items on which nobody has decided, the oldest first."""
    if not may_screen(user):
        return []
    return [
        Waiting(
            row.title,
            _now("Look at what the public sent in"),
            reverse("editorial_contribution", args=[row.pk]),
            row.get_sender_kind_display(),
        )
        for row in waiting()[:EACH]
    ]


@register_panel(5)
def sent_in_by_the_public(request: HttpRequest) -> Panel | None:
    count = waiting().count() if may_screen(request.user) else 0
    if not count:
        return None
    return Panel(
        _now("Sent in by the public"),
        "editorial/admin/contribution_panel.html",
        {"count": count, "oldest": waiting()[:EACH]},
    )


@hooks.register("register_log_actions")
def register_contribution_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("take-up", _("Take up an item of the public"), _("Taken up for editing")),
        ("refuse", _("Refuse an item of the public"), _("Refused")),
        ("erase", _("Erase who sent an item"), _("Personal data erased")),
    ]:
        actions.register_action(f"editorial.contribution.{code}", label, message)
