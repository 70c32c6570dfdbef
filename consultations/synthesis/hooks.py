"""The answers to opinions in the admin: addresses, menu, desk, work that waits, audit log."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from editorial.confinement import open_address
from editorial.desk import Panel, register_panel
from portal import clock
from portal.accounts.models import User
from site_pages.work_queue import EACH, Waiting, register_work

from . import admin_views as views
from . import rights, row_views
from .queries import to_answer

ROOT = "lay-y-kien/tong-hop/"
ADDRESSES = [
    path(ROOT, views.synthesis_list, name="synthesis_list"),
    path(f"{ROOT}<int:consultation_id>/", views.synthesis, name="synthesis"),
    path(f"{ROOT}<int:consultation_id>/y-kien/", views.opinions, name="synthesis_opinions"),
    path(f"{ROOT}<int:consultation_id>/y-kien/xep/", views.bulk, name="synthesis_bulk"),
    path(f"{ROOT}<int:consultation_id>/giay/", views.paper, name="synthesis_paper"),
    path(f"{ROOT}<int:consultation_id>/dong/", row_views.rows, name="synthesis_rows"),
    path(f"{ROOT}<int:consultation_id>/dong/xep/", row_views.rows_act, name="synthesis_rows_bulk"),
    path(f"{ROOT}y-kien/<int:account_id>/", views.split, name="synthesis_split"),
    path(f"{ROOT}giay/<int:scan_id>/ban-chup/", views.scan, name="synthesis_scan"),
    path(f"{ROOT}tra-loi/<int:answer_id>/", row_views.row, name="synthesis_row"),
    path(f"{ROOT}<int:consultation_id>/<slug:code>/", views.synthesis_act, name="synthesis_act"),
]
# Each view asks again whose the consultation is.
for _address in ADDRESSES:
    open_address(_address.name)


@hooks.register("register_admin_urls")
def register_synthesis_urls() -> list:
    return ADDRESSES


class AnswersMenuItem(MenuItem):
    """For who follows consultations, and for officials whose agency drafts or answers one."""

    def is_shown(self, request: HttpRequest) -> bool:
        return rights.has_any(request.user)


@hooks.register("register_admin_menu_item")
def register_synthesis_menu() -> MenuItem:
    return AnswersMenuItem(
        _("Answers to opinions"),
        reverse("synthesis_list"),
        name="synthesis",
        icon_name="list-ul",
        order=306,
    )


@register_panel(7)
def answers_on_my_desk(request: HttpRequest) -> Panel | None:
    rows = to_answer(request.user)[:EACH]
    if not rows:
        return None
    context = {"consultations": rows, "today": clock.today()}
    return Panel(_("Opinions to answer"), "consultations/admin/synthesis/desk_panel.html", context)


@register_work
def answers_before_me(user: User) -> list[Waiting]:
    """Consultations that are over and whose answers a person's agency owes."""
    today = clock.today()
    return [
        Waiting(
            row.title,
            str(_("Answer the opinions")),
            reverse("synthesis", args=[row.pk]),
            row.agency.name,
            date_format(row.answer_due_on, "SHORT_DATE_FORMAT") if row.answer_due_on else "",
            None,
            row.answer_due_on is not None and row.answer_due_on < today,
        )
        for row in to_answer(user)[:EACH]
    ]


@hooks.register("register_log_actions")
def register_synthesis_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("place", _("Place opinions"), _("Opinions placed in a row")),
        ("split", _("Split an opinion"), _("Opinion split into points")),
        ("leave_out", _("Leave opinions out"), _("Opinions left out with a reason")),
        ("take_back", _("Sort again"), _("Opinions taken out of their rows")),
        ("sort_rest", _("Sort the rest"), _("Remaining opinions sorted into rows")),
        ("merge", _("Merge rows"), _("Rows merged")),
        ("move", _("Move rows"), _("Rows moved to another provision")),
        ("assign", _("Assign rows"), _("Rows assigned")),
        ("answer", _("Answer a row"), _("Answer saved")),
        ("template", _("Keep a template"), _("Template of an answer saved")),
        ("paper", _("Enter a paper"), _("Opinion on paper entered")),
        ("due", _("Set the deadline"), _("Deadline of the answers set")),
        ("final_text", _("Name the final text"), _("Final text named")),
        ("publish", _("Publish the answers"), _("Answers published")),
        ("correct", _("Begin a correction"), _("Correction of the answers begun")),
    ]:
        actions.register_action(f"consultations.synthesis.{code}", label, message)
