"""A real worker of django-q2 on the real database, killed in the middle of an effect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django_q.tasks import async_task

from portal import clock
from portal.outbox.models import OutboxRow, OutboxState
from portal.outbox.sending import send
from portal.rules.models import LegalBasis

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; a bound for a hung worker, not a wait

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def until(done: Callable[[], bool], what: str, worker: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert worker.poll() is None, f"the worker ended before {what}"
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        time.sleep(0.1)


@pytest.fixture
def worker(tmp_path) -> Iterator[subprocess.Popen]:
    """`manage.py qcluster` on the test's own database."""
    server, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    environment = os.environ | {
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "tests.outbox.worker.settings",
        "WORKER_FOLDER": str(tmp_path),
    }
    with (tmp_path / "worker.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    yield started
    started.terminate()
    try:
        started.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@pytest.mark.parametrize(("kind", "attempts"), [("atomic", 1), ("leased", 2)])
def test_a_killed_worker_s_effect_happens_once_all_the_same(worker, tmp_path, kind, attempts):
    with transaction.atomic():
        row = send(f"test.{kind}", kind)
    at_work = tmp_path / f"{kind}.pid"
    until(at_work.exists, "the effect begins", worker)
    os.kill(int(at_work.read_text()), signal.SIGKILL)

    if kind == "leased":
        row.refresh_from_db()
        assert (row.state, row.attempts) == (OutboxState.RUNNING, 1)
        # Ten minutes pass: the lease of the dead ends.
        OutboxRow.objects.filter(pk=row.pk).update(next_at=clock.now())
    (tmp_path / "go-on").touch()

    def woken() -> bool:
        # A dead worker's connection holds the row until the server notices.
        with transaction.atomic():
            free = OutboxRow.objects.select_for_update(skip_locked=True).filter(pk=row.pk).exists()
        return free

    until(woken, "the dead worker's lock is gone", worker)
    async_task("portal.outbox.tasks.drain")
    until(
        lambda: OutboxRow.objects.get(pk=row.pk).state == OutboxState.DONE,
        "another worker carries the effect out",
        worker,
    )
    row.refresh_from_db()
    assert row.attempts == attempts
    assert LegalBasis.objects.filter(number=kind).count() == 1
