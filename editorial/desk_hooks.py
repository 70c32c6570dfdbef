"""The collaborators' small admin: one menu item, narrowed choosers, no search."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from . import desk_views as views
from .confinement import DESK, is_confined, visible_files, visible_pages
from .standing import roles_today

# What stays in the menu of confined people; slices add the names of their own items.
KEPT_MENU_ITEMS = {"desk", "notices"}


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [path("bien-tap/viec-cua-toi/", views.show, name=DESK)]


class DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(roles_today(request.user))


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    return DeskMenuItem(_("My work"), reverse(DESK), name="desk", icon_name="home", order=10)


@hooks.register("construct_main_menu", order=1000)
def only_the_desk(request: HttpRequest, items: list) -> None:
    if is_confined(request.user):
        items[:] = [item for item in items if item.name in KEPT_MENU_ITEMS]


@hooks.register("construct_search")
@hooks.register("construct_help_menu")
@hooks.register("construct_reports_menu")
@hooks.register("construct_settings_menu")
def nothing_else(request: HttpRequest, items: list) -> None:
    if is_confined(request.user):
        items[:] = []


@hooks.register("construct_explorer_page_queryset")
def own_and_public_in_explorer(parent: Page, pages: QuerySet, request: HttpRequest) -> QuerySet:
    return visible_pages(pages, request.user) if is_confined(request.user) else pages


@hooks.register("construct_page_chooser_queryset")
def own_and_public_pages(pages: QuerySet, request: HttpRequest) -> QuerySet:
    return visible_pages(pages, request.user) if is_confined(request.user) else pages


@hooks.register("construct_image_chooser_queryset")
@hooks.register("construct_document_chooser_queryset")
def own_and_public_files(files: QuerySet, request: HttpRequest) -> QuerySet:
    return visible_files(files, request.user) if is_confined(request.user) else files
