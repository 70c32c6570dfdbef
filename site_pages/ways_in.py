"""Where people can write to the office: each room registers its own.

Shown in the footer of every page and on the contact page.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise

_ways: list[tuple[str | Promise, str]] = []


def register_way(title: str | Promise, url_name: str) -> None:
    _ways.append((title, url_name))


def ways_in() -> list[tuple[str, str]]:
    """Each way's title and address in the reader's language."""
    return [(str(title), reverse(name)) for title, name in _ways]
