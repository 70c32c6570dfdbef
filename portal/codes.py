"""Codes that people copy by hand: receipts and verification of reports.

Crockford's base 32 (no I, L, O, U) with a closing check character, so that a
misread letter is told from a code that does not exist.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 37 is prime: every single wrong character and every swap of neighbours is caught.
_CHECK = ALPHABET + "*~$=U"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IGNORED = str.maketrans("", "", " -\u00a0\u2010\u2011\u2013\t\n")


def _check_character(body: str) -> str:
    value = 0
    for char in body:
        value = (value * 32 + ALPHABET.index(char)) % 37
    return _CHECK[value]


def new_code(groups: tuple[int, ...] = (4, 4, 4)) -> str:
    """A random code such as 7K3D-09QW-ZXM4; the last character is the check.

    Twelve characters carry 55 random bits: not to be guessed through a throttle.
    """
    length = sum(groups)
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
        check = _check_character(body)
        # The five extra check signs are hard to read aloud: draw again.
        if check in ALPHABET:
            break
    text = body + check
    parts, start = [], 0
    for size in groups:
        parts.append(text[start : start + size])
        start += size
    return "-".join(parts)


def normalise(text: str, groups: tuple[int, ...] = (4, 4, 4)) -> str | None:
    """The canonical form of what a person typed, or None if it cannot be a code."""
    plain = text.upper().translate(_IGNORED).translate(_LOOKALIKES)
    if len(plain) != sum(groups) or any(char not in ALPHABET for char in plain):
        return None
    if _check_character(plain[:-1]) != plain[-1]:
        return None
    parts, start = [], 0
    for size in groups:
        parts.append(plain[start : start + size])
        start += size
    return "-".join(parts)
