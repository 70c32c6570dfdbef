"""Plan and orders in the admin: for the Board and working group, and each collaborator's own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal import clock

from . import orders, planning, reminders
from .acting import Act, ActForm, add_error, history, listed, media, offers, perform
from .authority import may_screen
from .models import Order, OrderState, PlanState, PlanTopic, Quarter, YearPlan
from .models.plan import AWAITED, OPEN
from .plan_forms import (
    ApproveForm,
    AskForm,
    ChangeTopicForm,
    DeadlineForm,
    DeliverForm,
    DirectionForm,
    NoteForm,
    OrderFilter,
    OrderForm,
    RemindForm,
    TopicForm,
    YearForm,
)

Bound = tuple[str, ActForm] | None

PLAN_ACTS = [
    Act(
        "phe-duyet",
        _("Approve the plan"),
        planning.approve,
        lambda plan, user: (
            plan.state == PlanState.SUBMITTED
            and plan.submitted_by_id != user.pk
            and planning.head(user) is not None
        ),
        _("The plan is approved; items can be ordered."),
        ApproveForm,
        is_primary=True,
    ),
    Act(
        "tra-lai",
        _("Return the plan"),
        planning.send_back,
        lambda plan, user: plan.state == PlanState.SUBMITTED and planning.head(user) is not None,
        _("The plan is returned to the working group."),
        NoteForm,
    ),
    Act(
        "trinh",
        _("Submit to the Head"),
        planning.submit,
        lambda plan, user: plan.state == PlanState.DRAFT and may_screen(user),
        _("The plan is submitted to the Head."),
        is_primary=True,
    ),
    Act(
        "them-chu-de",
        _("Add a topic"),
        planning.add_topic,
        lambda plan, user: plan.state != PlanState.SUBMITTED and may_screen(user),
        _("The topic is on the plan."),
        TopicForm,
    ),
    Act(
        "dinh-huong",
        _("Word the direction anew"),
        planning.direct,
        lambda plan, user: plan.state == PlanState.DRAFT and may_screen(user),
        _("The direction is saved."),
        DirectionForm,
    ),
]
TOPIC_ACTS = [
    Act(
        "dat-hang",
        _("Order an item"),
        orders.place,
        lambda topic, user: topic.plan.state == PlanState.APPROVED and may_screen(user),
        _("The order is placed; the collaborator is asked to agree to the deadline."),
        OrderForm,
        is_primary=True,
    ),
    Act(
        "sua",
        _("Change the topic"),
        planning.change_topic,
        lambda topic, user: topic.plan.state == PlanState.DRAFT and may_screen(user),
        _("The topic is saved."),
        ChangeTopicForm,
        is_primary=True,
    ),
    Act(
        "bo",
        _("Take off the plan"),
        planning.remove_topic,
        lambda topic, user: topic.plan.state == PlanState.DRAFT and may_screen(user),
        _("The topic is off the plan."),
        is_serious=True,
    ),
]
ORDER_ACTS = [
    Act(
        "dong-y",
        _("Agree to the deadline"),
        orders.agree,
        lambda order, user: order.state == OrderState.PROPOSED and orders.is_asked(user, order),
        _("The deadline is agreed."),
        is_primary=True,
    ),
    Act(
        "chap-nhan",
        _("Accept the deadline asked for"),
        orders.accept,
        lambda order, user: order.state == OrderState.COUNTERED and may_screen(user),
        _("The deadline is agreed."),
        is_primary=True,
    ),
    Act(
        "giao",
        _("Deliver an item"),
        orders.deliver,
        lambda order, user: (
            order.state in OPEN | {OrderState.DELIVERED}
            and (orders.is_asked(user, order) or may_screen(user))
        ),
        _("The item is linked to the order."),
        DeliverForm,
    ),
    Act(
        "don-doc",
        _("Remind"),
        reminders.remind,
        lambda order, user: order.state in AWAITED and reminders.may_remind(user, order),
        _("The reminder is sent and logged."),
        RemindForm,
    ),
    Act(
        "xin-doi-han",
        _("Ask for another deadline"),
        orders.ask_for,
        lambda order, user: order.state in AWAITED and orders.is_asked(user, order),
        _("The working group is asked for the new deadline."),
        AskForm,
    ),
    Act(
        "doi-han",
        _("Propose another deadline"),
        orders.set_deadline,
        lambda order, user: order.state in OPEN and may_screen(user),
        _("The collaborator is asked to agree to the deadline."),
        DeadlineForm,
    ),
    Act(
        "tu-choi",
        _("Decline the order"),
        orders.decline,
        lambda order, user: order.state in OPEN and orders.is_asked(user, order),
        _("The order is declined."),
        NoteForm,
        is_serious=True,
    ),
    Act(
        "huy",
        _("Cancel the order"),
        orders.cancel,
        lambda order, user: order.state in OPEN and may_screen(user),
        _("The order is cancelled."),
        NoteForm,
        is_serious=True,
    ),
    Act(
        "mo-lai",
        _("Delivery does not answer the order"),
        orders.reopen,
        lambda order, user: order.state == OrderState.DELIVERED and may_screen(user),
        _("The order is open again."),
        NoteForm,
        is_serious=True,
    ),
]


def _require_reader(request: HttpRequest) -> None:
    if not planning.may_read(request.user):
        raise PermissionDenied


def plan_list(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    rows = YearPlan.objects.annotate(topic_count=Count("topics")).order_by("-year")
    context = {**listed(request, rows), "may_begin": may_screen(request.user)}
    return render(request, "editorial/admin/plan_list.html", context)


def plan_begin(request: HttpRequest) -> HttpResponse:
    if not may_screen(request.user):
        raise PermissionDenied
    form = YearForm(request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        try:
            plan = planning.begin(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            add_error(form, error)
        else:
            return redirect("editorial_plan", plan.pk)
    context = {"form": form, "media": form.media}
    return render(request, "editorial/admin/plan_begin.html", context)


def plan_detail(request: HttpRequest, plan_id: int, bound: Bound = None) -> HttpResponse:
    _require_reader(request)
    plan = get_object_or_404(
        YearPlan.objects.select_related("submitted_by", "approved_by__user"), pk=plan_id
    )
    topics = plan.topics.select_related("section").annotate(
        open_orders=Count("orders", filter=Q(orders__state__in=OPEN)),
        delivered=Count("orders", filter=Q(orders__state=OrderState.DELIVERED)),
    )
    quarter = request.GET.get("quy", "")
    if quarter in {str(n) for n in Quarter.values}:
        topics = topics.filter(quarter=int(quarter))
    found = offers(PLAN_ACTS, plan, request.user, bound)
    context = {
        "plan": plan,
        **listed(request, topics.order_by("quarter", "number")),
        "quarter": quarter,
        "quarters": Quarter.choices,
        "offers": found,
        "media": media(found),
        "act_url": "editorial_plan_act",
        "row": plan,
        "history": history(plan),
    }
    return render(request, "editorial/admin/plan_detail.html", context)


@require_POST
def plan_act(request: HttpRequest, plan_id: int, code: str) -> HttpResponse:
    _require_reader(request)
    plan = get_object_or_404(YearPlan, pk=plan_id)
    bound = perform(request, PLAN_ACTS, plan, code)
    return plan_detail(request, plan_id, bound) if bound else redirect("editorial_plan", plan_id)


def topic_detail(request: HttpRequest, topic_id: int, bound: Bound = None) -> HttpResponse:
    _require_reader(request)
    topic = get_object_or_404(PlanTopic.objects.select_related("plan", "section"), pk=topic_id)
    found = offers(TOPIC_ACTS, topic, request.user, bound)
    context = {
        "topic": topic,
        **listed(request, orders.with_names(topic.orders.all()).order_by("due_at", "pk")),
        "now": clock.now(),
        "offers": found,
        "media": media(found),
        "act_url": "editorial_topic_act",
        "row": topic,
    }
    return render(request, "editorial/admin/plan_topic.html", context)


@require_POST
def topic_act(request: HttpRequest, topic_id: int, code: str) -> HttpResponse:
    _require_reader(request)
    topic = get_object_or_404(PlanTopic.objects.select_related("plan"), pk=topic_id)
    bound = perform(request, TOPIC_ACTS, topic, code)
    if bound:
        return topic_detail(request, topic_id, bound)
    if not PlanTopic.objects.filter(pk=topic_id).exists():
        return redirect("editorial_plan", topic.plan_id)
    return redirect("editorial_topic", topic_id)


def order_list(request: HttpRequest) -> HttpResponse:
    """Ordered and not delivered, oldest first; other states by the filter."""
    _require_reader(request)
    form = OrderFilter(request.GET)
    rows = _narrowed(form) if form.is_valid() else orders.undelivered()
    context = {**listed(request, rows), "form": form, "now": clock.now()}
    return render(request, "editorial/admin/plan_orders.html", context)


def _narrowed(form: OrderFilter) -> QuerySet[Order]:
    chosen = form.cleaned_data
    rows = orders.undelivered()
    if chosen["state"]:
        rows = orders.with_names(Order.objects.filter(state=chosen["state"]))
    if chosen["section"]:
        rows = rows.filter(topic__section__path__startswith=chosen["section"].path)
    if chosen["late"]:
        rows = rows.filter(waits_until__lte=clock.now())
    return rows.order_by("due_at", "pk")


def my_orders(request: HttpRequest) -> HttpResponse:
    """What is asked of the collaborator who looks, and nothing else."""
    rows = orders.asked_of(request.user)
    is_open, closed = Q(state__in=OPEN), request.GET.get("xong", "")
    rows = rows.filter(~is_open if closed else is_open)
    context = {**listed(request, rows), "now": clock.now(), "closed": closed}
    return render(request, "editorial/admin/plan_my_orders.html", context)


def _order_for(request: HttpRequest, order_id: int) -> Order:
    rows = orders.with_names(Order.objects.all()).select_related("ordered_by")
    order = get_object_or_404(rows, pk=order_id)
    if not orders.may_read(request.user, order):
        raise PermissionDenied
    return order


def order_detail(request: HttpRequest, order_id: int, bound: Bound = None) -> HttpResponse:
    order = _order_for(request, order_id)
    found = offers(ORDER_ACTS, order, request.user, bound)
    sees_all = planning.may_read(request.user)
    context = {
        "order": order,
        "now": clock.now(),
        "deliveries": order.deliveries.select_related("page", "linked_by"),
        "reminders": order.reminders.select_related("sent_by").prefetch_related("recipients"),
        "sees_all": sees_all,
        "offers": found,
        "media": media(found),
        "act_url": "editorial_order_act",
        "row": order,
        "history": history(order),
    }
    return render(request, "editorial/admin/plan_order.html", context)


@require_POST
def order_act(request: HttpRequest, order_id: int, code: str) -> HttpResponse:
    order = _order_for(request, order_id)
    bound = perform(request, ORDER_ACTS, order, code)
    if bound:
        return order_detail(request, order_id, bound)
    return redirect("editorial_order", order_id)
