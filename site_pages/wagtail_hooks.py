"""What the public shell adds to the admin."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import admin_views as views


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("giao-dien/", views.components, name="components"),
        path("giao-dien/xem/", views.component_sheet, name="component_sheet"),
    ]


@hooks.register("register_help_menu_item")
def register_menu() -> MenuItem:
    return MenuItem(
        _("Components"), reverse("components"), name="components", icon_name="view", order=50
    )
