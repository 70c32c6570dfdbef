"""Which handler carries out which kind of effect. Rooms register theirs when they start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .models import OutboxRow

Handler = Callable[[OutboxRow], None]
Chore = Callable[[], object]


@dataclass(frozen=True)
class Effect:
    handler: Handler
    atomic: bool
    lost: Handler | None = None
    failed: Handler | None = None


_effects: dict[str, Effect] = {}


def register(
    kind: str,
    handler: Handler,
    *,
    atomic: bool = True,
    lost: Handler | None = None,
    failed: Handler | None = None,
) -> None:
    """Let `handler(row)` carry out effects of `kind`.

    atomic: handler and "done" commit together, so a database effect happens once.
    Otherwise the row is leased: the handler runs outside a transaction, may take
    minutes, and must be idempotent, because a killed worker's lease runs out and
    another worker starts it again. `lost(row)` is told in the end, when every worker died;
    `failed(row)` when the row has failed for good, in the transaction that says so.
    """
    _effects[kind] = Effect(handler, atomic, lost, failed)


def effect_of(kind: str) -> Effect:
    return _effects[kind]


_of_the_night: list[Chore] = []
_of_the_minute: list[Chore] = []


def every_night(chore: Chore) -> Chore:
    """Let `chore()` run once a night: what has outlived its purpose goes."""
    _of_the_night.append(chore)
    return chore


def every_minute(chore: Chore) -> Chore:
    """Let `chore()` run each minute: what falls due by the clock."""
    _of_the_minute.append(chore)
    return chore


def chores() -> list[Chore]:
    return list(_of_the_night)


def chores_of_the_minute() -> list[Chore]:
    return list(_of_the_minute)
