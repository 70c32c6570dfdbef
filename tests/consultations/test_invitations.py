"""Agencies are asked by a day, reminded, answer or agree; letters for who subscribed."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import inviting
from consultations.models import AgencyInvitation, Opinion, Subscription, WindowAct
from consultations.subscribing import letters
from consultations.window import NotOpen
from portal.agencies.models import Agency, Membership
from portal.outbox.draining import drain
from portal.rules.models import RuleValue
from site_pages.work_queue import waiting_for
from tests.accounts import staff
from tests.consultations import factories as make
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 25)
RUN = "consultations.run_consultations"


@pytest.fixture
def consultation(place):
    return place[0]


@pytest.fixture
def agency():
    return Agency.objects.get(code="STC")


@pytest.fixture
def official(agency):
    made = staff("can.bo.stc")
    Membership.objects.create(user=made, agency=agency, valid_from="2026-01-01", decision="1/QD")
    return made


@pytest.fixture
def asked(consultation, agency, official) -> AgencyInvitation:
    organiser = make.organiser()
    (row,) = inviting.invite(
        consultation.pk, [agency], document_number="45/SNV-CCHC", due_on=DUE, by=organiser
    )
    return row


def test_asked_once_by_who_may_within_the_window(consultation, agency, asked, official):
    given = {"document_number": "46", "due_on": DUE}
    assert inviting.invite(consultation.pk, [agency], by=make.organiser(), **given) == []
    with pytest.raises(PermissionDenied):
        inviting.invite(consultation.pk, [agency], by=official, **given)
    for day in (date(2026, 11, 19), date(2026, 12, 1)):
        with pytest.raises(ValidationError):
            inviting.invite(
                consultation.pk, [agency], document_number="4", due_on=day, by=make.organiser()
            )
    drain()


def test_its_officials_answer_and_nobody_else(asked, agency, official, place):
    stranger = staff("nguoi.la")
    given = {"target": "toan-van", "token": uuid.uuid4(), "text": "Sở đề nghị bổ sung."}
    with pytest.raises(PermissionDenied):
        inviting.answer(asked.pk, stranger, **given)
    with pytest.raises(PermissionDenied):
        inviting.agree(asked.pk, stranger)
    inviting.agree(asked.pk, official)
    first = inviting.answer(asked.pk, official, **given)
    assert inviting.answer(asked.pk, official, **given) == first
    assert (first.agency, first.respondent_kind) == (agency, "agency")
    asked.refresh_from_db()
    assert (asked.agrees, asked.answered_by) == (False, official)
    assert Opinion.objects.count() == 1


def test_the_window_binds_agencies_too(asked, official, at, consultation):
    make.record(consultation, WindowAct.SUSPEND)
    with pytest.raises(NotOpen):
        inviting.agree(asked.pk, official)
    at(make.CLOSES)
    with pytest.raises(NotOpen):
        inviting.answer(asked.pk, official, target="toan-van", token=uuid.uuid4(), text="Muộn.")
    assert not Opinion.objects.exists()


def test_reminded_before_and_when_late_once_each(asked, official, at, mailoutbox):
    drain()
    mailoutbox.clear()
    for day, letters_by_then in [(21, 0), (22, 1), (23, 1), (25, 1), (26, 2), (27, 2)]:
        at(f"2026-11-{day} 01:00")
        inviting.remind_due()
        drain()
        assert len(mailoutbox) == letters_by_then, day
    assert waiting_for(official)[0].is_late
    board = inviting.board(asked.consultation)
    assert inviting.state_in_words(board[0], timezone.localdate())[1] in {"late", "waiting"}


def test_the_board_and_the_official_s_page(client, asked, official, consultation, agency):
    client.force_login(make.organiser())
    url = reverse("consultation_agencies", args=[consultation.pk])
    shown = client.get(url)
    assert shown.status_code == 200
    assert agency.name in shown.content.decode()
    other = Agency.objects.get(code="SXD")
    wrong = client.post(url, {"agencies": [other.pk], "document_number": "7", "due_on": "1/1/2020"})
    assert "due_on" in wrong.context["form"].errors
    client.post(url, {"agencies": [other.pk], "document_number": "7", "due_on": "25/11/2026"})
    assert consultation.invitations.count() == 2
    client.post(reverse("consultation_remind", args=[asked.pk]))
    visitor = Client()
    visitor.force_login(official)
    assert (
        asked.consultation.title[:10]
        in visitor.get(reverse("consultation_invitations")).content.decode()
    )
    one = reverse("consultation_invitation", args=[asked.pk])
    token = visitor.get(one).context["form"].initial["token"]
    empty = visitor.post(one, {"target": "toan-van", "text": "", "token": token})
    assert empty.context["form"].errors
    visitor.post(one, {"target": "toan-van", "text": "Ý kiến của Sở.", "token": token})
    assert Opinion.objects.get().agency == agency
    visitor.force_login(staff("ngoai.cuoc"))
    assert "Ý kiến của Sở." not in visitor.get(one, follow=True).content.decode()


# --- Letters ----------------------------------------------------------------------------


def subscribed(client, url: str, email: str = "anh@dan.example"):
    RuleValue.objects.filter(key="protection.form_min_seconds").update(amount=0)
    token = client.get(url).context["guard"].token
    return client.post(url, {"email": email, "form_token": token})


def link_in(letter, word: str) -> str:
    found = next(part for part in letter.body.split() if word in part)
    return "/" + found.split("/", 3)[3]


def test_only_who_confirms_is_written_to_and_one_press_ends_it(client, place, mailoutbox):
    page = place[1]
    assert_valid_html(subscribed(client, f"{page.url}dang-ky-nhan-tin/"))
    drain()
    (asked,) = mailoutbox
    letters.announce_due()
    drain()
    assert len(mailoutbox) == 1
    link = link_in(asked, "/xac-nhan/")
    assert_valid_html(client.get(link))
    assert Subscription.objects.get().confirmed_at is None
    assert_valid_html(client.post(link))
    make.record(place[0], WindowAct.EXTEND, closes_at=make.CLOSES + timedelta(days=2))
    for _twice in range(2):
        letters.announce_due()
        drain()
    assert len(mailoutbox) == 2
    assert page.title in mailoutbox[1].body
    end = link_in(mailoutbox[1], "/thoi/")
    client.get(end)
    assert Subscription.objects.exists()
    client.post(end)
    assert not Subscription.objects.exists()
    assert client.get(end).status_code == 404


def test_subscribing_twice_tells_nobody_who_is_subscribed(client, place, mailoutbox):
    url = reverse("consultations_subscribe")
    first = subscribed(client, url).content
    Subscription.objects.update(confirmed_at=make.OPENS)
    second = subscribed(client, url).content
    assert first.split(b"<main")[1] == second.split(b"<main")[1]
    assert subscribed(client, url, "khong-phai").status_code == 422


def test_unconfirmed_addresses_are_forgotten(client, place, at):
    subscribed(client, reverse("consultations_subscribe"))
    at(make.OPENS + timedelta(days=60))
    assert letters.purge() == 1
