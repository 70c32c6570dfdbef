"""Differences between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s*\S+|\s+$")
# Beyond, words that stand everywhere are no anchors: the search would be quadratic.
THOROUGH = 3000


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Part:
    kind: Kind
    text: str


def differences(before: str, after: str) -> list[Part]:
    """Runs of words, the same or not; first by line, so that long texts are quick."""
    found: list[Part] = []
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for same, old, new in _runs(*lines):
        if same:
            found.append(Part(Kind.SAME, "".join(old)))
        else:
            found += _by_word("".join(old), "".join(new))
    return list(_joined(part for part in found if part.text))


def _by_word(before: str, after: str) -> Iterator[Part]:
    for same, old, new in _runs(_WORD.findall(before), _WORD.findall(after)):
        if same:
            yield Part(Kind.SAME, "".join(new))
        else:
            yield Part(Kind.REMOVED, "".join(old))
            yield Part(Kind.ADDED, "".join(new))


def _runs(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """White space is no difference."""
    keys = [word.strip() for word in before], [word.strip() for word in after]
    is_long = max(len(before), len(after)) > THOROUGH
    matcher = SequenceMatcher(None, *keys, autojunk=is_long)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag == "equal", before[i1:i2], after[j1:j2]


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbours of one kind as one."""
    held: Part | None = None
    for part in parts:
        if held and held.kind == part.kind:
            held = Part(part.kind, held.text + part.text)
            continue
        if held:
            yield held
        held = part
    if held:
        yield held
