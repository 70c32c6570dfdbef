"""Reports in the admin's menu."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import admin_views as views


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("bao-cao/", views.edition_list, name="edition_list"),
        path("bao-cao/<int:edition_id>/", views.edition_detail, name="edition_detail"),
        path("bao-cao/<int:edition_id>/tien-do/", views.edition_status, name="edition_status"),
        path("bao-cao/<int:edition_id>/tep.pdf", views.edition_file, name="edition_file"),
        path(
            "bao-cao/<int:edition_id>/tep/<slug:kind>/",
            views.edition_extra,
            name="edition_extra_file",
        ),
        path("bao-cao/<int:edition_id>/so/", views.number, name="edition_number"),
        path("bao-cao/<int:edition_id>/cong-bo/", views.publish, name="edition_publish"),
        path("bao-cao/<int:edition_id>/lap-lai/", views.retry, name="edition_retry"),
        path("bao-cao/<int:edition_id>/dinh-chinh/", views.correct, name="edition_correct"),
    ]


class EditionMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("reporting.view_edition")


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    return EditionMenuItem(
        _("Published reports"),
        reverse("edition_list"),
        name="editions",
        icon_name="doc-full-inverse",
        order=320,
    )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("order", _("Order"), _("Report ordered")),
        ("retry", _("Make again"), _("Report made again")),
        ("number", _("Number"), _("Document number entered")),
        ("publish", _("Publish"), _("Report published")),
    ]:
        actions.register_action(f"reporting.edition.{code}", label, message)
