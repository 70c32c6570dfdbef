"""Entry points for django-q2."""

from __future__ import annotations

from . import scheduling


def publish_due() -> int:
    return scheduling.publish_due()
