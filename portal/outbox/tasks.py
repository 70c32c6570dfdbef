"""Entry points for django-q2."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from . import draining
from .registry import Chore, chores, chores_of_the_minute

logger = logging.getLogger(__name__)


def drain() -> int:
    return draining.drain()


def tick() -> int:
    """What falls due by the clock, then what waits in the outbox."""
    _run(chores_of_the_minute())
    return draining.drain()


def clean_up() -> None:
    """Every room's nightly chore."""
    _run(chores())


def _run(due: Iterable[Chore]) -> None:
    """Run each; one that fails does not keep the others from running."""
    for chore in due:
        try:
            chore()
        except Exception:
            logger.exception("chore %s failed", chore.__module__)
