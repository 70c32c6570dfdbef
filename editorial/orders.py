"""Ordering items from collaborators: both sides agree on the deadline (Art. 8.1.b)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import may_act_for
from portal.outbox.mail import send_letter
from portal.rules.values import value

from .authority import may_screen, section_keys
from .models import Collaborator, Delivery, Order, OrderState, PlanState, PlanTopic
from .models.plan import AWAITED, OPEN
from .planning import may_read as may_read_plan

LETTER = "editorial.order"


def with_names(rows: QuerySet[Order]) -> QuerySet[Order]:
    """What a list of orders shows, in one query."""
    return rows.select_related(
        "topic__plan", "topic__section", "collaborator__user", "collaborator__agency"
    )


def undelivered() -> QuerySet[Order]:
    """Đã đặt hàng, chưa giao: the oldest deadline first."""
    return with_names(Order.objects.filter(state__in=OPEN)).order_by("due_at", "pk")


def is_collaborator(user: User) -> bool:
    """Whether a contract or assignment of the person runs today."""
    current = Collaborator.objects.in_force(clock.today())
    return user.is_active and current.filter(user=user).exists()


def asked_of(user: User) -> QuerySet[Order]:
    """A collaborator's own orders, while a contract runs."""
    own = Order.objects.filter(collaborator__user=user)
    return with_names(own if is_collaborator(user) else own.none()).order_by("due_at", "pk")


def is_asked(user: User, order: Order) -> bool:
    """Whether the order is the person's own to answer."""
    return order.collaborator.user_id == user.pk and is_collaborator(user)


def may_read(user: User, order: Order) -> bool:
    """Who is asked, the Board, the working group, and the collaborator's agency."""
    agency = order.collaborator.agency
    is_officer = agency is not None and may_act_for(user, agency)
    return is_officer or is_asked(user, order) or may_read_plan(user)


@transaction.atomic
def place(topic_id: int, collaborator: Collaborator, wanted: str, due_at: datetime, by: User):
    """Order an item and propose a deadline; a second click finds the first order."""
    _require_group(by)
    # The lock on the topic keeps two clicks apart.
    topic = PlanTopic.objects.select_for_update(of=("self",)).select_related("plan", "section")
    topic = topic.get(pk=topic_id)
    if topic.plan.state != PlanState.APPROVED:
        raise ValidationError(_("Items are ordered once the Head has approved the plan."))
    existing = Order.objects.filter(topic=topic, collaborator=collaborator, state__in=OPEN).first()
    if existing:
        return existing
    _check_deadline(due_at)
    _check_contract(collaborator, topic, due_at)
    now = clock.now()
    order = Order.objects.create(
        topic=topic,
        collaborator=collaborator,
        wanted=wanted,
        due_at=due_at,
        waits_until=_answer_by(due_at, now),
        ordered_by=by,
        ordered_at=now,
    )
    _note(order, "place", by, due_at=_said(due_at))
    _tell_collaborator(order, "place")
    return order


@transaction.atomic
def set_deadline(order_id: int, due_at: datetime, by: User) -> Order:
    """Propose another deadline; the collaborator is asked again."""
    order = _of_group(order_id, by, OPEN)
    _check_deadline(due_at)
    _check_contract(order.collaborator, order.topic, due_at)
    order.due_at, order.counter_due_at = due_at, None
    order.waits_until = _answer_by(due_at, clock.now())
    _move(order, OrderState.PROPOSED, "deadline", by, "due_at", due_at=_said(due_at))
    _tell_collaborator(order, "deadline")
    return order


@transaction.atomic
def accept(order_id: int, by: User) -> Order:
    """Accept the deadline that the collaborator asked for."""
    order = _of_group(order_id, by, {OrderState.COUNTERED})
    _check_deadline(order.counter_due_at)
    order.due_at = order.waits_until = order.counter_due_at
    order.counter_due_at = None
    _move(order, OrderState.AGREED, "accept", by, "due_at", due_at=_said(order.due_at))
    _tell_collaborator(order, "accept")
    return order


@transaction.atomic
def agree(order_id: int, by: User) -> Order:
    """The collaborator agrees to deliver by the deadline."""
    order = _of_collaborator(order_id, by, {OrderState.PROPOSED})
    if order.due_at <= clock.now():
        raise ValidationError(_("This deadline has passed. Ask for another one."))
    order.waits_until, order.answered_at = order.due_at, clock.now()
    _move(order, OrderState.AGREED, "agree", by, "answered_at", due_at=_said(order.due_at))
    _tell_group(order, "agree")
    return order


@transaction.atomic
def ask_for(order_id: int, due_at: datetime, note: str, by: User) -> Order:
    """The collaborator asks for another deadline, before or after having agreed to one."""
    order = _of_collaborator(order_id, by, AWAITED)
    _check_deadline(due_at)
    order.counter_due_at, order.waits_until = due_at, None
    order.note, order.answered_at = note, clock.now()
    said = {"due_at": _said(due_at), "note": note}
    _move(order, OrderState.COUNTERED, "ask_for", by, "note", "answered_at", **said)
    _tell_group(order, "ask_for")
    return order


@transaction.atomic
def decline(order_id: int, note: str, by: User) -> Order:
    order = _of_collaborator(order_id, by, OPEN)
    order.answered_at = clock.now()
    _close(order, OrderState.DECLINED, "decline", by, note)
    _tell_group(order, "decline")
    return order


@transaction.atomic
def cancel(order_id: int, note: str, by: User) -> Order:
    order = _of_group(order_id, by, OPEN)
    _close(order, OrderState.CANCELLED, "cancel", by, note)
    _tell_collaborator(order, "cancel")
    return order


@transaction.atomic
def deliver(order_id: int, page: Page, by: User) -> Order:
    """Link a page that answers the order: the collaborator's own, or any by the working group.

    Delivering is agreeing. More pages may follow; the same page twice changes nothing.
    """
    order = _locked(order_id)
    _require_part(order, by)
    if not may_screen(by) and page.owner_id != by.pk:
        raise ValidationError({"page": _("Choose one of your own items.")})
    _check_state(order, OPEN | {OrderState.DELIVERED})
    _delivery, is_new = Delivery.objects.get_or_create(
        order=order,
        page=page,
        defaults={
            "title": page.get_admin_display_title()[:255],
            "linked_by": by,
            "linked_at": clock.now(),
        },
    )
    if order.state != OrderState.DELIVERED:
        _close(order, OrderState.DELIVERED, "deliver", by, order.note)
        _tell_group(order, "deliver")
    elif is_new:
        _note(order, "deliver", by)
    return order


@transaction.atomic
def reopen(order_id: int, note: str, by: User) -> Order:
    """What was delivered does not answer the order: it is awaited again."""
    order = _of_group(order_id, by, {OrderState.DELIVERED})
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    open_again = Order.objects.filter(
        topic=order.topic, collaborator=order.collaborator, state__in=OPEN
    )
    if open_again.exists():
        raise ValidationError(_("The collaborator has another open order on this topic."))
    order.deliveries.all().delete()
    order.closed_at, order.note, order.waits_until = None, note.strip(), order.due_at
    _move(order, OrderState.AGREED, "reopen", by, "closed_at", "note", note=order.note)
    _tell_collaborator(order, "reopen")
    return order


def _answer_by(due_at: datetime, now: datetime) -> datetime:
    return min(due_at, now + timedelta(days=value("order.answer_days").integer))


def _said(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"


def _require_group(by: User) -> None:
    if not may_screen(by):
        raise PermissionDenied


def _require_part(order: Order, by: User) -> None:
    if not (is_asked(by, order) or may_screen(by)):
        raise PermissionDenied


def _locked(order_id: int) -> Order:
    rows = Order.objects.select_for_update(of=("self",))
    return rows.select_related("collaborator__user", "topic__section", "topic__plan").get(
        pk=order_id
    )


def _of_group(order_id: int, by: User, states: set[OrderState]) -> Order:
    _require_group(by)
    order = _locked(order_id)
    _check_state(order, states)
    return order


def _of_collaborator(order_id: int, by: User, states: set[OrderState]) -> Order:
    order = _locked(order_id)
    if not is_asked(by, order):
        raise PermissionDenied
    _check_state(order, states)
    return order


def _check_state(order: Order, states: set[OrderState]) -> None:
    if order.state not in states:
        raise ValidationError(
            _("The order has changed meanwhile: %(state)s."),
            params={"state": order.get_state_display()},
        )


def _check_deadline(due_at: datetime) -> None:
    if due_at <= clock.now():
        raise ValidationError({"due_at": _("The deadline must lie in the future.")})


def _check_contract(collaborator: Collaborator, topic: PlanTopic, due_at: datetime) -> None:
    """The contract runs until delivery and covers the section."""
    last_day = timezone.localdate(due_at)
    if not (collaborator.holds_on(clock.today()) and collaborator.holds_on(last_day)):
        raise ValidationError({"due_at": _("The contract does not run until this deadline.")})
    sections = set(collaborator.sections.values_list("translation_key", flat=True))
    if sections and not sections & section_keys(topic.section):
        raise ValidationError(_("The collaborator does not write for this section."))


def _close(order: Order, state: OrderState, act: str, by: User, note: str) -> None:
    order.note, order.closed_at = note.strip(), clock.now()
    order.waits_until = order.counter_due_at = None
    if state != OrderState.DELIVERED and not order.note:
        raise ValidationError({"note": _("Say why.")})
    _move(order, state, act, by, "note", "closed_at", "answered_at", note=order.note)


def _move(order: Order, state: OrderState, act: str, by: User, *fields: str, **said: str) -> None:
    order.state = state
    order.save(update_fields=["state", "waits_until", "counter_due_at", *fields])
    _note(order, act, by, **said)


def _note(order: Order, act: str, by: User, **said: str) -> None:
    log(order, f"editorial.order.{act}", user=by, data={k: v for k, v in said.items() if v})


def _tell_collaborator(order: Order, act: str) -> None:
    _tell(order, act, order.collaborator.user_id)


def _tell_group(order: Order, act: str) -> None:
    """Who placed the order hears of it."""
    _tell(order, act, order.ordered_by_id)


def _tell(order: Order, act: str, user_id: int) -> None:
    key = f"{order.pk}:{act}:{clock.now().timestamp()}"
    send_letter(LETTER, key, user_id, order_id=order.pk)
