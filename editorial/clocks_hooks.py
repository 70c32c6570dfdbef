"""Clocks of intake in the admin: addresses, button, report, audit row."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from . import clocks
from . import clocks_views as views
from .menu import OfficeMenuItem


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("bien-tap/tre-han/<int:page_id>/", views.late_reason, name="late_reason"),
        path("bao-cao/dung-han/", views.IntakeReport.as_view(), name="intake_report"),
        path(
            "bao-cao/dung-han/ket-qua/",
            views.IntakeReport.as_view(results_only=True),
            name="intake_report_results",
        ),
    ]


@hooks.register("register_page_header_buttons")
def reason_button(page: Page, user, view_name: str, next_url: str | None = None) -> Iterator:
    if clocks.is_overdue(page) and clocks.may_give_reason(user, page):
        yield Button(
            _("Why it is late"),
            reverse("late_reason", args=[page.pk]),
            icon_name="time",
            priority=75,
        )


@hooks.register("register_reports_menu_item")
def register_report() -> MenuItem:
    return OfficeMenuItem(
        views.IntakeReport.page_title,
        reverse("intake_report"),
        name="intake-report",
        icon_name=views.IntakeReport.header_icon,
        order=1020,
    )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "editorial.late_reason.give", _("Say why it is late"), _("The reason of lateness is given")
    )
