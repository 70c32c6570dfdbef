"""What the public shell adds to the admin."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.models import Document

from . import admin_views as views
from .media_serving import serve_range


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


# After Wagtail's own check of the collection's restrictions.
@hooks.register("before_serve_document", order=100)
def serve_media_in_ranges(document: Document, request: HttpRequest) -> HttpResponse | None:
    return serve_range(document, request)
