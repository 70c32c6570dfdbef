"""The coverage of sections and agencies in the admin's addresses and menu."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import coverage_views as views
from .report_hooks import BoardMenuItem


@hooks.register("register_admin_urls")
def register_coverage_urls() -> list:
    root = "bien-tap/do-phu/"
    return [
        path(root, views.show, name="editorial_coverage"),
        path(f"{root}<slug:table>/", views.show, name="editorial_coverage_of"),
        path(
            f"{root}<slug:table>/tep.<str:ending>", views.export, name="editorial_coverage_export"
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_coverage_menu() -> MenuItem:
    return BoardMenuItem(
        _("Coverage"),
        reverse("editorial_coverage"),
        name="coverage",
        icon_name="table",
        order=905,
    )
