"""Entry points for django-q2."""

from __future__ import annotations

import logging

from . import draining
from .registry import chores

logger = logging.getLogger(__name__)


def drain() -> int:
    return draining.drain()


def clean_up() -> None:
    """Run every room's nightly chore; one that fails does not keep the others from running."""
    for chore in chores():
        try:
            chore()
        except Exception:
            logger.exception("nightly chore %s failed", chore.__module__)
