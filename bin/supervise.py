#!/usr/bin/env python
"""Run the portal's web server and worker as one thing.

Both start together, one Ctrl-C (or SIGTERM) stops both, and when one ends by itself
the other is stopped too. Their output goes to LOGS/web.log and LOGS/worker.log.

    bin/supervise.py --port 8000 --logs var/log
"""

from __future__ import annotations

import argparse
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 12  # seconds from SIGTERM to SIGKILL


def _die_with_parent() -> None:
    """A killed supervisor (kill -9) takes web and worker along, so that the port is free again."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(name: str, command: list[str], logs: Path) -> subprocess.Popen[bytes]:
    """Start one part in a session of its own, so that Ctrl-C reaches only the supervisor."""
    with (logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def stop(parts: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask every part to finish; what does not is killed with its children."""
    for part in parts.values():
        if part.poll() is None:
            part.terminate()
    deadline = time.monotonic() + PATIENCE
    for part in parts.values():
        with suppress(subprocess.TimeoutExpired):
            part.wait(max(0.1, deadline - time.monotonic()))
        # The session's other members, if any outlived their leader.
        with suppress(ProcessLookupError):
            os.killpg(part.pid, signal.SIGKILL)
        part.wait()


def answers(port: int) -> bool:
    """Whether the portal answers a request on this port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": f"127.0.0.1:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def commands(port: int, logs: Path) -> dict[str, list[str]]:
    """What is run: gunicorn with threads, and django-q2's cluster."""
    python = sys.executable
    web = f"""-m gunicorn portal.wsgi:application --bind 127.0.0.1:{port} --worker-class gthread
        --workers 2 --threads 4 --preload --timeout 60 --graceful-timeout 5 --no-control-socket"""
    access = ["--access-logfile", str(logs / "access.log")]
    return {
        "web": [python, *web.split(), *access],
        "worker": [python, "manage.py", "qcluster"],
    }


def tail(path: Path, lines: int = 15) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:])


class Stopped(Exception):
    """Ctrl-C, SIGTERM or SIGHUP."""


def _raise_stopped(signum: int, frame: object) -> None:
    raise Stopped


def greet(port: int, notice: Path | None, logs: Path) -> None:
    say = sys.stdout.write
    say(f"\nCổng thông tin / Portal:    http://127.0.0.1:{port}/\n")
    say(f"Trang quản trị / Admin:     http://127.0.0.1:{port}/quan-tri/\n")
    say(f"Nhật ký / Logs:             {logs}/\n")
    if notice and notice.exists():
        say(f"\n{notice.read_text(encoding='utf-8').strip()}\n")
    say("\nDừng / Stop: Ctrl-C\n")
    sys.stdout.flush()


def watch(
    parts: dict[str, subprocess.Popen[bytes]], port: int, notice: Path | None, logs: Path
) -> str:
    """Wait until a part ends; returns its name. Greets once the portal answers."""
    greeted = False
    while True:
        for name, part in parts.items():
            if part.poll() is not None:
                return name
        if not greeted and answers(port):
            greet(port, notice, logs)
            greeted = True
        time.sleep(0.2)


def supervise(jobs: dict[str, list[str]], port: int, notice: Path | None, logs: Path) -> int:
    """Run the jobs until a signal (0) or until one ends by itself (1)."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _raise_stopped)
    parts: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in jobs.items():
            parts[name] = start(name, command, logs)
        ended = watch(parts, port, notice, logs)
    except Stopped:
        ended = ""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    if ended:
        log = logs / f"{ended}.log"
        sys.stderr.write(
            f"\nPhần '{ended}' đã dừng (mã {parts[ended].returncode}); dừng phần còn lại. "
            f"Xem {log}\n'{ended}' ended by itself; stopping the rest. See {log}\n{tail(log)}\n"
        )
    stop(parts)
    if not ended:
        sys.stdout.write("\nĐã dừng. / Stopped.\n")
    return 1 if ended else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--logs", type=Path, default=Path("var/log"))
    parser.add_argument("--notice", type=Path, help="a text to print once the portal answers")
    parser.add_argument("--pid-file", type=Path)
    options = parser.parse_args()
    options.logs.mkdir(parents=True, exist_ok=True)
    if options.pid_file:
        options.pid_file.write_text(str(os.getpid()), encoding="ascii")
    try:
        return supervise(
            commands(options.port, options.logs), options.port, options.notice, options.logs
        )
    finally:
        if options.pid_file:
            options.pid_file.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
