"""Lists of plans and orders: what stands in them, and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from editorial import orders, planning
from editorial.models import Order, OrderState
from tests.editorial.office import collaborator, local, signed_in
from tests.editorial.plan.steps import DUE, act

pytestmark = pytest.mark.django_db


def many_orders(topic, group, count: int) -> None:
    for n in range(count):
        orders.place(
            topic.pk,
            collaborator(f"ctv.{n}"),
            "Bài",
            local(DUE) + timedelta(days=count - n),
            group.user,
        )


def test_ordered_and_not_delivered_oldest_first(topic, group, order):
    many_orders(topic, group, 3)
    rows = signed_in(group.user).get(reverse("editorial_orders")).context["page_obj"]
    due = [row.due_at for row in rows]
    assert len(due) == 4
    assert due == sorted(due)
    orders.cancel(order.pk, "Thôi", group.user)
    assert order not in signed_in(group.user).get(reverse("editorial_orders")).context["page_obj"]


def test_the_list_is_narrowed_by_state_section_and_lateness(order, group, section, at):
    office, url = signed_in(group.user), reverse("editorial_orders")
    assert not office.get(url, {"state": "delivered"}).context["page_obj"].object_list
    elsewhere = section.get_siblings(inclusive=False).first()
    assert not office.get(url, {"section": elsewhere.pk}).context["page_obj"].object_list
    assert office.get(url, {"section": section.pk}).context["page_obj"].object_list
    assert not office.get(url, {"late": "on"}).context["page_obj"].object_list
    at("2026-11-20 09:00")
    assert office.get(url, {"late": "on"}).context["page_obj"].object_list


def queries_of(client, url: str, counter) -> int:
    client.get(url)
    with counter() as context:
        assert client.get(url).status_code == 200
    return len(context)


@pytest.fixture
def count_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


@pytest.mark.parametrize("name", ["editorial_orders", "editorial_plans", "editorial_plan"])
def test_lists_ask_the_database_as_often_for_many_as_for_one(
    name, topic, group, order, section, count_queries
):
    client = signed_in(group.user)
    url = reverse(name, args=[topic.plan_id] if name == "editorial_plan" else [])
    few = queries_of(client, url, count_queries)
    many_orders(topic, group, 12)
    for n in range(12):
        planning.add_topic(topic.plan_id, f"Chủ đề {n}", section, "Nội dung", 1, group.user)
        planning.begin(2030 + n, "", group.user)
    assert queries_of(client, url, count_queries) == few


def test_a_collaborator_sees_own_orders_and_no_others(order, topic, group, writer):
    many_orders(topic, group, 2)
    author = signed_in(writer.user)
    assert list(author.get(reverse("editorial_my_orders")).context["page_obj"]) == [order]
    foreign = Order.objects.exclude(pk=order.pk).first()
    assert author.get(reverse("editorial_order", args=[foreign.pk])).status_code != 200
    assert author.get(reverse("editorial_orders")).status_code != 200
    act(author, "order", foreign.pk, "dong-y")
    foreign.refresh_from_db()
    assert foreign.state == OrderState.PROPOSED
