"""Words as both databases understand them: the portal splits and folds, the index only stores."""

from __future__ import annotations

import re

from portal.text import fold, nfc

WORD = re.compile(r"[^\W_]+")
# A word of the index is at most this long; 'aaaa…' of a megabyte is nobody's word.
LONGEST_WORD = 60


def accented(text: str) -> list[str]:
    """The words of a text, lower case, marks kept, in composed form."""
    return [word.casefold()[:LONGEST_WORD] for word in WORD.findall(nfc(text))]


def folded(text: str) -> list[str]:
    """The same words without marks, one for one."""
    return [fold(word) for word in accented(text)]


_TONES = "\u0300\u0309\u0303\u0301\u0323"
# Two schools place the tone (hòa, hoà) and write the last vowel (kỹ, kĩ) in two ways.
_ENDINGS = {
    nfc(f"{first}{tone}{second}"): nfc(f"{first}{second}{tone}")
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_ENDINGS |= {after: before for before, after in _ENDINGS.items()}
_VOWELS = {nfc(f"i{tone}"): nfc(f"y{tone}") for tone in ("", *_TONES)}
_VOWELS |= {y: i for i, y in _VOWELS.items()}
_I_OR_Y = {"h", "k", "l", "m", "s", "t", "qu"}


def spellings(word: str) -> list[str]:
    """The word and the other way in which it is rightly written, if there is one."""
    if other := _ENDINGS.get(word[-2:]):
        return [word, word[:-2] + other]
    if word[:-1] in _I_OR_Y and word[-1:] in _VOWELS:
        return [word, word[:-1] + _VOWELS[word[-1]]]
    return [word]


def distinct_within(words: list[str], most_bytes: int) -> list[str]:
    """The words up to where those that differ would fill more than so many bytes."""
    seen: set[str] = set()
    for place, word in enumerate(words):
        if word not in seen:
            seen.add(word)
            most_bytes -= len(word.encode())
            if most_bytes < 0:
                return words[:place]
    return words


def number_key(text: str) -> str:
    """'76/NQ-CP', '76 nq cp', '76NQCP' and '076/NQ-CP' share one key."""
    return "".join(folded(text)).lstrip("0")
