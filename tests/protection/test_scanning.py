"""The virus scanner: clean only by its own word; whatever else happens keeps the file in."""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.checks import run_checks
from django.db import transaction
from PIL import Image as Picture

from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow, OutboxState
from portal.outbox.registry import chores
from portal.protection import antivirus, quarantine, scanning
from portal.protection.models import FileState, QuarantinedFile

from .files import MP4, PDF, infected_pdf, picture, upload

pytestmark = pytest.mark.django_db
NOON = "2026-11-20 12:00"


@pytest.fixture
def clamd(settings) -> Iterator[Callable[[Callable], dict]]:
    """clamd(answer) serves one connection by `answer(line, said)`; `said` keeps what came."""
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "clamd.ctl")
        server = socket.socket(socket.AF_UNIX)
        server.bind(path)
        server.listen()
        settings.CLAMD_ADDRESS = f"unix://{path}"
        threads = []

        def serve(answer: Callable[[socket.socket, dict], None]) -> dict:
            said: dict = {}

            def run() -> None:
                line, _address = server.accept()
                with line:
                    answer(line, said)

            threads.append(threading.Thread(target=run, daemon=True))
            threads[-1].start()
            return said

        yield serve
        for thread in threads:
            thread.join(5)
        server.close()


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        found += line.recv(count - len(found))
    return found


def _read_stream(line: socket.socket, said: dict) -> bytes:
    assert _exactly(line, 10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack("!I", _exactly(line, 4))[0]:
        content += _exactly(line, size)
    said["content"] = content
    return content


def replying(text: bytes):
    def answer(line: socket.socket, said: dict) -> None:
        _read_stream(line, said)
        line.sendall(text)

    return answer


def past_its_limit(line: socket.socket, said: dict) -> None:
    """As clamd does: it says so, closes, and reads no further."""
    line.recv(1024)
    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def kept(name: str = "tin.pdf", content: bytes = PDF) -> QuarantinedFile:
    with transaction.atomic():
        file = quarantine.take_in(upload(name, content))
        scanning.call_for(file)
    return file


def judged(file: QuarantinedFile) -> QuarantinedFile:
    drain()
    file.refresh_from_db()
    return file


def test_clamd_reads_the_whole_file_and_calls_it_clean(clamd):
    content = MP4 + bytes(3 * antivirus.CHUNK + 7)
    said = clamd(replying(b"stream: OK\0"))
    file = judged(kept("phim.mp4", content))
    assert (file.state, file.finding) == (FileState.CLEAN, "")
    assert said["content"] == content


def test_what_clamd_finds_is_written_down(clamd):
    clamd(replying(b"stream: Win.Test.EICAR_HDB-1 FOUND\0"))
    file = judged(kept())
    assert (file.state, file.finding) == (FileState.INFECTED, "Win.Test.EICAR_HDB-1")


@pytest.mark.parametrize(
    "answer",
    [
        replying(b"stream: OK but not really\0"),
        replying(b"OK\0"),
        replying(b"\xff\xfe\0\0garbage"),
        replying(b"x" * (2 * antivirus.LONGEST_REPLY)),
        replying(b""),
        replying(b"UNKNOWN COMMAND\0"),
        past_its_limit,
        lambda line, said: None,
    ],
)
def test_any_other_word_is_not_clean(clamd, answer):
    clamd(answer)
    content = MP4 + bytes(8 * 1024 * 1024)
    file = judged(kept("phim.mp4", content))
    assert (file.state, file.finding) == (FileState.ERROR, "")


def test_a_verdict_on_half_a_file_does_not_count(clamd):
    def hang_up(line: socket.socket, said: dict) -> None:
        line.recv(10)
        line.sendall(b"stream: OK\0")

    clamd(hang_up)
    assert judged(kept("phim.mp4", MP4 + bytes(8 * 1024 * 1024))).state == FileState.ERROR


def test_a_scanner_that_never_answers_is_left(clamd, monkeypatch):
    monkeypatch.setattr(antivirus, "SECONDS", 0.2)
    done = threading.Event()
    clamd(lambda line, said: (_read_stream(line, said), done.wait(5)))
    assert judged(kept()).state == FileState.ERROR
    done.set()


def test_a_scanner_that_is_down_is_asked_again_until_it_answers(clamd, settings, at):
    there = settings.CLAMD_ADDRESS
    settings.CLAMD_ADDRESS = "unix:///nowhere/clamd.ctl"
    moment = at(NOON)
    file = judged(kept())
    assert file.state == FileState.ERROR
    row = OutboxRow.objects.get()
    assert (row.state, row.last_error) == (OutboxState.WAITING, "ScanFailed")
    settings.CLAMD_ADDRESS = there
    assert judged(file).state == FileState.ERROR  # not due yet
    at(moment + timedelta(minutes=2))
    clamd(replying(b"stream: OK\0"))
    assert judged(file).state == FileState.CLEAN


def test_each_night_begins_anew_with_what_is_not_judged(settings, at):
    settings.SCANNER_STAND_IN = False
    moment = at(NOON)
    file = kept()
    for days in range(8):
        at(moment + timedelta(days=days))
        judged(file)
    assert OutboxRow.objects.get().state == OutboxState.FAILED
    assert file.state == FileState.ERROR
    settings.SCANNER_STAND_IN = True
    assert scanning.call_again in chores()
    assert scanning.call_again() == 1
    assert judged(file).state == FileState.CLEAN
    assert scanning.call_again() == 0


def test_a_verdict_is_never_taken_back():
    file = judged(kept("tin.pdf", infected_pdf()))
    with transaction.atomic():
        scanning.send(scanning.KIND, "again", file_id=file.pk)
    quarantine.replace(file, PDF)
    assert judged(file).state == FileState.INFECTED


def test_the_stand_in_knows_the_test_file_and_production_has_none(settings):
    assert judged(kept("tin.pdf", infected_pdf())).finding == "Eicar-Test-Signature"
    assert judged(kept()).state == FileState.CLEAN
    settings.SCANNER_STAND_IN = False
    assert judged(kept()).state == FileState.ERROR
    told = run_checks(tags=["security"], include_deployment_checks=True)
    assert "protection.W001" in {message.id for message in told}
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:3310"
    told = run_checks(tags=["security"], include_deployment_checks=True)
    assert "protection.W001" not in {message.id for message in told}


def test_a_clean_picture_leaves_without_its_place_and_its_owner():
    sent = picture(place=True)
    assert Picture.open(io.BytesIO(sent)).getexif()
    file = judged(kept("anh.jpg", sent))
    assert file.state == FileState.CLEAN
    with quarantine.opened(file) as content:
        drawn = content.read()
    assert not Picture.open(io.BytesIO(drawn)).getexif()
    assert "Nguyễn".encode() not in drawn
    assert (file.size, file.released_sha256 != file.sha256) == (len(drawn), True)


def test_a_picture_that_breaks_off_is_never_clean():
    file = judged(kept("anh.jpg", picture(size=(900, 900))[:-2000]))
    assert file.state == FileState.DAMAGED


def test_a_file_that_was_lost_is_not_clean():
    file = kept()
    quarantine.path_of(file.key).unlink()
    assert judged(file).state == FileState.ERROR


def test_a_discarded_file_is_not_scanned():
    file = kept()
    quarantine.discard(file)
    drain()
    assert OutboxRow.objects.get().state == OutboxState.DONE
