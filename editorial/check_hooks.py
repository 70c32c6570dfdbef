"""Checks of what is public in the admin's addresses, menu, panels and audit log."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from site_pages.work_queue import EACH, Waiting, register_work

from . import check_views as views
from . import checking
from .confinement import open_address
from .desk import Panel, register_panel
from .menu import OfficeMenuItem

# The view asks whom the item concerns: its author reads what is to be corrected.
open_address("editorial_check")


@hooks.register("register_admin_urls")
def register_check_urls() -> list:
    root = "bien-tap/hau-kiem/"
    return [
        path(root, views.check_list, name="editorial_checks"),
        path(f"{root}tien-do/", views.progress, name="editorial_progress"),
        path(f"{root}<int:page_id>/", views.check_item, name="editorial_check"),
    ]


@hooks.register("register_admin_menu_item")
def register_check_menu() -> MenuItem:
    return OfficeMenuItem(
        pgettext_lazy("menu", "Checks"),
        reverse("editorial_checks"),
        name="editorial-checks",
        icon_name="check",
        order=215,
    )


@register_work
def checks_before_me(user: User) -> list[Waiting]:
    """What the person is in charge of and has not looked at in time."""
    if not checking.decides(user):
        return []
    return [_waiting(page) for page in checking.due(user).select_related("owner")[:EACH]]


def _waiting(page: Page) -> Waiting:
    return Waiting(
        page.get_admin_display_title(),
        str(_("Check what is public")),
        reverse("editorial_check", args=[page.pk]),
        page.owner.get_full_name() if page.owner else "",
        date_format(localtime(page.check_due_at), "SHORT_DATE_FORMAT"),
        page.check_due_at,
        page.check_due_at < clock.now(),
    )


@register_panel(6)
def to_put_right(request: HttpRequest) -> Panel | None:
    tasks = list(checking.open_tasks(request.user)[:EACH])
    if not tasks:
        return None
    return Panel(
        _("To be corrected or withdrawn"), "editorial/admin/check_tasks.html", {"tasks": tasks}
    )


@hooks.register("register_log_actions")
def register_check_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "editorial.check", _("Check what is public"), _("Checked after publication")
    )
