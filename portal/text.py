"""Vietnamese text: one normal form on the way in, one folding for every comparison."""

from __future__ import annotations

import unicodedata

# Đ has no decomposition; the Icelandic Ð is often pasted in its place.
_STROKES = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
# Control and invisible format characters other than line breaks and tabs.
_KEPT_CONTROLS = {"\n", "\t"}


def nfc(text: str) -> str:
    """Composed form, as every string is stored."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """What a person typed, made safe to store: NFC, no control characters, \\n line ends."""
    text = nfc(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char
        for char in text
        if char in _KEPT_CONTROLS or unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"}
    ).strip()


def fold(text: str) -> str:
    """Without marks, đ as d, lower case: 'Đường Thủy' and 'duong thuy' are one."""
    decomposed = unicodedata.normalize("NFD", text.translate(_STROKES))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
