"""Effects happen exactly once, and every failure has an end."""

from __future__ import annotations

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django_q.models import OrmQ

from portal import clock
from portal.outbox import upkeep
from portal.outbox.draining import BACKOFF, LEASE, Refused, drain
from portal.outbox.mail import register_letter, send_letter
from portal.outbox.models import OutboxRow, OutboxState
from portal.outbox.registry import register
from portal.outbox.sending import send
from portal.rules.models import LegalBasis
from tests.accounts import staff, user

NOON = "2026-11-20 12:00"


@pytest.fixture
def done():
    """A kind of effect that writes a row and may be told to fail."""
    log: list[str] = []

    def handler(row: OutboxRow) -> None:
        LegalBasis.objects.create(number=row.key, title="hiệu lực")
        log.append(row.key)
        if row.payload.get("fails"):
            raise ValueError("số điện thoại 0912345678")
        if row.payload.get("refuses"):
            raise Refused

    register("test.effect", handler)
    register("test.long", handler, atomic=False)
    return log


def call_for(kind: str, key: str, **ids: int) -> OutboxRow:
    with transaction.atomic():
        return send(kind, key, **ids)


@pytest.mark.django_db
class TestDraining:
    def test_the_same_effect_called_for_twice_happens_once(self, at, done):
        at(NOON)
        call_for("test.effect", "a")
        call_for("test.effect", "a")
        assert drain() == 1
        assert drain() == 0
        assert done == ["a"]
        assert OutboxRow.objects.get().state == OutboxState.DONE

    def test_a_change_that_is_rolled_back_calls_for_nothing(self, done):
        with transaction.atomic():
            send("test.effect", "a")
            transaction.set_rollback(True)
        assert drain() == 0

    def test_a_failure_leaves_no_half_effect_and_waits_longer_each_time(self, at, done):
        moment = at(NOON)
        call_for("test.effect", "a", fails=1)
        for pause in BACKOFF:
            assert drain() == 1
            row = OutboxRow.objects.get()
            assert (row.state, row.next_at) == (OutboxState.WAITING, moment + pause)
            assert drain() == 0
            moment = at(moment + pause)
        drain()
        row = OutboxRow.objects.get()
        assert row.state == OutboxState.FAILED
        assert row.last_error == "ValueError"
        assert not LegalBasis.objects.filter(number="a").exists()

    def test_a_refusal_is_final_at_once(self, at, done):
        at(NOON)
        call_for("test.effect", "a", refuses=1)
        drain()
        assert OutboxRow.objects.get().state == OutboxState.FAILED

    def test_a_killed_worker_s_effect_is_due_when_its_lease_ends(self, at, done):
        moment = at(NOON)
        row = call_for("test.long", "a")
        OutboxRow.objects.filter(pk=row.pk).update(
            state="running", attempts=1, next_at=moment + LEASE
        )
        assert drain() == 0
        at(moment + LEASE)
        assert drain() == 1
        assert done == ["a"]

    def test_an_effect_that_kills_every_worker_fails_in_the_end(self, at, done):
        moment = at(NOON)
        row = call_for("test.long", "a")
        OutboxRow.objects.filter(pk=row.pk).update(
            state="running", attempts=len(BACKOFF) + 1, next_at=moment
        )
        drain()
        row.refresh_from_db()
        assert (row.state, row.last_error) == (OutboxState.FAILED, "WorkerLost")
        assert done == []

    def test_who_waits_for_a_lost_effect_is_told_in_the_same_transaction(self, at, done):
        moment = at(NOON)
        told = []
        register("test.lost", lambda row: None, atomic=False, lost=lambda row: told.append(row.key))
        row = call_for("test.lost", "a")
        OutboxRow.objects.filter(pk=row.pk).update(
            state="running", attempts=len(BACKOFF) + 1, next_at=moment
        )
        drain()
        drain()
        assert told == ["a"]

    def test_an_unknown_kind_waits_for_its_room(self, at):
        at(NOON)
        call_for("test.unknown", "a")
        drain()
        assert OutboxRow.objects.get().state == OutboxState.WAITING


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_called_for():
    with pytest.raises(RuntimeError):
        send("test.effect", "a")
    assert not OutboxRow.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_each_effect_once(done):
    for number in range(20):
        call_for("test.effect", f"e{number}")

    def work(_number: int) -> None:
        try:
            drain()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(done) == sorted(f"e{number}" for number in range(20))


@pytest.mark.django_db
class TestLetters:
    @pytest.fixture(autouse=True)
    def _letter(self):
        register_letter("test.letter", "reporting/letter_ready.txt")

    def call(self, person):
        with transaction.atomic():
            send_letter("test.letter", "1", person.pk, edition_id=1)

    def test_a_letter_is_short_has_a_link_and_one_message_id(self, at):
        at(NOON)
        person = user("nguoi.nhan")
        self.call(person)
        self.call(person)
        drain()
        (letter,) = mail.outbox
        assert letter.to == [person.email]
        assert letter.extra_headers["Message-ID"].startswith("<outbox-")
        assert "/quan-tri/bao-cao/1/" in letter.body
        assert "\n" not in letter.subject

    @pytest.mark.parametrize(
        ("error", "state"),
        [
            (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), "waiting"),
            (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), "failed"),
            (smtplib.SMTPDataError(554, b"spam"), "failed"),
            (smtplib.SMTPServerDisconnected("gone"), "waiting"),
        ],
    )
    def test_the_server_s_code_decides_whether_to_try_again(self, at, monkeypatch, error, state):
        at(NOON)

        def refuse(*args, **kwargs):
            raise error

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
        self.call(user("nguoi.nhan"))
        drain()
        assert OutboxRow.objects.get().state == state

    def test_nobody_writes_to_a_disabled_account(self, at):
        at(NOON)
        self.call(user("da.nghi", is_active=False))
        drain()
        assert not mail.outbox
        assert OutboxRow.objects.get().state == "failed"


@pytest.mark.django_db
class TestUpkeep:
    def test_status_fails_when_the_worker_is_gone(self, at, done):
        moment = at(NOON)
        drain()
        call_command("outbox", "status")
        at(moment + timedelta(minutes=4))
        with pytest.raises(CommandError, match="worker"):
            call_command("outbox", "status")
        drain()
        call_for("test.effect", "a")
        row = OutboxRow.objects.get()
        row.state, row.next_at = OutboxState.RUNNING, clock.now() - timedelta(minutes=9)
        row.save()
        assert upkeep.lateness() == timedelta(minutes=9)
        with pytest.raises(CommandError, match="late"):
            call_command("outbox", "status")

    def test_alive_fails_only_when_the_queue_hangs(self, at):
        with pytest.raises(CommandError):
            call_command("outbox", "alive")
        began = at(NOON)
        drain()
        at(began + timedelta(minutes=14))
        call_command("outbox", "alive")
        at(began + timedelta(minutes=16))
        with pytest.raises(CommandError, match="restart the worker"):
            call_command("outbox", "alive")

    def test_old_done_effects_are_purged_and_waiting_ones_kept(self, at, done):
        moment = at(NOON)
        call_for("test.effect", "a")
        drain()
        at(moment + timedelta(days=91))
        call_for("test.effect", "b")
        assert upkeep.purge() == 1
        assert OutboxRow.objects.get().key == "b"

    def test_a_second_try_wakes_the_queue(self, at, done, django_capture_on_commit_callbacks):
        at(NOON)
        call_for("test.effect", "a", refuses=1)
        drain()
        row = OutboxRow.objects.get()
        OrmQ.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            assert upkeep.retry(row.pk, user("root", is_superuser=True))
        assert OrmQ.objects.count() == 1

    def test_an_officer_tries_a_failed_effect_again(self, client, at, done):
        at(NOON)
        call_for("test.effect", "a", refuses=1)
        drain()
        row = OutboxRow.objects.get()
        client.force_login(staff("xem", "outbox.view_outboxrow"))
        assert "gui-lai" not in client.get("/quan-tri/hang-doi/").content.decode()
        assert client.post(f"/quan-tri/hang-doi/{row.pk}/gui-lai/").status_code in (302, 403)
        row.refresh_from_db()
        assert row.state == OutboxState.FAILED
        client.force_login(staff("sua", "outbox.view_outboxrow", "outbox.change_outboxrow"))
        page = client.get("/quan-tri/hang-doi/").content.decode()
        assert f"/quan-tri/hang-doi/{row.pk}/gui-lai/" in page
        assert page.count('name="csrfmiddlewaretoken" value="') >= 1
        client.post(f"/quan-tri/hang-doi/{row.pk}/gui-lai/")
        row.refresh_from_db()
        assert row.state == OutboxState.WAITING
        assert client.post("/quan-tri/hang-doi/999999/gui-lai/").status_code == 404
