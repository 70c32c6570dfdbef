"""Documents in the admin's menu."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import admin_views as views
from .admin_pages import DocumentListing, DocumentViewSet
from .importing import register_of


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("nhap-van-ban/", views.import_list, name="document_imports"),
        path("nhap-van-ban/gui/", views.hand_in, name="document_import_hand_in"),
        path("nhap-van-ban/mau.csv", views.sample, name="document_import_sample"),
        path("nhap-van-ban/<int:import_id>/", views.import_detail, name="document_import"),
        path("nhap-van-ban/<int:import_id>/nhap/", views.start, name="document_import_start"),
    ]


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        try:
            register_of(request.user)
        except PermissionDenied:
            return False
        return True


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    return ImportMenuItem(
        _("Import documents"),
        reverse("document_imports"),
        name="document-imports",
        icon_name="upload",
        order=320,
    )


@hooks.register("register_admin_viewset")
def register_viewsets() -> list:
    return [DocumentListing(), DocumentViewSet()]


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action("documents.import", _("Import documents"), _("Documents imported"))
