"""What the public shell adds to the admin."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.documents.models import Document
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from . import admin_views as views
from . import keeping, withdrawal_views  # noqa: F401
from .media_serving import serve_range
from .withdrawal import KeepingTester


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("giao-dien/", views.components, name="components"),
        path("giao-dien/xem/", views.component_sheet, name="component_sheet"),
        path("trang/<int:page_id>/rut/", withdrawal_views.withdraw, name="page_withdraw"),
        path("trang/<int:page_id>/dang-lai/", withdrawal_views.put_back, name="page_put_back"),
    ]


@hooks.register("register_help_menu_item")
def register_menu() -> MenuItem:
    return MenuItem(
        _("Components"), reverse("components"), name="components", icon_name="view", order=50
    )


# After Wagtail's own check of the collection's restrictions.
@hooks.register("before_serve_document", order=100)
def serve_media_in_ranges(document: Document, request: HttpRequest) -> HttpResponse | None:
    return serve_range(document, request)


@hooks.register("register_page_header_buttons")
def withdraw_button(page: Page, user, view_name: str, next_url: str | None = None) -> Iterator:
    if KeepingTester(user, page).can_withdraw():
        yield Button(
            _("Withdraw by an order"),
            reverse("page_withdraw", args=[page.pk]),
            icon_name="no-view",
            priority=60,
        )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action("site_pages.withdraw", _("Withdraw"), _("Withdrawn by an order"))
    actions.register_action("site_pages.put_back", _("Publish again"), _("Published again"))
