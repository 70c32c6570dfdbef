"""Actions as people read them: state, lateness, and the figures before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..models import Action
from ..reporting.breakdown_parts import change_cells
from ..reporting.printed import cells_of
from .remedies import RUNNING


@dataclass(frozen=True)
class ShownAction:
    action: Action
    is_late: bool
    outcome: dict | None


def shown(actions: Iterable[Action], today: date) -> list[ShownAction]:
    return [ShownAction(action, is_late(action, today), outcome_rows(action)) for action in actions]


def is_late(action: Action, today: date) -> bool:
    return action.state in RUNNING and action.due_on < today


def outcome_rows(action: Action) -> dict | None:
    """Before, after and the difference as printed."""
    if not action.outcome:
        return None
    by, interval, p = change_cells(action.outcome["change"])
    return {
        "later": action.outcome["later"],
        "is_own": action.outcome["about"] == "agency",
        "before": cells_of(action.outcome["before"]),
        "after": cells_of(action.outcome["after"]),
        "change": by,
        "interval": interval,
        "p": p,
    }
