"""The Board's work in the admin: addresses, menu, the first panel of the home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from portal.accounts.models import User
from site_pages.timeliness import Clock
from site_pages.work_queue import EACH, Waiting, register_work

from . import notice_views, queue
from . import review_views as views
from .clocks import lacks_reason
from .confinement import open_address
from .desk import Panel, register_panel

QUEUE = "editorial/admin/queue_panel.html"
# Each view asks again whom the item concerns.
for _name in (
    "review",
    "preview",
    "asked",
    "notices",
    "notice",
    "notices_read",
    "notices_prefer",
):
    open_address(f"editorial_{_name}")


@hooks.register("register_admin_urls")
def register_urls() -> list:
    step = "bien-tap/xet/<int:task_state_id>/"
    return [
        path(step, views.review, name="editorial_review"),
        path(f"{step}xem/", views.preview, name="editorial_preview"),
        path(f"{step}trinh/", views.pass_on, name="editorial_pass_on"),
        path(f"{step}tra-lai/", views.send_back, name="editorial_send_back"),
        path(f"{step}tu-choi/", views.refuse, name="editorial_refuse"),
        path(f"{step}chuyen/", views.forward, name="editorial_forward"),
        path(f"{step}xac-thuc/", views.doubt, name="editorial_doubt"),
        path(
            f"{step}xac-thuc/<int:doubt_id>/xong/",
            views.clear_doubt,
            name="editorial_clear_doubt",
        ),
        path(f"{step}duyet/", views.approve, name="editorial_approve"),
        path("bien-tap/y-kien/<int:forward_id>/", views.asked, name="editorial_asked"),
        path("bien-tap/thong-bao/", notice_views.notice_list, name="editorial_notices"),
        path("bien-tap/thong-bao/<int:notice_id>/", notice_views.follow, name="editorial_notice"),
        path("bien-tap/thong-bao/da-doc/", notice_views.read_all, name="editorial_notices_read"),
        path("bien-tap/thong-bao/cach-nhan/", notice_views.prefer, name="editorial_notices_prefer"),
    ]


@hooks.register("register_admin_menu_item")
def register_notices() -> MenuItem:
    return MenuItem(
        _("Notices"), reverse("editorial_notices"), name="notices", icon_name="mail", order=20
    )


@register_panel(2)
def to_approve(request: HttpRequest) -> Panel | None:
    items = queue.to_approve(request.user)
    return Panel(_("To approve"), QUEUE, {"items": items}) if items else None


@register_panel(3)
def to_screen(request: HttpRequest) -> Panel | None:
    items = queue.to_screen(request.user)
    return Panel(_("To screen"), QUEUE, {"items": items}) if items else None


@register_panel(4)
def my_word(request: HttpRequest) -> Panel | None:
    asked = queue.forwarded(request.user)
    if not asked:
        return None
    return Panel(
        _("My word is asked for"), "editorial/admin/forwarded_table.html", {"forwarded": asked}
    )


@hooks.register("construct_homepage_panels")
def say_it_once(request: HttpRequest, panels: list) -> None:
    """The first panel tells what waits; Wagtail's own on workflows say the same with less."""
    replaced = {"WorkflowObjectsToModeratePanel", "UserObjectsInWorkflowModerationPanel"}
    panels[:] = [panel for panel in panels if type(panel).__name__ not in replaced]


@register_work
def items_before_me(user: User) -> list[Waiting]:
    rows = [(item, _("To approve")) for item in queue.to_approve(user)]
    rows += [(item, _("To screen")) for item in queue.to_screen(user)]
    return [_work(item, str(task)) for item, task in rows[:EACH]]


@register_work
def words_asked_of_me(user: User) -> list[Waiting]:
    return [
        Waiting(
            asked.page.title,
            str(_("My word is asked for")),
            reverse("editorial_asked", args=[asked.pk]),
            asked.asked_by.get_full_name(),
            date_format(asked.due_on, "SHORT_DATE_FORMAT") if asked.due_on else "",
        )
        for asked in queue.forwarded(user)[:EACH]
    ]


def _work(item: queue.Waiting, task: str) -> Waiting:
    is_running = item.clock is not None and item.page.first_published_at is None
    return Waiting(
        item.page.get_admin_display_title(),
        task,
        reverse("editorial_review", args=[item.state.pk]),
        (item.sender.get_full_name() or item.sender.username) if item.sender else "",
        item.clock_words,
        item.clock.due_at if is_running else None,
        is_running and item.clock.state in (Clock.OVERDUE, Clock.LATE),
    )


@hooks.register("after_edit_page")
@hooks.register("after_create_page")
def ask_why_it_is_late(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A late item is taken in, with its reason (Art. 8.1.a); what was typed is saved already."""
    handed_in = "action-submit" in request.POST and page.current_workflow_task_state
    if not handed_in or not lacks_reason(page):
        return None
    messages.warning(request, _("The item is handed in, but late. Say why, so that it goes on."))
    return redirect("late_reason", page.pk)


@hooks.register("insert_global_admin_css")
def add_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/editorial.css"))


@hooks.register("register_page_header_buttons")
def review_button(page: Page, user, view_name: str, next_url: str | None = None) -> Iterator:
    state = page.current_workflow_task_state
    if state and queue.may_see(user, page):
        yield Button(
            _("Review"),
            reverse("editorial_review", args=[state.pk]),
            icon_name="tasks",
            priority=5,
        )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action("editorial.answer", _("Answer"), _("Answered a forwarded item"))
