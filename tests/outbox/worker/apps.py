"""Effects that say in which process they run and go on when they are told."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.apps import AppConfig


def begin(key: str) -> Path:
    """Tell the test which process is at work; returns the file that lets it go on."""
    folder = Path(os.environ["WORKER_FOLDER"])
    half = folder / f"{key}.half"
    half.write_text(str(os.getpid()))
    half.rename(folder / f"{key}.pid")
    return folder / "go-on"


def wait_for(path: Path, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(path.name)
        time.sleep(0.05)


def atomic(row) -> None:
    from portal.rules.models import LegalBasis

    LegalBasis.objects.create(number=row.key, title="hiệu lực")
    wait_for(begin(row.key))


def leased(row) -> None:
    from portal.rules.models import LegalBasis

    wait_for(begin(row.key))
    LegalBasis.objects.get_or_create(number=row.key, defaults={"title": "hiệu lực"})


class WorkerConfig(AppConfig):
    name = "tests.outbox.worker"
    label = "test_worker"

    def ready(self) -> None:
        from portal.outbox.registry import register

        register("test.atomic", atomic)
        register("test.leased", leased, atomic=False)
