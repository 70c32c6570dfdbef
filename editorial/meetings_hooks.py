"""Meetings in the admin's addresses, menu and audit log."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import meeting_views as views


@hooks.register("register_admin_urls")
def register_meeting_urls() -> list:
    root, decided = "bien-tap/cuoc-hop/", "bien-tap/ket-luan-hop/"
    return [
        path(root, views.meeting_list, name="editorial_meetings"),
        path(f"{root}them/", views.meeting_prepare, name="editorial_meeting_prepare"),
        path(f"{root}tai-lieu/<int:paper_id>/", views.paper_file, name="editorial_meeting_paper"),
        path(f"{root}<int:meeting_id>/", views.meeting_detail, name="editorial_meeting"),
        path(
            f"{root}<int:meeting_id>/<slug:code>/", views.meeting_act, name="editorial_meeting_act"
        ),
        path(decided, views.conclusion_list, name="editorial_conclusions"),
        path(
            f"{decided}<int:conclusion_id>/", views.conclusion_detail, name="editorial_conclusion"
        ),
        path(
            f"{decided}<int:conclusion_id>/<slug:code>/",
            views.conclusion_act,
            name="editorial_conclusion_act",
        ),
    ]


class MeetingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return views.is_concerned(request)


@hooks.register("register_admin_menu_item")
def register_meeting_menu() -> MenuItem:
    return MeetingMenuItem(
        _("Meetings"),
        reverse("editorial_meetings"),
        name="editorial-meetings",
        icon_name="group",
        order=220,
    )


@hooks.register("register_log_actions")
def register_meeting_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("meeting.prepare", _("Prepare a meeting"), _("Meeting set up")),
        ("meeting.change", _("Change a meeting"), _("Time, place or people changed")),
        ("meeting.agenda", _("Write an agenda"), _("Agenda written")),
        ("meeting.invite", _("Invite"), _("People invited")),
        ("meeting.paper", _("Add a document to a meeting"), _("Document added")),
        ("meeting.notify", _("Send a notice"), _("Notice sent")),
        ("meeting.acknowledge", _("Acknowledge a notice"), _("Receipt acknowledged")),
        ("meeting.hold", _("Hold a meeting"), _("Meeting held")),
        ("meeting.minutes", _("Write minutes"), _("Proceedings written")),
        ("meeting.conclude", _("Conclude"), _("Conclusion added")),
        ("meeting.drop", _("Drop a conclusion"), _("Conclusion taken out of the minutes")),
        ("meeting.sign_off", _("Sign off minutes"), _("Minutes signed off")),
        ("meeting.cancel", _("Cancel a meeting"), _("Meeting cancelled")),
        ("conclusion.finish", _("Finish a conclusion"), _("Reported as carried out")),
        ("conclusion.again", _("Take up a conclusion again"), _("Open again")),
    ]:
        actions.register_action(f"editorial.{code}", label, message)
