"""Orders to collaborators, from the proposal to the page delivered (Art. 8.1.b)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from editorial import orders, planning
from editorial.models import Order, OrderState, PlanTopic
from tests.accounts import staff
from tests.editorial.office import START, collaborator, local, signed_in
from tests.editorial.plan.steps import DUE, act, letters, own_page, waits

pytestmark = pytest.mark.django_db


def test_an_order_is_proposed_agreed_and_delivered(topic, group, writer, section):
    office, author = signed_in(group.user), signed_in(writer.user)
    act(
        office, "topic", topic.pk, "dat-hang",
        collaborator=writer.pk, wanted="Một bài", due_at="2026-12-01 17:00",
    )  # fmt: skip
    order = Order.objects.get()
    assert order.due_at == local(DUE)
    assert order.waits_until == local("2026-11-19 09:00")
    assert letters("editorial.order") == [writer.user_id]

    act(author, "order", order.pk, "dong-y")
    order.refresh_from_db()
    assert (order.state, order.waits_until) == (OrderState.AGREED, local(DUE))

    page = own_page(section, writer.user)
    assert "Bài đã giao" in author.get(reverse("editorial_order", args=[order.pk])).content.decode()
    act(author, "order", order.pk, "giao", page=page.pk)
    order.refresh_from_db()
    assert (order.state, order.waits_until) == (OrderState.DELIVERED, None)
    assert order.deliveries.get().page_id == page.pk
    assert letters("editorial.order") == [writer.user_id, group.user_id, group.user_id]


def test_two_clicks_place_one_order(topic, group, writer):
    first = orders.place(topic.pk, writer, "Một bài", local(DUE), group.user)
    assert orders.place(topic.pk, writer, "Một bài", local(DUE), group.user) == first
    assert letters("editorial.order") == [writer.user_id]


def test_both_sides_agree_on_a_deadline(order, group, writer):
    office, author = signed_in(group.user), signed_in(writer.user)
    act(author, "order", order.pk, "xin-doi-han", due_at="2026-12-10 17:00", note="Chờ số liệu")
    order.refresh_from_db()
    assert (order.state, order.waits_until) == (OrderState.COUNTERED, None)
    assert "Chờ số liệu" in office.get(reverse("editorial_order", args=[order.pk])).content.decode()
    act(office, "order", order.pk, "chap-nhan")
    order.refresh_from_db()
    assert (order.state, order.due_at) == (OrderState.AGREED, local("2026-12-10 17:00"))

    act(office, "order", order.pk, "doi-han", due_at="2026-12-08 17:00")
    order.refresh_from_db()
    assert order.state == OrderState.PROPOSED


def test_a_deadline_in_the_past_is_refused_at_the_field(order, writer):
    page = act(
        signed_in(writer.user), "order", order.pk, "xin-doi-han",
        due_at="2026-11-01 17:00", note="Bận",
    )  # fmt: skip
    assert page.status_code == 200
    assert "Bận" in page.content.decode()
    order.refresh_from_db()
    assert order.state == OrderState.PROPOSED


def test_declining_and_cancelling_need_a_reason(order, group, writer):
    author, office = signed_in(writer.user), signed_in(group.user)
    assert act(author, "order", order.pk, "tu-choi", note="").status_code == 200
    assert act(office, "order", order.pk, "huy", note="").status_code == 200
    act(author, "order", order.pk, "tu-choi", note="Nghỉ phép")
    order.refresh_from_db()
    assert (order.state, order.note) == (OrderState.DECLINED, "Nghỉ phép")
    act(office, "order", order.pk, "huy", note="Muộn")
    order.refresh_from_db()
    assert order.state == OrderState.DECLINED


def test_a_collaborator_delivers_only_own_pages(order, writer, section):
    other = own_page(section, staff("nguoi.khac"))
    page = act(signed_in(writer.user), "order", order.pk, "giao", page=other.pk)
    assert page.status_code == 200
    with pytest.raises(ValidationError) as refused:
        orders.deliver(order.pk, other, writer.user)
    assert set(refused.value.error_dict) == {"page"}
    order.refresh_from_db()
    assert order.state == OrderState.PROPOSED


def test_the_working_group_links_any_page_and_opens_the_order_again(order, group, section):
    office = signed_in(group.user)
    page = own_page(section, staff("nguoi.khac"))
    act(office, "order", order.pk, "giao", page=page.pk)
    act(office, "order", order.pk, "mo-lai", note="Sai chủ đề")
    order.refresh_from_db()
    assert (order.state, order.waits_until) == (OrderState.AGREED, local(DUE))
    assert not order.deliveries.exists()


def test_a_draft_thrown_away_leaves_its_title(order, group, section):
    page = own_page(section, group.user)
    orders.deliver(order.pk, page, group.user)
    page.delete()
    text = signed_in(group.user).get(reverse("editorial_order", args=[order.pk])).content.decode()
    assert "Bài đã giao" in text


def test_nothing_is_ordered_before_approval_or_beyond_the_contract(plan, group, head, section):
    topic = PlanTopic.objects.get()
    short = collaborator("het.hop.dong", valid_to=date(2026, 11, 30))
    with pytest.raises(ValidationError):
        orders.place(topic.pk, short, "Bài", local(DUE), group.user)
    planning.submit(plan.pk, group.user)
    planning.approve(plan.pk, "12/KH-BBT", START, head.user)
    with pytest.raises(ValidationError) as refused:
        orders.place(topic.pk, short, "Bài", local(DUE), group.user)
    assert set(refused.value.error_dict) == {"due_at"}
    assert orders.place(topic.pk, short, "Bài", local("2026-11-30 23:00"), group.user)


def test_a_collaborator_for_other_sections_is_not_asked(topic, group, section):
    elsewhere = collaborator("chuyen.muc.khac")
    elsewhere.sections.add(section.get_siblings(inclusive=False).first())
    with pytest.raises(ValidationError):
        orders.place(topic.pk, elsewhere, "Bài", local(DUE), group.user)


def test_the_database_keeps_one_open_order_a_topic_and_collaborator(order):
    order.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save()


def test_what_is_asked_stands_on_the_desk_and_in_the_first_panel(order, group, writer):
    url = reverse("editorial_order", args=[order.pk])
    desk = signed_in(writer.user).get(reverse("editorial_desk"))
    assert url in desk.content.decode()
    assert waits(writer.user) == [url]
    assert waits(group.user) == []
    orders.ask_for(order.pk, local("2026-12-10 17:00"), "Ốm", writer.user)
    assert (waits(writer.user), waits(group.user)) == ([], [url])


def test_with_the_contract_access_ends(order, writer, at):
    writer.valid_to = date(2026, 11, 20)
    writer.save()
    at("2026-11-21 08:00")
    author = signed_in(writer.user)
    assert author.get(reverse("editorial_my_orders")).status_code != 200
    assert not orders.asked_of(writer.user).exists()
    assert author.get(reverse("editorial_order", args=[order.pk])).status_code != 200
