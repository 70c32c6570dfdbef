"""Two processes, one moment: the database's decision is the only one (PostgreSQL)."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consultations.commenting import drafting, sending
from consultations.commenting.subjects import subject_of
from consultations.models import Opinion, OpinionState, PublicOpinion, WindowAct
from consultations.moderation import deciding
from consultations.window import NotOpen
from portal import clock
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations import saying

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def consultation(db):
    made = make.make_consultation()
    now = timezone.now()
    make.open_window(made, opens=now - timedelta(days=5), closes=now + timedelta(days=5))
    make.make_text(made)
    return made


def draft(consultation) -> int:
    subject = subject_of(consultation, "toan-van")
    return drafting.start(uuid.uuid4(), subject, dict(saying.TYPED))[1].pk


def in_thread(act):
    try:
        return act()
    except NotOpen:
        return "refused"
    finally:
        connection.close()


def test_skewed_clocks_get_one_decision(consultation, monkeypatch):
    """Each process believes another hour; who may still send is decided by the database."""
    drafts = [draft(consultation) for _n in range(4)]
    make.record(consultation, WindowAct.SHORTEN, closes_at=timezone.now() + timedelta(hours=2))
    skews = [timedelta(hours=n) for n in (-6, -1, 3, 9)]
    skew = threading.local()
    real = timezone.now

    monkeypatch.setattr(clock.timezone, "now", lambda: real() + getattr(skew, "by", timedelta()))

    def send(number: int):
        skew.by = skews[number]
        return in_thread(lambda: sending.send(drafts[number]))

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(send, range(4)))
    assert "refused" not in codes
    assert Opinion.objects.count() == 4
    for row in Opinion.objects.all():
        assert abs(row.received_at - real()) < timedelta(minutes=5)


def test_once_closed_every_clock_is_refused(consultation, monkeypatch):
    drafts = [draft(consultation) for _n in range(3)]
    make.record(consultation, WindowAct.CLOSE, made_at=timezone.now())
    skews = [timedelta(hours=n) for n in (-50, 0, 50)]
    skew = threading.local()
    real = timezone.now
    monkeypatch.setattr(clock.timezone, "now", lambda: real() + getattr(skew, "by", timedelta()))

    def send(number: int):
        skew.by = skews[number]
        return in_thread(lambda: sending.send(drafts[number]))

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(send, range(3))) == {"refused"}
    assert not Opinion.objects.exists()


def test_one_draft_sent_by_many_clicks_is_one_opinion(consultation):
    draft_id = draft(consultation)
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _n: in_thread(lambda: sending.send(draft_id)), range(4)))
    assert len(set(codes)) == 1
    assert Opinion.objects.count() == 1


def test_published_and_withdrawn_at_once_ends_hidden(consultation):
    sending.send(draft(consultation))
    opinion = Opinion.objects.get()
    by = staff("kiem.duyet", "consultations.moderate_opinions")

    def publish():
        try:
            return in_thread(lambda: deciding.publish(opinion.pk, by))
        except Exception as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(publish)
        second = pool.submit(in_thread, lambda: sending.withdraw(opinion))
        first.result()
        second.result()
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.WITHDRAWN
    assert not PublicOpinion.objects.exists()
