"""Nothing is lost and nothing doubled while web, worker and database are killed.

    .venv/bin/python -m benchmarks.endurance [answers]      1,000 unless told

The real web server and worker on a PostgreSQL of their own that keeps what it committed.
Each answer is sent at least twice, at once or again after an error, by many citizens at a
time; meanwhile a web process, the whole web server or the worker is killed, or the database
crashes, at random moments. At the end: receipts that citizens hold = responses stored =
responses tallied, and `refold --check` agrees.
"""

from __future__ import annotations

import http.client
import os
import queue
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "bin"))

import supervise  # what `make run` starts

CLUSTER = "endurance"
CITIZENS = 12
PATIENCE = 90  # seconds that a citizen goes on trying
CSRF = "k" * 32
RECEIPT = re.compile(r'<p class="code">([^<]+)</p>')


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass
class Parts:
    """The web server and the worker, begun again when they were killed, as systemd does."""

    port: int
    logs: Path
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name: str) -> None:
        command = supervise.commands(self.port, self.logs)[name]
        self.running[name] = supervise.start(name, command, self.logs)

    def kill(self, name: str) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()

    def kill_again(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def kill_one_of_web(self, rng: random.Random) -> None:
        pid = self.running["web"].pid
        with suppress(OSError, IndexError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            os.kill(int(rng.choice(children)), signal.SIGKILL)


@dataclass
class Told:
    """What the citizens saw and what was done to the machines."""

    receipts: dict[str, set[str]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    posts: int = 0
    refused: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def _ask(port: int, method: str, path: str, key: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = f"csrfmiddlewaretoken={CSRF}" if method == "POST" else None
    headers = {"Cookie": f"phieu-vi={key}; csrftoken={CSRF}", "Host": f"127.0.0.1:{port}"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()
    finally:
        connection.close()


def _send(port: int, path: str, key: str, told: Told) -> None:
    """Press the button until the receipt is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            status, where, _page = _ask(port, "POST", f"{path}kiem-tra/", key)
        except (OSError, http.client.HTTPException):
            status, where = 0, ""
        with told.lock:
            told.posts += 1
            told.refused += status != 302
            told.statuses[status] = told.statuses.get(status, 0) + 1
        if status == 302 and "da-gui" in where:
            break
        time.sleep(0.3)
    receipt = _receipt(port, path, key, deadline)
    with told.lock:
        if receipt:
            told.receipts.setdefault(key, set()).add(receipt)
        else:
            told.lost.append(key)


def _receipt(port: int, path: str, key: str, deadline: float) -> str:
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            status, _where, page = _ask(port, "GET", f"{path}da-gui/", key)
            if status == 200 and (found := RECEIPT.search(page)):
                return found[1]
        time.sleep(0.3)
    return ""


def _citizen(port: int, path: str, keys: queue.SimpleQueue, told: Told, seed: int) -> None:
    rng = random.Random(seed)
    while True:
        try:
            key = keys.get_nowait()
        except queue.Empty:
            return
        twice = [
            threading.Thread(target=_send, args=(port, path, key, told))
            for _click in range(rng.choice([2, 2, 3]))
        ]
        for click in twice:
            click.start()
            if rng.random() < 0.4:
                click.join()  # the second click comes after the first answer
        for click in twice:
            click.join()


def _trouble(parts: Parts, told: Told, is_over: threading.Event) -> None:
    rng = random.Random(7)
    acts = {
        "a web process killed": lambda: parts.kill_one_of_web(rng),
        "the web server killed": lambda: parts.kill_again("web"),
        "the worker killed": lambda: parts.kill_again("worker"),
        "the database crashed": _crash,
    }
    names = list(acts)
    rng.shuffle(names)
    while not is_over.wait(rng.uniform(1, 4)):
        if not _answers(parts.port):
            continue  # still coming up from what was done before
        # Each at least once, then as chance has it.
        name = names.pop() if names else rng.choice(list(acts))
        acts[name]()
        told.done[name] = told.done.get(name, 0) + 1
        print(name, flush=True)


def _answers(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return _ask(port, "GET", "/", "")[0] == 200
    return False


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(port):
        if time.monotonic() > deadline:
            raise SystemExit("the portal does not come up")
        time.sleep(0.5)


def _crash() -> None:
    subprocess.run(["bin/postgres", "crash", CLUSTER], cwd=ROOT, check=True)


def _lay(count: int) -> tuple[str, list[str]]:
    """An open survey with finished drafts; its path and the keys of their writers."""
    import uuid

    from portal import clock
    from satisfaction import drafting
    from satisfaction.models import Draft
    from site_pages.publishing import by_installation
    from tests.satisfaction.factories import answers, begin, make_page, make_survey

    now = clock.now()
    with by_installation():
        survey = make_survey(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9))
        page = make_page(survey)
    with clock.stopped_at(now - timedelta(minutes=5)):
        _key, first = begin(survey, answers(4, I15="5", II19="3"))
        made = [drafting.start(survey, uuid.uuid4()) for _n in range(count)]
    Draft.objects.filter(pk__in=[draft.pk for _key, draft in made]).update(answers=first.answers)
    Draft.objects.filter(pk=first.pk).delete()
    return page.url, [key for key, _draft in made]


def _verdict(told: Told, count: int) -> list[str]:
    from django.core.management import CommandError, call_command

    from satisfaction.models import Cell, Response

    faults = [f"{len(told.lost)} citizens got no receipt"] if told.lost else []
    several = [key for key, codes in told.receipts.items() if len(codes) != 1]
    if several:
        faults.append(f"{len(several)} citizens hold different receipts")
    held = {code for codes in told.receipts.values() for code in codes}
    stored = set(Response.objects.values_list("receipt_code", flat=True))
    if held != stored:
        faults.append(f"{len(held - stored)} receipts of nothing, {len(stored - held)} not held")
    tallied = sum(Cell.objects.values_list("n", flat=True))
    if not (len(held) == len(stored) == tallied == count):
        faults.append(f"{len(held)} held, {len(stored)} stored, {tallied} tallied of {count}")
    try:
        call_command("refold", "--check")
    except CommandError as error:
        faults.append(f"tallies: {error}")
    return faults


def run(count: int, work: Path) -> list[str]:
    from django.core.management import call_command
    from django.db import connection

    begun = time.monotonic()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    path, keys = _lay(count)
    print(f"laid in {time.monotonic() - begun:.0f} s", flush=True)
    connection.close()
    parts = Parts(int(os.environ["PORT"]), work)
    told, is_over, waiting = Told(), threading.Event(), queue.SimpleQueue()
    for key in keys:
        waiting.put(key)
    for name in ("web", "worker"):
        parts.start(name)
    try:
        _wait_for(parts.port)
        citizens = [
            threading.Thread(target=_citizen, args=(parts.port, path, waiting, told, seed))
            for seed in range(CITIZENS)
        ]
        trouble = threading.Thread(target=_trouble, args=(parts, told, is_over))
        for one in (trouble, *citizens):
            one.start()
        for one in citizens:
            one.join()
        is_over.set()
        trouble.join()
    finally:
        for name in ("web", "worker"):
            parts.kill(name)
    print(f"over in {time.monotonic() - begun:.0f} s")
    print(f"{told.posts} sendings of {count} answers, {told.refused} met an error: {told.statuses}")
    print("; ".join(f"{name} {n} times" for name, n in sorted(told.done.items())))
    return _verdict(told, count)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    os.chdir(ROOT)
    started = subprocess.run(
        ["bin/postgres", "start", CLUSTER], check=True, capture_output=True, text=True
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {
                "DATABASE_URL": started.stdout.strip(),
                "DJANGO_SETTINGS_MODULE": "portal.settings.local",
                "VAR_DIR": folder,
                "PORT": str(_free_port()),
            }
            import django

            django.setup()
            faults = run(count, Path(folder))
    finally:
        subprocess.run(["bin/postgres", "stop", CLUSTER], check=True)
    print("\n".join(faults) or f"{count} receipts = {count} responses = {count} tallied")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
