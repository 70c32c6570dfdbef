"""Reminders of orders, who gets them and when they stop (Art. 5.2.d)."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from editorial import orders, reminders
from editorial.models import Reminder
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.outbox.tasks import clean_up
from tests.editorial.office import in_charge, local, officer, signed_in
from tests.editorial.plan.steps import act, letters, own_page

pytestmark = pytest.mark.django_db


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
