"""Opinions and invitations in the admin's addresses, menu, work queue, desk and audit log."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from editorial.confinement import open_address
from editorial.desk import Panel, register_panel
from portal import clock
from portal.accounts.models import User
from site_pages.work_queue import EACH, Waiting, register_work

from .. import inviting, inviting_views
from . import admin_views as views
from . import queue
from .deciding import may_moderate

# The views ask which opinions and invitations are theirs.
for _name in (
    "consultation_invitations",
    "consultation_invitation",
    "opinion_detail",
    "opinion_act",
    "opinion_file",
):
    open_address(_name)


@hooks.register("register_admin_urls")
def register_opinion_urls() -> list:
    root = "lay-y-kien/y-kien/"
    asked = "lay-y-kien/loi-moi/"
    return [
        path(root, views.opinion_list, name="opinion_list"),
        path(f"{root}dang/", views.publish_chosen, name="opinion_publish_chosen"),
        path(f"{root}tep/<int:file_id>/", views.opinion_file, name="opinion_file"),
        path(f"{root}<int:opinion_id>/", views.opinion_detail, name="opinion_detail"),
        path(f"{root}<int:opinion_id>/<slug:code>/", views.opinion_act, name="opinion_act"),
        path(asked, inviting_views.mine, name="consultation_invitations"),
        path(
            f"{asked}<int:invitation_id>/",
            inviting_views.invitation,
            name="consultation_invitation",
        ),
        path(
            f"{asked}<int:invitation_id>/don-doc/",
            inviting_views.remind,
            name="consultation_remind",
        ),
        path(
            "lay-y-kien/co-quan/<int:consultation_id>/",
            inviting_views.board,
            name="consultation_agencies",
        ),
    ]


class ModeratorsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_moderate(request.user)


@hooks.register("register_admin_menu_item")
def register_opinions_menu() -> MenuItem:
    return ModeratorsMenuItem(
        _("Opinions to read"),
        reverse("opinion_list"),
        name="opinions",
        icon_name="comment",
        order=206,
    )


@register_work
def opinions_before_me(user: User) -> list[Waiting]:
    if not may_moderate(user):
        return []
    found = []
    for rows, words, query in (
        (queue.appeals(), views.appeals_in_words, "?only=appeal"),
        (queue.waiting(), views.waits_in_words, ""),
    ):
        if count := rows.count():
            found.append(
                Waiting(words(count), _now("Read and decide"), reverse("opinion_list") + query)
            )
    return found


@register_work
def invitations_before_me(user: User) -> list[Waiting]:
    today = clock.today()
    waiting = inviting.of_official(user).filter(answered_at=None)[:EACH]
    return [
        Waiting(
            row.consultation.title,
            _now("Answer for the agency"),
            reverse("consultation_invitation", args=[row.pk]),
            str(row.agency),
            f"{row.due_on:%d/%m/%Y}",
            is_late=row.due_on < today,
        )
        for row in waiting
    ]


@register_panel(6)
def asked_for_an_opinion(request: HttpRequest) -> Panel | None:
    """On the desk of an agency's official."""
    waiting = list(inviting.of_official(request.user).filter(answered_at=None)[:EACH])
    if not waiting:
        return None
    return Panel(
        _now("Asked for the agency's opinion"),
        "consultations/moderation/invited_panel.html",
        {"rows": waiting},
    )


@hooks.register("register_log_actions")
def register_opinion_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("opinion.publish", _("Publish an opinion"), _("Published")),
        ("opinion.withhold", _("Withhold an opinion"), _("Withheld")),
        ("opinion.uphold", _("Uphold on appeal"), _("Appeal decided: stays withheld")),
        ("opinion.overturn", _("Publish on appeal"), _("Appeal decided: published")),
        ("opinion.reply", _("Reply to an opinion"), _("Replied to")),
        ("opinion.settle", _("Settle reports"), _("Reports settled")),
        ("lend", _("Show surveys on a consultation's page"), _("Surveys of the page set")),
        ("invitation.send", _("Ask an agency"), _("Asked")),
        ("invitation.agree", _("Agree without comment"), _("Agrees without comment")),
        ("invitation.answer", _("Answer for an agency"), _("Opinion given")),
        ("invitation.remind", _("Remind an agency"), _("Reminded")),
    ]:
        actions.register_action(f"consultations.{code}", label, message)
