"""Asking a virus scanner: clamd over its socket, or the demonstration's stand-in.

A file is clean only where the scanner has read all of it and said so in as many words.
Whatever else happens is ScanFailed, and the file stays where it is.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024
SECONDS = 120
LONGEST_REPLY = 4096
_FOUND = re.compile(r"stream: (?P<name>.{1,200}) FOUND")
# In two parts, or a scanner would take this module for the test file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class ScanFailed(Exception):
    """The scanner did not say "clean" and did not say "infected"."""


def is_configured() -> bool:
    return bool(settings.CLAMD_ADDRESS or settings.SCANNER_STAND_IN)


def scan(file: IO[bytes]) -> str:
    """What was found in the file; empty where the scanner calls it clean."""
    if settings.CLAMD_ADDRESS:
        return _ask_clamd(settings.CLAMD_ADDRESS, file)
    if settings.SCANNER_STAND_IN:
        return "Eicar-Test-Signature" if EICAR in file.read(CHUNK) else ""
    raise ScanFailed("no scanner")


def _ask_clamd(address: str, file: IO[bytes]) -> str:
    ends_at = time.monotonic() + SECONDS
    try:
        with _connected(address) as line:
            was_read = _stream(line, file, ends_at)
            reply = _reply(line, ends_at)
    except OSError as error:
        raise ScanFailed(type(error).__name__) from error
    if reply == "stream: OK" and was_read:
        return ""
    if found := _FOUND.fullmatch(reply):
        return found["name"]
    raise ScanFailed("no verdict")


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=SECONDS)


def _stream(line: socket.socket, file: IO[bytes], ends_at: float) -> bool:
    """Send the file in pieces; False where clamd hangs up, which it does past its limit."""
    try:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(CHUNK):
            _wait_no_longer(line, ends_at)
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def _reply(line: socket.socket, ends_at: float) -> str:
    said = b""
    while b"\0" not in said and len(said) < LONGEST_REPLY:
        _wait_no_longer(line, ends_at)
        piece = line.recv(LONGEST_REPLY)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _wait_no_longer(line: socket.socket, ends_at: float) -> None:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
