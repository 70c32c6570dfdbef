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


def number_key(text: str) -> str:
    """'76/NQ-CP', '76 nq cp' and '76NQCP' share one key."""
    return "".join(folded(text))
