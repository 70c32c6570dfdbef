"""What one room lends to a page of another, by a registry and without an import.

A survey inside a consultation: `satisfaction` registers the kind "survey", a consultation keeps
the kind and the number, its page asks here what to show today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Lent:
    """A title, where it leads, and a note such as how long it is open."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Lender:
    label: str | Promise
    # What may be chosen today: number and title.
    choices: Callable[[], Iterable[tuple[int, str]]]
    # What readers see of one; None while there is nothing to show.
    find: Callable[[int], Lent | None]


_lenders: dict[str, Lender] = {}


def register_embed(kind: str, lender: Lender) -> None:
    _lenders[kind] = lender


def choices() -> list[tuple[str, str]]:
    """All that may be lent, "kind:number" and its title."""
    return [
        (f"{kind}:{number}", f"{lender.label}: {title}")
        for kind, lender in _lenders.items()
        for number, title in lender.choices()
    ]


def lent(kind: str, number: int) -> Lent | None:
    lender = _lenders.get(kind)
    return lender.find(number) if lender else None
