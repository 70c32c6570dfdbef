"""The window as an iCalendar entry (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime

from .window import Window

MOST_OCTETS = 75


def entry(uid: str, title: str, description: str, url: str, window: Window) -> str:
    """A calendar of one event, from the opening to the closing."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//UBND thanh pho Ha Noi//CCHC//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_stamp(window.now)}",
        f"DTSTART:{_stamp(window.opens_at)}",
        f"DTEND:{_stamp(window.closes_at)}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(description)}",
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _stamp(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment else ""


def _text(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> str:
    """At most 75 octets a line, never within a letter."""
    pieces, piece, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > MOST_OCTETS:
            pieces.append(piece)
            # The blank that marks a continuation counts.
            piece, size = "", 1
        piece, size = piece + char, size + octets
    return "\r\n ".join([*pieces, piece])
