"""Consultations in the admin's addresses, menu and audit log."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import admin_views as views
from .access import may_follow
from .synthesis import hooks as synthesis_hooks  # noqa: F401

ROOT = "lay-y-kien/"


@hooks.register("register_admin_urls")
def register_urls() -> list:
    one, text, place = f"{ROOT}<int:consultation_id>/", f"{ROOT}ban/<int:text_id>/", f"{ROOT}muc/"
    return [
        path(ROOT, views.consultation_list, name="consultations"),
        path(f"{ROOT}them/", views.consultation_prepare, name="consultation_prepare"),
        path(one, views.consultation_detail, name="consultation"),
        path(f"{one}<slug:code>/", views.consultation_act, name="consultation_act"),
        path(text, views.text_detail, name="draft_text"),
        path(f"{text}tep-goc/", views.text_source, name="draft_text_source"),
        path(f"{text}doi-chieu/", views.text_mapping, name="draft_text_mapping"),
        path(f"{text}viec/<slug:code>/", views.text_act, name="draft_text_act"),
        path(
            f"{ROOT}tai-lieu/<int:attachment_id>/",
            views.attachment_file,
            name="draft_attachment",
        ),
        path(
            f"{ROOT}tai-lieu/<int:attachment_id>/bo/", views.detach, name="draft_attachment_detach"
        ),
        path(f"{place}<int:provision_id>/", views.provision_detail, name="provision"),
        path(f"{place}<int:provision_id>/<slug:code>/", views.provision_act, name="provision_act"),
    ]


class ConsultationsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_follow(request.user)


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    return ConsultationsMenuItem(
        _("Consultations"),
        reverse("consultations"),
        name="consultations",
        icon_name="comment",
        order=300,
    )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("prepare", _("Prepare a consultation"), _("Consultation prepared")),
        ("change", _("Change the terms of a consultation"), _("Terms changed")),
        ("window.open", _("Set the window"), _("Window set")),
        ("window.extend", _("Extend the window"), _("Window extended")),
        ("window.shorten", _("Shorten the window"), _("Window shortened")),
        ("window.suspend", _("Suspend the consultation"), _("Consultation suspended")),
        ("window.resume", _("Resume the consultation"), _("Consultation resumed")),
        ("window.close", _("Close the consultation early"), _("Consultation closed early")),
        ("text.begin", _("Begin a version"), _("Version begun")),
        ("text.hand_in", _("Hand in a draft"), _("Draft handed in")),
        ("text.paste", _("Paste a draft"), _("Text of the draft pasted")),
        ("text.attach", _("Add a document to a draft"), _("Document added")),
        ("text.detach", _("Take a document away"), _("Document taken away")),
        ("text.correct", _("Correct a provision"), _("Provision corrected")),
        ("text.map", _("Map provisions"), _("Provisions mapped")),
        ("text.publish", _("Publish a version"), _("Version published")),
        ("text.take_back", _("Prepare a version further"), _("Version taken back")),
    ]:
        actions.register_action(f"consultations.{code}", label, message)
