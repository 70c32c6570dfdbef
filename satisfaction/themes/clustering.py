"""Texts that share a phrase, put together: the same texts always give the same groups.

Phrases are two or three syllables in a row, without marks: Vietnamese words are mostly of two
syllables, and many people write without marks. The phrase that holds most of the remaining
texts makes the next group.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.protection.masking import mask
from portal.text import fold, nfc

FEWEST = 3  # texts that make a theme
MOST_THEMES = 12
_SIZES = (2, 3)
# A longer phrase says more: it wins over a shorter one that holds a third more texts.
_WEIGHT = {2: 3, 3: 4}
_PIECES = re.compile(r"[.,;:!?()\n\[\]“”\"…/]+")
_STOPS = frozenset(
    fold(
        "và là thì mà của các những một có không được với khi để tại ở từ đến này đó ấy rất "
        "quá tôi em anh chị ông bà chúng ta mình họ nên cần phải đã đang sẽ vẫn còn cũng như nhưng "
        "vì do bị trong ngoài trên dưới ra vào lên xuống lại thêm hơn nhất hãy xin đề nghị mong "
        "nhé ạ thật nữa rồi nào gì sao ai mọi mỗi vài nhiều ít việc cái con người"
    ).split()
)


@dataclass(frozen=True)
class Group:
    """`members` are places in the sequence of texts."""

    name: str
    members: tuple[int, ...]


def groups(texts: Sequence[str]) -> list[Group]:
    """The groups, largest phrase first; what fits none is in none."""
    holders: dict[tuple[str, ...], set[int]] = defaultdict(set)
    forms: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for place, text in enumerate(texts):
        for phrase, form in _phrases(text):
            holders[phrase].add(place)
            forms[phrase][form] += 1
    left = {phrase: held for phrase, held in holders.items() if len(held) >= FEWEST}
    found: list[Group] = []
    while left and len(found) < MOST_THEMES:
        best = max(left, key=lambda phrase: (len(left[phrase]) * _WEIGHT[len(phrase)], phrase))
        members = left.pop(best)
        found.append(Group(_name(forms[best]), tuple(sorted(members))))
        left = {
            phrase: rest for phrase, held in left.items() if len(rest := held - members) >= FEWEST
        }
    return found


def _phrases(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Phrases within one clause, folded and as written; personal data is masked before."""
    for piece in _PIECES.split(mask(nfc(text))):
        words = re.findall(r"\w+", piece)
        plain = [fold(word) for word in words]
        for size in _SIZES:
            for at in range(len(words) - size + 1):
                phrase = tuple(plain[at : at + size])
                if not _STOPS.isdisjoint(phrase) or any(map(str.isdigit, phrase)):
                    continue
                yield phrase, " ".join(words[at : at + size]).lower()


def _name(forms: Counter[str]) -> str:
    """The commonest way of writing it; with marks where that is as common."""
    form = max(forms, key=lambda text: (forms[text], len(text.encode()), text))
    return form[:1].upper() + form[1:]
