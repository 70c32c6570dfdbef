"""Small cells are hidden before anything is public, and so is what would give them away.

One way (`hidden`) and levels of a scale (`merged`) here; tables of two ways with their
totals in `disclosure`. Page, chart, PDF, open data and exports ask with the same k.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from portal.accounts.models import User
from portal.rules.values import value

Key = TypeVar("Key", bound=Hashable)


def fewest_shown(user: User | None = None) -> int:
    """k of the law; whoever may look over each response is shown every count."""
    if user is not None and user.has_perm("satisfaction.review_responses"):
        return 0
    return value("survey.suppression_k").integer


def hidden(cells: Mapping[Key, int], k: int) -> set[Key]:
    """Cells that may not be shown beside their total.

    Primary: fewer than k people, nobody included. Complementary: the hidden cells together
    must hold at least k people and be at least two with anybody in them, or the total would
    give them away; the smallest shown cells join until that holds. So a hidden cell never
    tells whether it is small or empty.
    """
    secret = {key for key, n in cells.items() if n < k}
    rest = sorted((key for key in cells if key not in secret), key=lambda key: cells[key])
    while secret and rest and (_people(cells, secret) < k or _filled(cells, secret) < 2):
        secret.add(rest.pop(0))
    return secret


def hidden_within(
    parts: Mapping[Key, Mapping[Key, int]], sizes: Mapping[Key, int], k: int
) -> tuple[set[Key], set[Key]]:
    """Groups that may not be shown beside the whole, and parts that may not be shown beside
    their group: criteria and items of an index.

    A group that is hidden hides its parts, or they would add up to it. Parts hold answers of the
    same people, so what is protected is the number of answers that stays unknown.
    """
    groups = hidden(sizes, k)
    secret = {part for group in groups for part in parts.get(group, ())}
    for group, inside in parts.items():
        if group not in groups:
            secret |= hidden(inside, k)
    return groups, secret


def merged(levels: Sequence[int], k: int, rest: Sequence[int] | None = None) -> list[range]:
    """Neighbouring levels of a scale joined until each group holds at least k answers.

    A small or empty level joins a neighbour on its own side of the middle where there is
    one, the smaller neighbour first. `rest` are the answers that the whole has besides, where
    the whole is shown too: their groups hold k as well, or the difference would tell.
    """
    groups = [range(level, level + 1) for level in range(len(levels))]
    beside = rest if rest is not None and any(rest) else None

    def answers(group: range) -> int:
        own = sum(levels[level] for level in group)
        return own if beside is None else min(own, sum(beside[level] for level in group))

    while len(groups) > 1:
        small = min(groups, key=answers)
        if answers(small) >= k:
            break
        at = groups.index(small)
        others = [groups[place] for place in (at - 1, at + 1) if 0 <= place < len(groups)]
        other = min(
            others,
            key=lambda group: (_side(group, levels) != _side(small, levels), answers(group)),
        )
        first = min(at, groups.index(other))
        groups[first : first + 2] = [range(groups[first].start, groups[first + 1].stop)]
    return groups


def is_parted(levels: Sequence[int], places: Collection[int], k: int) -> bool:
    """Whether the sum at these levels can be read off the merged ones: no group lies across.

    Beside merged levels any other sum would part them, and tell of the few.
    """
    if not k:
        return True
    sides = ({level in places for level in group} for group in merged(levels, k))
    return sum(levels) >= k and all(len(side) == 1 for side in sides)


def runs(amounts: Sequence[int], k: int) -> list[range]:
    """Places one after another, such as days, joined until each run holds at least k people."""
    made: list[range] = []
    start = held = 0
    for place, n in enumerate(amounts):
        held += n
        if held >= k and held:
            made.append(range(start, place + 1))
            start, held = place + 1, 0
    if made and start < len(amounts):
        made[-1] = range(made[-1].start, len(amounts))
    return made


def _side(group: range, levels: Sequence[int]) -> int:
    """-1, 0 or 1: below, across or above the middle of the scale."""
    low, high = 2 * group.start, 2 * (group.stop - 1)
    middle = len(levels) - 1
    return (low > middle) - (high < middle)


def _people(cells: Mapping[Key, int], secret: set[Key]) -> int:
    return sum(cells[key] for key in secret)


def _filled(cells: Mapping[Key, int], secret: set[Key]) -> int:
    return sum(1 for key in secret if cells[key])
