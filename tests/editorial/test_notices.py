"""Letters of the day: one for what nobody has read, however many nights were missed."""

from __future__ import annotations

import pytest
from django.core import mail

from editorial import notices
from editorial.models import LetterMode, Notice, Occasion
from portal.accounts.models import User
from portal.outbox.draining import drain
from tests.accounts import user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(at) -> User:
    at("2026-11-16 09:00")
    made = user("to.cong.tac")
    notices.prefer(made, Occasion.TO_SCREEN, LetterMode.DIGEST)
    return made


def told(reader: User, key: str) -> Notice:
    (made,) = notices.tell([reader], Occasion.TO_SCREEN, None, key)
    return made


def letters_after_the_night() -> int:
    before = len(mail.outbox)
    notices.send_digests()
    drain()
    return len(mail.outbox) - before


def test_nights_without_a_worker_lose_no_letter(reader, at):
    told(reader, "1")
    assert mail.outbox == []
    at("2026-11-19 02:00")
    assert letters_after_the_night() == 1
    assert mail.outbox[0].to == [reader.email]


def test_the_same_notices_are_told_of_once(reader, at):
    told(reader, "1")
    told(reader, "2")
    at("2026-11-17 02:00")
    assert letters_after_the_night() == 1
    at("2026-11-18 02:00")
    assert letters_after_the_night() == 0
    told(reader, "3")
    at("2026-11-19 02:00")
    assert letters_after_the_night() == 1


def test_what_is_read_needs_no_letter(reader, at):
    told(reader, "1")
    notices.read_all(reader)
    at("2026-11-17 02:00")
    assert letters_after_the_night() == 0
