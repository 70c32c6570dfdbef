"""When a question or a section is shown: a small tree of conditions over earlier answers.

{"op": "is", "question": "A1", "codes": [1, 2]}          any of the codes was chosen
{"op": "answered", "question": "A1"}
{"op": "at_least", "question": "visits", "value": 3}     also "at_most"; dates as ISO text
{"op": "not", "of": …}   {"op": "and", "of": [ … ]}   {"op": "or", "of": [ … ]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

MAX_DEPTH = 6
MAX_NODES = 40
MAX_SIZE = 10**15  # beyond it decimals would be rounded
Size = Decimal | date


class MalformedCondition(ValueError):
    """The JSON of a condition cannot be read; its message is for the editor."""


@dataclass(frozen=True)
class Given:
    """An answer as conditions see it: the codes chosen, and where it stands on its scale."""

    codes: frozenset[int] = frozenset()
    size: Size | None = None


Answers = Mapping[str, Given]


@dataclass(frozen=True)
class Is:
    question: str
    codes: frozenset[int]


@dataclass(frozen=True)
class Answered:
    question: str


@dataclass(frozen=True)
class AtLeast:
    question: str
    value: Size


@dataclass(frozen=True)
class AtMost:
    question: str
    value: Size


@dataclass(frozen=True)
class Not:
    of: Condition


@dataclass(frozen=True)
class And:
    of: tuple[Condition, ...]


@dataclass(frozen=True)
class Or:
    of: tuple[Condition, ...]


Leaf = Is | Answered | AtLeast | AtMost
Condition = Leaf | Not | And | Or


def holds(condition: Condition, answers: Answers) -> bool:
    """What nobody answered, or was not asked, is in no set and has no size."""
    match condition:
        case Not(of):
            return not holds(of, answers)
        case And(of):
            return all(holds(part, answers) for part in of)
        case Or(of):
            return any(holds(part, answers) for part in of)
        case _:
            given = answers.get(condition.question)
            return given is not None and _leaf_holds(condition, given)


def _leaf_holds(condition: Leaf, given: Given) -> bool:
    match condition:
        case Is(_question, codes):
            return not codes.isdisjoint(given.codes)
        case AtLeast(_question, value):
            return given.size is not None and given.size >= value
        case AtMost(_question, value):
            return given.size is not None and given.size <= value
        case _:
            return True


def leaves(condition: Condition) -> Iterator[Leaf]:
    match condition:
        case Not(of):
            yield from leaves(of)
        case And(of) | Or(of):
            for part in of:
                yield from leaves(part)
        case _:
            yield condition


def questions(condition: Condition) -> frozenset[str]:
    """Codes of the questions that the condition refers to."""
    return frozenset(leaf.question for leaf in leaves(condition))


def read(data: object) -> Condition:
    """The condition that this JSON says; MalformedCondition where it says none."""
    if _nodes(data, 1) > MAX_NODES:
        raise MalformedCondition(_("the condition has more than %(n)d parts") % {"n": MAX_NODES})
    return _read(data)


def _nodes(data: object, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise MalformedCondition(
            _("the condition is nested deeper than %(n)d levels") % {"n": MAX_DEPTH}
        )
    inner = data.get("of", []) if isinstance(data, dict) else []
    parts = inner if isinstance(inner, list) else [inner]
    return 1 + sum(_nodes(part, depth + 1) for part in parts)


def _read(data: object) -> Condition:
    if not isinstance(data, dict):
        raise MalformedCondition(_("a condition is missing"))
    op = data.get("op")
    if op in ("and", "or", "not"):
        return _read_joined(op, data)
    question = data.get("question")
    if op not in ("is", "answered", "at_least", "at_most"):
        raise MalformedCondition(_("unknown kind of condition “%(op)s”") % {"op": op})
    if not isinstance(question, str) or not question:
        raise MalformedCondition(_("the condition “%(op)s” names no question") % {"op": op})
    _only(data, {"is": "codes", "answered": ""}.get(op, "value"), "question")
    if op == "is":
        return Is(question, _codes(data.get("codes")))
    if op == "answered":
        return Answered(question)
    return (AtLeast if op == "at_least" else AtMost)(question, _size(data.get("value")))


def _read_joined(op: str, data: dict) -> Condition:
    _only(data, "of")
    of = data.get("of")
    if op == "not":
        return Not(_read(of))
    if not isinstance(of, list) or not of:
        raise MalformedCondition(_("the condition “%(op)s” joins nothing") % {"op": op})
    return (And if op == "and" else Or)(tuple(map(_read, of)))


def _only(data: dict, *names: str) -> None:
    for name in data:
        if name != "op" and name not in names:
            raise MalformedCondition(_("unknown entry “%(name)s” in a condition") % {"name": name})


def _codes(data: object) -> frozenset[int]:
    if not isinstance(data, list) or not data or any(type(code) is not int for code in data):
        raise MalformedCondition(_("the condition “is” needs a list of choice codes"))
    return frozenset(data)


def is_number(data: object) -> bool:
    """No truth value, no infinity, nothing that is not a number."""
    return type(data) in (int, float) and abs(data) <= MAX_SIZE


def _size(data: object) -> Size:
    try:
        if isinstance(data, str):
            return date.fromisoformat(data)
    except ValueError:
        pass
    if is_number(data):
        return Decimal(str(data))
    raise MalformedCondition(_("a bound is a number, or a day written as 2026-01-31"))
