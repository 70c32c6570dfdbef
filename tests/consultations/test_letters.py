"""Letters to subscribers end with one press in the mail program (RFC 8058)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import Subscription
from consultations.subscribing import letters
from portal import clock
from portal.outbox.draining import drain
from tests.consultations import factories as make
from tests.consultations import saying

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def letter(at, mailoutbox):
    at(make.NOON)
    saying.open_to_all()
    Subscription.objects.create(
        email="anh@dan.example",
        subject="*",
        consultation=None,
        asked_at=clock.now(),
        confirmed_at=clock.now(),
    )
    letters.announce_due()
    drain()
    (found,) = mailoutbox
    return found


def address(letter) -> str:
    told = letter.message()["List-Unsubscribe"]
    return re.fullmatch(r"<https?://[^/]+(/[^>]+)>", told)[1]


def test_a_letter_says_where_one_press_ends_it(letter):
    assert letter.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "anh" not in address(letter)
    assert address(letter) in letter.body


def test_a_mail_program_ends_it_without_a_cookie_and_may_press_twice(letter):
    program = Client(enforce_csrf_checks=True)
    url = address(letter)
    assert program.get(url).status_code == 200
    assert Subscription.objects.exists()
    assert program.post(url, ONE_CLICK).status_code == 200
    assert not Subscription.objects.exists()
    assert program.post(url, ONE_CLICK).status_code == 200
    assert program.get(url).status_code == 404
    wrong = reverse("consultations_unsubscribe", args=["khong-phai"])
    assert program.post(wrong, ONE_CLICK).status_code == 404


def test_nothing_but_the_ending_is_open_to_strangers(letter):
    row = Subscription.objects.get()
    url = reverse("consultations_confirm", args=[letters.sign_of(row)])
    assert Client(enforce_csrf_checks=True).post(url).status_code == 403
    assert Client(enforce_csrf_checks=True).post("/nhan-tin-lay-y-kien/").status_code == 403
