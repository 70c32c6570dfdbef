"""Drawing up the yearly plan and approving it (Art. 5.2.c, 5.5.a, 8.1.b)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.outbox.mail import send_letter

from .authority import Authority, in_post, is_on_board, may_screen
from .models import Appointment, PlanState, PlanTopic, Post, YearPlan

LETTER = "editorial.plan"


def may_read(user: User) -> bool:
    """The Board and the working group read plan and orders."""
    return may_screen(user) or is_on_board(user)


def head(user: User) -> Authority | None:
    """The right to approve: the Head's, or of who acts for the Head."""
    return in_post(user, [Post.HEAD])


@transaction.atomic
def begin(year: int, direction: str, by: User) -> YearPlan:
    """Open the plan of a year."""
    _require_group(by)
    try:
        with transaction.atomic():
            plan = YearPlan.objects.create(year=year, direction=direction)
    except IntegrityError as error:
        raise ValidationError({"year": _("There is a plan of this year already.")}) from error
    log(plan, "editorial.plan.begin", user=by)
    return plan


@transaction.atomic
def direct(plan_id: int, direction: str, by: User) -> YearPlan:
    """Word the direction of the year anew while the plan is a draft."""
    plan = _draft(plan_id, by)
    plan.direction = direction
    plan.save(update_fields=["direction"])
    log(plan, "editorial.plan.direct", user=by)
    return plan


@transaction.atomic
def add_topic(
    plan_id: int, name: str, section: Page, wanted: str, quarter: int, by: User
) -> PlanTopic:
    """Put a topic on the plan.

    The list of topics is drawn up on the basis of the approved plan (Art. 8.1.b), so
    one may be added after approval; it is marked as such.
    """
    plan = _locked(plan_id, by)
    if plan.state == PlanState.SUBMITTED:
        raise ValidationError(_("The plan waits for approval and does not change meanwhile."))
    last = plan.topics.aggregate(n=Max("number"))["n"]
    topic = PlanTopic.objects.create(
        plan=plan,
        number=(last or 0) + 1,
        name=name,
        section=section,
        wanted=wanted,
        quarter=quarter,
        is_late_addition=plan.state == PlanState.APPROVED,
    )
    log(plan, "editorial.plan.topic", user=by, data={"topic": topic.number})
    return topic


@transaction.atomic
def change_topic(
    topic_id: int, name: str, section: Page, wanted: str, quarter: int, by: User
) -> PlanTopic:
    topic = _topic_of_draft(topic_id, by)
    topic.name, topic.section, topic.wanted, topic.quarter = name, section, wanted, quarter
    topic.save(update_fields=["name", "section", "wanted", "quarter"])
    log(topic.plan, "editorial.plan.topic", user=by, data={"topic": topic.number})
    return topic


@transaction.atomic
def remove_topic(topic_id: int, by: User) -> None:
    topic = _topic_of_draft(topic_id, by)
    log(topic.plan, "editorial.plan.remove_topic", user=by, data={"topic": topic.number})
    topic.delete()


@transaction.atomic
def submit(plan_id: int, by: User) -> YearPlan:
    """Put the plan before the Head; nothing on it changes until it is decided."""
    plan = _draft(plan_id, by)
    if not plan.topics.exists():
        raise ValidationError(_("A plan without a topic cannot be submitted."))
    plan.state, plan.return_note = PlanState.SUBMITTED, ""
    plan.submitted_by, plan.submitted_at = by, clock.now()
    plan.save(update_fields=["state", "return_note", "submitted_by", "submitted_at"])
    log(plan, "editorial.plan.submit", user=by)
    heads = Appointment.objects.in_force(clock.today()).filter(post=Post.HEAD)
    for user_id in heads.values_list("user", flat=True):
        _tell(plan, "submitted", user_id)
    return plan


@transaction.atomic
def send_back(plan_id: int, note: str, by: User) -> YearPlan:
    """Return the plan to the working group with what is to be changed."""
    plan, _right = _for_decision(plan_id, by)
    if not note.strip():
        raise ValidationError({"note": _("Say what is to be changed.")})
    plan.state, plan.return_note = PlanState.DRAFT, note.strip()
    plan.save(update_fields=["state", "return_note"])
    log(plan, "editorial.plan.send_back", user=by, data={"note": plan.return_note})
    _tell(plan, "returned", plan.submitted_by_id)
    return plan


@transaction.atomic
def approve(plan_id: int, number: str, day: date, by: User) -> YearPlan:
    """The Head approves the plan by a paper; from now on items can be ordered."""
    plan, right = _for_decision(plan_id, by)
    if plan.submitted_by_id == by.pk:
        raise PermissionDenied
    if day > clock.today():
        raise ValidationError({"day": _("The date lies in the future.")})
    plan.state, plan.number, plan.approved_on = PlanState.APPROVED, number, day
    plan.approved_by, plan.approval_paper = right.used, right.paper
    plan.approved_at = clock.now()
    plan.save(
        update_fields=[
            "state",
            "number",
            "approved_on",
            "approved_by",
            "approval_paper",
            "approved_at",
        ]
    )
    log(plan, "editorial.plan.approve", user=by, data={"number": number})
    _tell(plan, "approved", plan.submitted_by_id)
    return plan


def _require_group(by: User) -> None:
    if not may_screen(by):
        raise PermissionDenied


def _locked(plan_id: int, by: User) -> YearPlan:
    _require_group(by)
    return YearPlan.objects.select_for_update().get(pk=plan_id)


def _draft(plan_id: int, by: User) -> YearPlan:
    plan = _locked(plan_id, by)
    if plan.state != PlanState.DRAFT:
        raise ValidationError(_("The plan is no longer a draft."))
    return plan


def _topic_of_draft(topic_id: int, by: User) -> PlanTopic:
    topic = PlanTopic.objects.get(pk=topic_id)
    topic.plan = _draft(topic.plan_id, by)
    return topic


def _for_decision(plan_id: int, by: User) -> tuple[YearPlan, Authority]:
    right = head(by)
    if right is None:
        raise PermissionDenied
    plan = YearPlan.objects.select_for_update().get(pk=plan_id)
    if plan.state != PlanState.SUBMITTED:
        raise ValidationError(_("The plan does not wait for approval."))
    return plan, right


def _tell(plan: YearPlan, event: str, user_id: int) -> None:
    key = f"{plan.pk}:{event}:{clock.now().timestamp()}"
    send_letter(LETTER, key, user_id, plan_id=plan.pk)
