"""Training in the admin's addresses, menu and audit log."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import training_views as views
from .confinement import open_address
from .menu import OfficeMenuItem

# Everyone may read their own lines.
open_address("editorial_my_training")


@hooks.register("register_admin_urls")
def register_training_urls() -> list:
    root = "bien-tap/dao-tao/"
    return [
        path(root, views.course_list, name="editorial_courses"),
        path(f"{root}them/", views.course_record, name="editorial_course_record"),
        path(f"{root}cua-toi/", views.of_person, name="editorial_my_training"),
        path(f"{root}nguoi/<int:user_id>/", views.of_person, name="editorial_training_of"),
        path(f"{root}tong-hop/", views.summary, name="editorial_training_summary"),
        path(f"{root}tong-hop/tep.<str:ending>", views.export, name="editorial_training_export"),
        path(f"{root}<int:course_id>/", views.course_detail, name="editorial_course"),
        path(f"{root}<int:course_id>/<slug:code>/", views.course_act, name="editorial_course_act"),
    ]


@hooks.register("register_admin_menu_item")
def register_training_menu() -> MenuItem:
    return OfficeMenuItem(
        _("Training"),
        reverse("editorial_courses"),
        name="editorial-training",
        icon_name="openquote",
        order=230,
    )


@hooks.register("register_log_actions")
def register_training_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("record", _("Enter a course"), _("Course entered")),
        ("change", _("Change a course"), _("Course changed")),
        ("enrol", _("Enter participants"), _("Participants entered")),
        ("certify", _("Note a certificate"), _("Certificate noted")),
        ("strike", _("Strike a participant"), _("Participant taken out")),
    ]:
        actions.register_action(f"editorial.training.{code}", label, message)
