"""Plan and orders in the admin's addresses, menu and audit log."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from portal import clock
from portal.accounts.models import User
from site_pages.work_queue import EACH, Waiting, register_work

from . import orders, planning
from . import plan_views as views
from .authority import may_screen
from .confinement import open_address
from .desk import Panel, register_panel
from .menu import CollaboratorMenuItem, OfficeMenuItem
from .models import Order, OrderState, PlanState, YearPlan
from .models.plan import AWAITED, OPEN

# Each view asks again whose the order is.
for _name in ("my_orders", "order", "order_act"):
    open_address(f"editorial_{_name}")


@hooks.register("register_admin_urls")
def register_plan_urls() -> list:
    plan, order = "bien-tap/ke-hoach/", "bien-tap/dat-hang/"
    return [
        path(plan, views.plan_list, name="editorial_plans"),
        path(f"{plan}them/", views.plan_begin, name="editorial_plan_begin"),
        path(f"{plan}<int:plan_id>/", views.plan_detail, name="editorial_plan"),
        path(f"{plan}<int:plan_id>/<slug:code>/", views.plan_act, name="editorial_plan_act"),
        path(f"{plan}chu-de/<int:topic_id>/", views.topic_detail, name="editorial_topic"),
        path(
            f"{plan}chu-de/<int:topic_id>/<slug:code>/",
            views.topic_act,
            name="editorial_topic_act",
        ),
        path(order, views.order_list, name="editorial_orders"),
        path(f"{order}cua-toi/", views.my_orders, name="editorial_my_orders"),
        path(f"{order}<int:order_id>/", views.order_detail, name="editorial_order"),
        path(f"{order}<int:order_id>/<slug:code>/", views.order_act, name="editorial_order_act"),
    ]


@hooks.register("register_admin_menu_item")
def register_plan_menu() -> MenuItem:
    return OfficeMenuItem(
        _("Yearly plan"),
        reverse("editorial_plans"),
        name="editorial-plan",
        icon_name="calendar-check",
        order=210,
    )


@hooks.register("register_admin_menu_item")
def register_orders_menu() -> MenuItem:
    return OfficeMenuItem(
        _("Orders"),
        reverse("editorial_orders"),
        name="editorial-orders",
        icon_name="time",
        order=211,
    )


@hooks.register("register_admin_menu_item")
def register_my_orders_menu() -> MenuItem:
    return CollaboratorMenuItem(
        _("Asked of me"),
        reverse("editorial_my_orders"),
        name="editorial-my-orders",
        icon_name="tasks",
        order=212,
    )


@register_panel(6)
def orders_on_my_desk(request: HttpRequest) -> Panel | None:
    rows = list(orders.asked_of(request.user).filter(state__in=OPEN)[:EACH])
    if not rows:
        return None
    context = {"orders": rows, "now": clock.now()}
    return Panel(_("Asked of me"), "editorial/admin/plan_panel.html", context)


@register_work
def orders_before_me(user: User) -> list[Waiting]:
    """What a collaborator is to answer or to deliver."""
    rows = orders.asked_of(user).filter(state__in=AWAITED)[:EACH]
    return [_work(row, row.waits_until) for row in rows]


@register_work
def plans_before_me(user: User) -> list[Waiting]:
    """A plan before the Head; before the working group, deadlines that collaborators ask for."""
    found = []
    if planning.head(user):
        found += [
            Waiting(
                str(plan), str(_("Approve the plan")), reverse("editorial_plan", args=[plan.pk])
            )
            for plan in YearPlan.objects.filter(state=PlanState.SUBMITTED)[:EACH]
        ]
    if may_screen(user):
        asked = Order.objects.filter(state=OrderState.COUNTERED)
        found += [_work(row, None) for row in orders.with_names(asked)[:EACH]]
    return found


def _work(order: Order, until: datetime | None) -> Waiting:
    return Waiting(
        order.topic.name,
        order.get_state_display(),
        reverse("editorial_order", args=[order.pk]),
        order.collaborator.user.get_full_name(),
        date_format(localtime(until), "SHORT_DATETIME_FORMAT") if until else "",
        until,
        until is not None and until <= clock.now(),
    )


@hooks.register("register_log_actions")
def register_plan_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("plan.begin", _("Begin a plan"), _("Plan begun")),
        ("plan.direct", _("Word the direction"), _("Direction worded")),
        ("plan.topic", _("Write a topic"), _("Topic written")),
        ("plan.remove_topic", _("Take a topic off"), _("Topic taken off the plan")),
        ("plan.submit", _("Submit a plan"), _("Submitted to the Head")),
        ("plan.send_back", _("Return a plan"), _("Returned to the working group")),
        ("plan.approve", _("Approve a plan"), _("Approved by the Head")),
        ("order.place", _("Order"), _("Ordered; a deadline is proposed")),
        ("order.deadline", _("Propose a deadline"), _("Another deadline proposed")),
        ("order.accept", _("Accept a deadline"), _("Deadline of the collaborator accepted")),
        ("order.agree", _("Agree to a deadline"), _("Collaborator agrees to the deadline")),
        ("order.ask_for", _("Ask for a deadline"), _("Collaborator asks for another deadline")),
        ("order.decline", _("Decline"), _("Declined by the collaborator")),
        ("order.cancel", _("Cancel"), _("Order cancelled")),
        ("order.deliver", _("Deliver"), _("Item delivered")),
        ("order.reopen", _("Open again"), _("Delivery does not answer the order; open again")),
        ("order.remind", _("Remind"), _("Reminded by hand")),
    ]:
        actions.register_action(f"editorial.{code}", label, message)
