"""Comments at the very instants of opening and closing: the database decides, nobody else."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from consultations import window
from consultations.models import Opinion, WindowAct
from consultations.window import NotOpen
from portal import clock
from tests.consultations import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# A process of its own, whose clock is wrong by some seconds: it tries to comment again and again.
PROCESS = """
import json, os, sys, time
from datetime import timedelta
import django
from django.conf import settings
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
from django.utils import timezone
real = timezone.now
skew = timedelta(seconds=float(sys.argv[2]))
timezone.now = lambda: real() + skew
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connection, transaction
connection.settings_dict["NAME"] = sys.argv[1]
from consultations.models import Consultation
from consultations.window import NotOpen
from tests.consultations import factories as make
consultation = Consultation.objects.get(pk=int(sys.argv[3]))
print("ready", flush=True)
ends = time.monotonic() + float(sys.stdin.readline())
told = []
while time.monotonic() < ends:
    try:
        with transaction.atomic():
            made = make.opine(consultation)
        told.append(["taken", made.received_at.isoformat()])
    except NotOpen as refused:
        told.append(["refused", refused.window.now.isoformat()])
print(json.dumps(told), flush=True)
"""


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def started(skew: float, consultation_id: int) -> subprocess.Popen:
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", PROCESS, name, str(skew), str(consultation_id)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def test_processes_whose_clocks_disagree_get_one_decision():
    consultation = make.make_consultation()
    make.make_text(consultation)
    make.organiser()
    processes = [started(skew, consultation.pk) for skew in (-3600, 0, 3600)]
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        now = database_now()
        opens, closes = now + timedelta(seconds=0.7), now + timedelta(seconds=2.2)
        make.open_window(consultation, opens, closes)
        for process in processes:
            process.stdin.write("3.2\n")
            process.stdin.flush()
        outcomes = [json.loads(process.stdout.readline()) for process in processes]
    finally:
        for process in processes:
            process.stdin.close()
            process.wait(timeout=60)
            process.stdout.close()
    for told in outcomes:
        moments = [(outcome, datetime.fromisoformat(at)) for outcome, at in told]
        taken = [at for outcome, at in moments if outcome == "taken"]
        refused = [at for outcome, at in moments if outcome == "refused"]
        # Each came before the opening, in time and too late, and each was judged alike.
        assert taken
        assert min(refused) < opens
        assert max(refused) >= closes
        assert all(opens <= at < closes for at in taken)
        assert not any(opens <= at < closes for at in refused)
    received = list(Opinion.objects.values_list("received_at", flat=True))
    assert len(received) == sum(o == "taken" for told in outcomes for o, _at in told)
    assert all(opens <= at < closes for at in received)


class Attempt(threading.Thread):
    """Someone who comments at this moment, from another connection."""

    def __init__(self, consultation) -> None:
        super().__init__()
        self.consultation, self.outcome = consultation, ""

    def run(self) -> None:
        try:
            with transaction.atomic():
                make.opine(self.consultation)
            self.outcome = "taken"
        except NotOpen:
            self.outcome = "refused"
        finally:
            connection.close()


def race(consultation, act: str, closes: datetime, **fields) -> str:
    """Hold the window for an act while somebody comments; past the old end let go."""
    with transaction.atomic():
        window.hold(consultation.pk)
        attempt = Attempt(consultation)
        attempt.start()
        make.record(consultation, act, made_at=clock.of_database(), **fields)
        while database_now() <= closes:
            time.sleep(0.05)
        assert attempt.is_alive()
    attempt.join(timeout=30)
    return attempt.outcome


@pytest.fixture
def closing():
    consultation = make.make_consultation()
    make.make_text(consultation)
    now = database_now()
    closes = now + timedelta(seconds=1)
    make.open_window(consultation, now - timedelta(days=1), closes)
    return consultation, closes


def test_who_waits_for_an_extension_in_the_last_second_is_let_in(closing):
    consultation, closes = closing
    extended = closes + timedelta(hours=1)
    assert race(consultation, WindowAct.EXTEND, closes, closes_at=extended) == "taken"
    assert Opinion.objects.get().received_at >= closes


def test_who_waits_while_it_is_closed_early_is_refused_without_a_trace(closing):
    consultation, closes = closing
    assert race(consultation, WindowAct.CLOSE, closes) == "refused"
    assert not Opinion.objects.exists()


def test_who_waited_past_the_end_is_judged_by_when_the_lock_came_free(closing):
    consultation, closes = closing
    with transaction.atomic():
        window.hold(consultation.pk)
        attempt = Attempt(consultation)
        attempt.start()
        while database_now() <= closes:
            time.sleep(0.05)
    attempt.join(timeout=30)
    assert attempt.outcome == "refused"
