"""Letters that do not arrive: at once, after a day, sent back later; none leads to an answer."""

from __future__ import annotations

import json
import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from portal import clock
from portal.outbox import draining, upkeep
from portal.outbox.models import OutboxRow
from satisfaction.collecting import closed, invitations
from satisfaction.models import Participation, Response
from satisfaction.sampling import progress
from tests.accounts import staff
from tests.satisfaction.closed.steps import everything, invite, take_part
from tests.satisfaction.factories import CLOSES

pytestmark = pytest.mark.django_db


def fail_to_send(monkeypatch) -> None:
    def busy(*_args, **_kwargs) -> None:
        raise smtplib.SMTPServerDisconnected("try later")

    monkeypatch.setattr(invitations, "post", busy)


def drain_to_the_end(at) -> None:
    """Every attempt of every letter, each when it is due."""
    moment = clock.now()
    draining.drain()
    for pause in draining.BACKOFF:
        moment = at(moment + pause)
        draining.drain()


def test_a_letter_that_fails_again_and_again_stands_among_those_that_did_not_arrive(
    survey, page, inviter, monkeypatch, at, client
):
    first, second = invite(survey, inviter, 2)
    invitations.write_to(survey, inviter)
    fail_to_send(monkeypatch)
    draining.drain()
    first.refresh_from_db()
    assert not first.has_bounced  # it is tried again for a day
    drain_to_the_end(at)
    first.refresh_from_db()
    assert first.has_bounced
    assert first.letters == 0
    client.force_login(inviter)
    html = client.get(f"/quan-tri/khao-sat/{survey.pk}/moi/").content.decode()
    assert first.email in html
    assert invitations.write_to(survey, inviter) == 0
    rates = progress.response_rates(survey)[0]
    assert rates.valid == 0
    # The mail server is well again: the officer lets the outbox try once more.
    monkeypatch.undo()
    row = OutboxRow.objects.get(payload={"participation_id": first.pk})
    upkeep.retry(row.pk, staff("quan.tri", "outbox.change_outboxrow"))
    draining.drain()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.has_bounced, first.letters, second.has_bounced) == (False, 1, True)


def test_a_letter_that_fails_late_marks_nobody_who_took_part(
    survey, page, inviter, monkeypatch, at
):
    first, second = invite(survey, inviter, 2)
    invitations.write_to(survey, inviter)
    fail_to_send(monkeypatch)
    draining.drain()
    # They have the link from a colleague of the organising unit, say.
    take_part(survey, first, 4)
    before = json.dumps(everything()["satisfaction_urn"])
    drain_to_the_end(at)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.has_bounced, second.has_bounced) == (False, True)
    # The mark touches the ledger and nothing beside it.
    assert json.dumps(everything()["satisfaction_urn"]) == before
    assert not Response.objects.exists()


def test_a_letter_that_fails_after_the_mixing_finds_nobody(survey, page, inviter, monkeypatch, at):
    people = invite(survey, inviter, 11)
    invitations.write_to(survey, inviter)
    fail_to_send(monkeypatch)
    draining.drain()
    for person in people[:10]:
        take_part(survey, person, 4)
    at(CLOSES + timedelta(days=1))
    closed.mix_what_has_ended()
    drain_to_the_end(at)
    assert not Participation.objects.exists()
    assert Response.objects.count() == 10


def test_what_a_mail_server_sends_back_is_pasted_and_its_address_written_to_no_more(
    survey, page, inviter, client
):
    first, second = invite(survey, inviter, 2)
    invitations.write_to(survey, inviter)
    draining.drain()
    client.force_login(inviter)
    told = (
        "This is the mail system at host mx.hanoi.example.\r\n\r\n"
        f"<{first.email.upper()}>: host mx.hanoi.example said: 550 5.1.1 User unknown\r\n"
        f"Final-Recipient: rfc822; {first.email}\r\nAction: failed\r\n"
    )
    client.post(f"/quan-tri/khao-sat/{survey.pk}/moi/thu-hong/", {"text": told})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.has_bounced, second.has_bounced) == (True, False)
    mail.outbox.clear()
    assert invitations.write_to(survey, inviter) == 1
    # A reminder that was called for before its address came back does not go out.
    Participation.objects.filter(pk=second.pk).update(has_bounced=True)
    draining.drain()
    assert mail.outbox == []
