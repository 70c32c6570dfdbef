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


# Order of the Vietnamese alphabet, then of the tones: ngang, huyền, hỏi, ngã, sắc, nặng.
_LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306": "ă", "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}


def collation_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sort key of the Vietnamese alphabet: letters decide first, tones only between equals."""
    letters: list[int] = []
    tones: list[int] = []
    plain: list[str] = []
    for char in unicodedata.normalize("NFD", text.casefold()):
        if char in _TONES and tones:
            tones[-1] = _TONES[char]
        elif char in _SHAPES and plain:
            shape = _SHAPES[char]
            shaped = shape if isinstance(shape, str) else shape.get(plain[-1], plain[-1])
            letters[-1] = 2 + _LETTERS.get(shaped, 0)
        elif not unicodedata.combining(char):
            plain.append(char)
            letters.append(2 + _LETTERS[char] if char in _LETTERS else int(char == "-"))
            tones.append(0)
    return tuple(letters), tuple(tones)
