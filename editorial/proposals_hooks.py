"""Proposals in the admin's addresses, menu and audit log."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from portal import clock
from portal.accounts.models import User
from portal.rules.working_days import end_of_day
from site_pages.work_queue import EACH, Waiting, register_work

from . import proposal_views as views
from .menu import OfficeMenuItem
from .proposals import to_answer


@hooks.register("register_admin_urls")
def register_proposal_urls() -> list:
    root = "bien-tap/de-xuat/"
    return [
        path(root, views.proposal_list, name="editorial_proposals"),
        path(f"{root}them/", views.propose, name="editorial_propose"),
        path(f"{root}<int:proposal_id>/", views.proposal_detail, name="editorial_proposal"),
        path(
            f"{root}<int:proposal_id>/<slug:code>/",
            views.proposal_act,
            name="editorial_proposal_act",
        ),
    ]


@hooks.register("register_admin_menu_item")
def register_proposal_menu() -> MenuItem:
    return OfficeMenuItem(
        _("Proposals"),
        reverse("editorial_proposals"),
        name="editorial-proposals",
        icon_name="comment-add",
        order=225,
    )


@register_work
def proposals_before_me(user: User) -> list[Waiting]:
    """Proposals to which a reply is owed."""
    return [
        Waiting(
            row.title,
            str(_("Reply to a proposal")),
            reverse("editorial_proposal", args=[row.pk]),
            row.proposed_by.user.get_full_name(),
            date_format(row.reply_due_on, "SHORT_DATE_FORMAT"),
            end_of_day(row.reply_due_on),
            row.reply_due_on < clock.today(),
        )
        for row in to_answer(user)[:EACH]
    ]


@hooks.register("register_log_actions")
def register_proposal_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("propose", _("Propose"), _("Proposed")),
        ("consider", _("Consider a proposal"), _("Taken into consideration")),
        ("accept", _("Accept a proposal"), _("Proposal accepted")),
        ("decline", _("Do not accept a proposal"), _("Proposal not accepted")),
        ("finish", _("Carry out a proposal"), _("Proposal carried out")),
    ]:
        actions.register_action(f"editorial.proposal.{code}", label, message)
