"""Who may do what with plans and orders: every act × every role."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from editorial import orders, planning, reminders
from editorial.models import PlanState, Post, YearPlan
from tests.accounts import staff
from tests.editorial.office import (
    START,
    allowed,
    appoint,
    collaborator,
    in_charge,
    local,
    officer,
    signed_in,
)

pytestmark = pytest.mark.django_db

# Rows: the act; columns: working group, member, member in charge, Head, collaborator asked,
# another collaborator, officer of the agency, superuser without a post.
ROLES = ["group", "member", "charge", "head", "writer", "other", "officer", "root"]
TABLE = {
    "read the plan": "yyyynnnn",
    "read the order": "yyyyynyn",
    "list orders": "yyyynnnn",
    "begin a plan": "ynnnnnnn",
    "add a topic": "ynnnnnnn",
    "submit": "ynnnnnnn",
    "approve": "nnnynnnn",
    "send back": "nnnynnnn",
    "order": "ynnnnnnn",
    "agree": "nnnnynnn",
    "decline": "nnnnynnn",
    "ask for a deadline": "nnnnynnn",
    "set a deadline": "ynnnnnnn",
    "cancel": "ynnnnnnn",
    "remind": "ynyynnnn",
}


@pytest.fixture
def people(group, member, head, writer, section):
    charge = appoint("phu.trach", Post.MEMBER)
    in_charge(charge, section)
    root = staff("quan.tri")
    root.is_superuser = True
    root.save()
    return {
        "group": group.user,
        "member": member.user,
        "charge": charge.user,
        "head": head.user,
        "writer": writer.user,
        "other": collaborator("ctv.khac").user,
        "officer": officer("can.bo.so"),
        "root": root,
    }


def attempts(plan, topic, order, section):
    """Each act as a function of who tries it."""
    late = local("2026-12-20 17:00")

    def see(name, *args):
        def look(user):
            if signed_in(user).get(reverse(name, args=args)).status_code != 200:
                raise PermissionDenied

        return look

    return {
        "read the plan": see("editorial_plan", plan.pk),
        "read the order": see("editorial_order", order.pk),
        "list orders": see("editorial_orders"),
        "begin a plan": lambda user: planning.begin(2028, "", user),
        "add a topic": lambda user: planning.add_topic(plan.pk, "Mới", section, "x", 1, user),
        "submit": lambda user: planning.submit(draft(plan), user),
        "approve": lambda user: planning.approve(waiting(plan, order), "1/KH", START, user),
        "send back": lambda user: planning.send_back(waiting(plan, order), "Sửa", user),
        "order": lambda user: orders.place(topic.pk, order.collaborator, "x", late, user),
        "agree": lambda user: orders.agree(order.pk, user),
        "decline": lambda user: orders.decline(order.pk, "Bận", user),
        "ask for a deadline": lambda user: orders.ask_for(order.pk, late, "Bận", user),
        "set a deadline": lambda user: orders.set_deadline(order.pk, late, user),
        "cancel": lambda user: orders.cancel(order.pk, "Thôi", user),
        "remind": lambda user: reminders.remind(order.pk, 1, user),
    }


def draft(plan) -> int:
    YearPlan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    return plan.pk


def waiting(plan, order) -> int:
    YearPlan.objects.filter(pk=plan.pk).update(
        state=PlanState.SUBMITTED, submitted_by=order.ordered_by
    )
    return plan.pk


@pytest.mark.parametrize("what", list(TABLE))
def test_who_may_do_what(what, people, plan, topic, order, section):
    attempt = attempts(plan, topic, order, section)[what]
    assert allowed(attempt, people) == dict(zip(ROLES, TABLE[what], strict=True))
