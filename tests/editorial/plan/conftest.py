"""A plan, a topic and an order in a Board at work."""

from __future__ import annotations

import pytest

from editorial import orders, planning
from editorial.models import PlanTopic
from tests.editorial.office import START, collaborator, local
from tests.editorial.plan.steps import DUE, NASTY, NOW


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)


@pytest.fixture
def writer(db):
    return collaborator("cong.tac.vien")


@pytest.fixture
def plan(group, section):
    made = planning.begin(2027, "Đưa chỉ số hài lòng lên trang", group.user)
    planning.add_topic(made.pk, NASTY, section, "Ba bài, có số liệu", 1, group.user)
    return made


@pytest.fixture
def topic(plan, group, head):
    planning.submit(plan.pk, group.user)
    planning.approve(plan.pk, "12/KH-BBT", START, head.user)
    return PlanTopic.objects.get()


@pytest.fixture
def order(topic, group, writer):
    return orders.place(topic.pk, writer, "Một bài 800 chữ", local(DUE), group.user)
