"""The Board's work in the admin: addresses, menu, the first panel of the home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from . import notice_views, queue
from . import review_views as views
from .confinement import open_address
from .desk import Panel, register_panel

SHOWN = 10
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


class WaitingPanel(Component):
    """The role's queue, before everything else on the admin's front."""

    name = "editorial_waiting"
    template_name = "editorial/admin/waiting_panel.html"
    order = 10

    def get_context_data(self, parent_context) -> dict:
        user = parent_context["request"].user
        items = queue.to_approve(user) + queue.to_screen(user) or queue.sent_by(user)
        return {"items": items[:SHOWN], "unread": queue.unread(user).count()}


@hooks.register("construct_homepage_panels")
def put_the_queue_first(request: HttpRequest, panels: list) -> None:
    """Wagtail's own panels on workflows say the same with less."""
    replaced = {"WorkflowObjectsToModeratePanel", "UserObjectsInWorkflowModerationPanel"}
    panels[:] = [panel for panel in panels if type(panel).__name__ not in replaced]
    panels.insert(0, WaitingPanel())


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
