"""Plan and orders in the admin's addresses, menu and audit log."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import plan_views as views
from .orders import is_collaborator
from .planning import may_read


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


class PlanMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read(request.user)


class CollaboratorMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return is_collaborator(request.user)


@hooks.register("register_admin_menu_item")
def register_plan_menu() -> MenuItem:
    return PlanMenuItem(
        _("Yearly plan"),
        reverse("editorial_plans"),
        name="editorial-plan",
        icon_name="calendar-check",
        order=210,
    )


@hooks.register("register_admin_menu_item")
def register_orders_menu() -> MenuItem:
    return PlanMenuItem(
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
