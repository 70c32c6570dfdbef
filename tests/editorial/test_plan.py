"""The yearly plan: drawn up, approved, ordered by, delivered, urged (Art. 5.2, 5.5.a, 8.1.b)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import Page

from editorial import orders, planning, reminders
from editorial.models import (
    Absence,
    Delegation,
    Order,
    OrderState,
    PlanState,
    PlanTopic,
    Post,
    Reminder,
    YearPlan,
)
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.outbox.tasks import clean_up
from site_pages.models import StandardPage
from site_pages.work_queue import waiting_for
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
NOW = "2026-11-16 09:00"
DUE = "2026-12-01 17:00"
NASTY = 'Chủ đề <script>alert(1)</script> "Một cửa" ở Đống Đa'


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


def act(client, kind: str, pk: int, code: str, **data):
    """Click one button; field names get the form's prefix."""
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return client.post(reverse(f"editorial_{kind}_act", args=[pk, code]), typed)


def letters(code: str) -> list[int]:
    """To whom letters of a kind are on their way."""
    rows = OutboxRow.objects.filter(key__startswith=f"{code}:").order_by("pk")
    return [row.payload["user_id"] for row in rows]


def own_page(section, user) -> Page:
    return section.get_parent().add_child(
        instance=StandardPage(title="Bài đã giao", slug="bai-da-giao", live=False, owner=user)
    )


# --- From draft to approval -------------------------------------------------------------


def test_a_plan_goes_from_draft_to_approval_by_the_head(group, head, section):
    office, chief = signed_in(group.user), signed_in(head.user)
    office.post(reverse("editorial_plan_begin"), {"year": 2027, "direction": "Hướng"})
    plan = YearPlan.objects.get()
    act(
        office, "plan", plan.pk, "them-chu-de",
        name=NASTY, section=section.pk, quarter=2, wanted="Nội dung",
    )  # fmt: skip
    act(office, "plan", plan.pk, "trinh")
    assert letters("editorial.plan") == [head.user_id]

    page = chief.get(reverse("editorial_plan", args=[plan.pk])).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page

    act(chief, "plan", plan.pk, "phe-duyet", number="12/KH-BBT", day="2026-11-16")
    plan.refresh_from_db()
    assert (plan.state, plan.number, plan.approved_by) == ("approved", "12/KH-BBT", head)
    assert letters("editorial.plan") == [head.user_id, group.user_id]


def test_a_returned_plan_says_why_and_can_be_changed_again(plan, group, head):
    planning.submit(plan.pk, group.user)
    office, chief = signed_in(group.user), signed_in(head.user)
    topic = PlanTopic.objects.get()
    refused = act(office, "topic", topic.pk, "bo")
    assert PlanTopic.objects.exists()
    assert refused.status_code == 302

    empty = act(chief, "plan", plan.pk, "tra-lai", note="")
    assert empty.status_code == 200
    act(chief, "plan", plan.pk, "tra-lai", note="Thiếu quý III")
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert "Thiếu quý III" in office.get(reverse("editorial_plan", args=[plan.pk])).content.decode()
    act(office, "topic", topic.pk, "bo")
    assert not PlanTopic.objects.exists()


def test_what_was_typed_stays_when_the_approval_has_an_error(plan, group, head):
    planning.submit(plan.pk, group.user)
    page = act(
        signed_in(head.user), "plan", plan.pk, "phe-duyet", number="12/KH-BBT", day="2026-11-20"
    )
    assert page.status_code == 200
    assert 'value="12/KH-BBT"' in page.content.decode()
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED


def test_a_topic_added_after_approval_is_marked(topic, plan, group, section):
    planning.add_topic(plan.pk, "Chủ đề mới", section, "Nội dung", 3, group.user)
    assert PlanTopic.objects.get(number=2).is_late_addition
    assert not topic.is_late_addition


def test_an_approved_topic_no_longer_changes(topic, group):
    client = signed_in(group.user)
    act(client, "topic", topic.pk, "bo")
    assert PlanTopic.objects.filter(pk=topic.pk).exists()


def test_a_year_has_one_plan(plan, group):
    page = signed_in(group.user).post(reverse("editorial_plan_begin"), {"year": 2027})
    assert page.status_code == 200
    assert YearPlan.objects.count() == 1


def test_who_acts_for_the_head_approves_and_the_paper_is_kept(plan, group, head):
    deputy = appoint("pho.ban", Post.STANDING_DEPUTY)
    planning.submit(plan.pk, group.user)
    with pytest.raises(PermissionDenied):
        planning.approve(plan.pk, "12/KH-BBT", START, deputy.user)
    given = Delegation.objects.create(
        giver=head, taker=deputy, paper="07/UQ-BBT", valid_from=START, valid_to="2026-12-31"
    )
    planning.approve(plan.pk, "12/KH-BBT", START, deputy.user)
    plan.refresh_from_db()
    assert (plan.approved_by, plan.approval_paper) == (deputy, given.paper)


def test_a_delegation_for_one_section_does_not_reach_the_plan(plan, group, head, section):
    deputy = appoint("pho.ban", Post.STANDING_DEPUTY)
    planning.submit(plan.pk, group.user)
    given = Delegation.objects.create(
        giver=head, taker=deputy, paper="07/UQ-BBT", valid_from=START, valid_to="2026-12-31"
    )
    given.sections.add(section)
    with pytest.raises(PermissionDenied):
        planning.approve(plan.pk, "12/KH-BBT", START, deputy.user)


def test_nobody_approves_a_plan_that_they_submitted(plan, group, head):
    planning.submit(plan.pk, group.user)
    Absence.objects.create(
        appointment=head, stand_in=group, valid_from=START, valid_to="2026-12-31"
    )
    with pytest.raises(PermissionDenied):
        planning.approve(plan.pk, "12/KH-BBT", START, group.user)


# --- Orders -----------------------------------------------------------------------------


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


# --- Ordered, not delivered --------------------------------------------------------------


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


def waits(user) -> list[str]:
    return [item.url for item in waiting_for(user)]


def test_what_is_asked_stands_on_the_desk_and_in_the_first_panel(order, group, writer):
    url = reverse("editorial_order", args=[order.pk])
    desk = signed_in(writer.user).get(reverse("editorial_desk"))
    assert url in desk.content.decode()
    assert waits(writer.user) == [url]
    assert waits(group.user) == []
    orders.ask_for(order.pk, local("2026-12-10 17:00"), "Ốm", writer.user)
    assert (waits(writer.user), waits(group.user)) == ([], [url])


def test_a_submitted_plan_waits_for_the_head_only(plan, group, head):
    planning.submit(plan.pk, group.user)
    assert waits(head.user) == [reverse("editorial_plan", args=[plan.pk])]
    assert waits(group.user) == []


def test_with_the_contract_access_ends(order, writer, at):
    writer.valid_to = date(2026, 11, 20)
    writer.save()
    at("2026-11-21 08:00")
    author = signed_in(writer.user)
    assert author.get(reverse("editorial_my_orders")).status_code != 200
    assert not orders.asked_of(writer.user).exists()
    assert author.get(reverse("editorial_order", args=[order.pk])).status_code != 200


# --- Reminders --------------------------------------------------------------------------


def test_reminders_climb_and_are_logged(order, group, head, member, writer, section, at):
    in_charge(member, section)
    agency = officer("can.bo.so")
    orders.agree(order.pk, writer.user)

    def sent(moment: str) -> list[tuple[str, int, set[int]]]:
        at(moment)
        before = set(Reminder.objects.values_list("pk", flat=True))
        reminders.remind_all()
        reminders.remind_all()
        return [
            (row.occasion, row.level, {person.pk for person in row.recipients.all()})
            for row in Reminder.objects.exclude(pk__in=before)
        ]

    author, office = {writer.user_id}, {agency.pk, group.user_id}
    assert sent("2026-11-28 01:00") == []
    assert sent("2026-11-30 01:00") == [("before", 1, author)]
    assert sent("2026-12-01 16:59") == []
    assert sent("2026-12-01 17:00") == [("passed", 1, author)]
    assert sent("2026-12-03 01:00") == [("passed", 2, author | office)]
    assert sent("2026-12-05 01:00") == [
        ("passed", 3, author | office | {member.user_id, head.user_id})
    ]
    assert sent("2026-12-20 01:00") == []
    assert len(letters("editorial.reminder")) == 1 + 1 + 3 + 5


def test_the_nightly_chores_send_reminders_as_letters(order, writer, at, mailoutbox):
    OutboxRow.objects.all().delete()
    at("2026-11-18 01:00")
    clean_up()
    drain()
    assert [mail.to for mail in mailoutbox] == [[writer.user.email]]
    assert f"/dat-hang/{order.pk}/" in mailoutbox[0].body
    assert "script" not in mailoutbox[0].body


@pytest.mark.parametrize(
    "answer",
    [
        lambda order, writer: orders.decline(order.pk, "Bận", writer.user),
        lambda order, writer: orders.ask_for(order.pk, local("2026-12-20 17:00"), "", writer.user),
        lambda order, writer: orders.deliver(
            order.pk, own_page(order.topic.section, writer.user), writer.user
        ),
    ],
)
def test_reminders_stop_as_soon_as_there_is_an_answer(order, writer, at, answer):
    orders.agree(order.pk, writer.user)
    at("2026-11-30 01:00")
    assert reminders.remind_all() == 1
    answer(order, writer)
    at("2026-12-15 01:00")
    assert reminders.remind_all() == 0


def test_a_new_deadline_starts_the_ladder_anew(order, writer, group, at):
    orders.agree(order.pk, writer.user)
    at("2026-12-01 18:00")
    assert reminders.remind_all() == 1
    orders.ask_for(order.pk, local("2026-12-10 17:00"), "Ốm", writer.user)
    orders.accept(order.pk, group.user)
    assert reminders.remind_all() == 0
    at("2026-12-09 01:00")
    assert reminders.remind_all() == 1


def test_reminding_by_hand_is_logged_once_a_day(order, group, writer):
    office = signed_in(group.user)
    act(office, "order", order.pk, "don-doc", level=2)
    page = act(office, "order", order.pk, "don-doc", level=2)
    assert page.status_code == 200
    row = Reminder.objects.get()
    assert (row.sent_by, row.level) == (group.user, 2)
    assert {person.pk for person in row.recipients.all()} == {writer.user_id, group.user_id}
    page = office.get(reverse("editorial_order", args=[order.pk])).content.decode()
    assert group.user.get_full_name() in page


def test_an_officer_of_the_agency_opens_the_order_from_the_letter(order):
    url = reverse("editorial_order", args=[order.pk])
    assert signed_in(officer("can.bo.so")).get(url).status_code == 200
    assert signed_in(officer("can.bo.khac", "STC")).get(url).status_code != 200


def test_when_the_collaborator_has_left_the_working_group_is_reminded(order, group, writer, at):
    writer.valid_to = date(2026, 11, 17)
    writer.save()
    at("2026-11-18 01:00")
    reminders.remind_all()
    assert {person.pk for person in Reminder.objects.get().recipients.all()} == {group.user_id}


# --- Who may do what ---------------------------------------------------------------------

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
