"""Meetings in the admin's addresses, menu and audit log."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from portal import clock
from portal.accounts.models import User
from portal.rules.working_days import end_of_day
from site_pages.work_queue import EACH, Waiting, register_work

from . import meeting_views as views
from . import meetings
from .menu import OfficeMenuItem


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


@hooks.register("register_admin_menu_item")
def register_meeting_menu() -> MenuItem:
    return OfficeMenuItem(
        _("Meetings"),
        reverse("editorial_meetings"),
        name="editorial-meetings",
        icon_name="group",
        order=220,
    )


@register_work
def notices_before_me(user: User) -> list[Waiting]:
    """Notices of meetings of which the receipt is not acknowledged yet."""
    return [
        Waiting(
            meeting.title,
            str(_("Acknowledge receipt")),
            reverse("editorial_meeting", args=[meeting.pk]),
            meeting.chair.user.get_full_name(),
            date_format(localtime(meeting.starts_at), "SHORT_DATETIME_FORMAT"),
            meeting.starts_at,
        )
        for meeting in meetings.unacknowledged(user)[:EACH]
    ]


@register_work
def conclusions_before_me(user: User) -> list[Waiting]:
    """What the person is to carry out."""
    return [
        Waiting(
            row.text[:120],
            str(_("Carry out a conclusion")),
            reverse("editorial_conclusion", args=[row.pk]),
            row.meeting.title,
            date_format(row.due_on, "SHORT_DATE_FORMAT"),
            end_of_day(row.due_on),
            row.due_on < clock.today(),
        )
        for row in meetings.to_carry_out(user)[:EACH]
    ]


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
