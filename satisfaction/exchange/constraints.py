"""Constraints of XLSForm: bounds of numbers, days, lengths and counts of choices; nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..questionnaires import Choice, Kind, Question, Size

_BOUND = re.compile(
    r"(?P<what>\.|string-length\(\s*\.\s*\)|count-selected\(\s*\.\s*\))\s*"
    r"(?P<op><=|>=|<|>|=)\s*"
    r"(?:(?P<number>-?\d{1,15}(?:\.\d{1,6})?)|date\(\s*'(?P<day>\d{4}-\d\d-\d\d)'\s*\))"
)
_ALONE = re.compile(
    r"\(?\s*not\(selected\(\.,\s*'(?P<name>[^']+)'\)\)\s+or\s+count-selected\(\.\)\s*=\s*1\s*\)?"
)


@dataclass
class Bounds:
    low: object = None
    high: object = None
    length: int = 0
    alone: set[str] = field(default_factory=set)

    def as_entries(self, whole: bool = False) -> dict:
        entries = {"min": self.low, "max": self.high}
        return {
            name: bound
            for name, bound in entries.items()
            if bound is not None and (not whole or (type(bound) is int and bound >= 0))
        }


def read_constraint(text: str, kind: Kind) -> tuple[Bounds, list[str]]:
    """The bounds, and the parts that say something else."""
    bounds, left = Bounds(), []
    for part in _parts(text):
        if not _take(part, kind, bounds):
            left.append(part)
    return bounds, left


def _parts(text: str) -> list[str]:
    """Split at the "and" that stands in no brackets."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r"[()]|\band\b", text):
        mark = match[0]
        depth += (mark == "(") - (mark == ")")
        if mark == "and" and depth == 0:
            found.append(text[start : match.start()])
            start = match.end()
    found.append(text[start:])
    return [part.strip() for part in found if part.strip()]


def _take(part: str, kind: Kind, bounds: Bounds) -> bool:
    alone = _ALONE.fullmatch(part)
    if alone and kind is Kind.MULTIPLE:
        bounds.alone.add(alone["name"])
        return True
    match = _BOUND.fullmatch(part)
    if match is None or not _fits(match, kind):
        return False
    value = _value(match)
    return value is not None and _set(bounds, match["op"], value, match["what"])


def _fits(match: re.Match, kind: Kind) -> bool:
    what = match["what"].split("(")[0]
    is_day = match["day"] is not None
    return (what, is_day) == {
        Kind.NUMBER: (".", False),
        Kind.DATE: (".", True),
        Kind.SHORT: ("string-length", False),
        Kind.TEXT: ("string-length", False),
        Kind.MULTIPLE: ("count-selected", False),
    }.get(kind)


def _value(match: re.Match) -> object:
    if match["day"]:
        try:
            return date.fromisoformat(match["day"]).isoformat()
        except ValueError:
            return None
    number = match["number"]
    return float(number) if "." in number else int(number)


def _set(bounds: Bounds, op: str, value: object, what: str) -> bool:
    if op in ("<", ">"):
        # The next whole number; of fractions and days there is no telling.
        if type(value) is not int or what == ".":
            return False
        value += 1 if op == ">" else -1
    if what.startswith("string-length"):
        if op in ("<", "<=") and type(value) is int and value > 0:
            bounds.length = value
            return True
        return False
    if op in (">", ">=", "="):
        bounds.low = value
    if op in ("<", "<=", "="):
        bounds.high = value
    return True


def written_constraint(question: Question) -> str:
    """The bounds of a question as XPath."""
    what = "count-selected(.)" if question.type is Kind.MULTIPLE else "."
    parts = []
    if question.low is not None:
        parts.append(f"{what} >= {_bound(question.low)}")
    if question.high is not None:
        parts.append(f"{what} <= {_bound(question.high)}")
    if question.max_length:
        parts.append(f"string-length(.) <= {question.max_length}")
    if question.type is Kind.MULTIPLE:
        parts += [_alone(choice) for choice in question.choices if choice.stands_alone]
    return " and ".join(parts)


def _alone(choice: Choice) -> str:
    return f"(not(selected(., '{choice.code}')) or count-selected(.) = 1)"


def _bound(size: Size) -> str:
    return f"date('{size}')" if isinstance(size, date) else f"{Decimal(size):f}"
