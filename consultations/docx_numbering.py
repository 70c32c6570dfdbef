"""Numbers that Word counts by itself, as they are printed: resolved from numbering.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .docx_xml import NS, attribute, is_on, value_of

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = [
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
]  # fmt: skip
# A style that rests on itself, by a damaged file, ends somewhere.
DEEPEST = 20


@dataclass(frozen=True)
class _Level:
    format: str
    text: str
    start: int
    is_legal: bool


class Numbering:
    """Counts along with the paragraphs, which are to be asked in their order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self.levels: dict[str, dict[int, _Level]] = {}
        self.abstract_of: dict[str, str] = {}
        self.restarts: dict[str, dict[int, int]] = {}
        self.styles = {} if styles is None else _styles(styles)
        # By abstract definition: lists that share one count on from each other.
        self.counts: dict[str, list[int | None]] = {}
        self.begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: Element) -> None:
        for abstract in numbering.findall("w:abstractNum", NS):
            key = attribute(abstract, "abstractNumId")
            self.levels[key] = dict(_level(level) for level in abstract.findall("w:lvl", NS))
        for number in numbering.findall("w:num", NS):
            key = attribute(number, "numId")
            abstract_key = value_of(number, "w:abstractNumId")
            self.abstract_of[key] = abstract_key
            for override in number.findall("w:lvlOverride", NS):
                self._override(key, abstract_key, override)

    def _override(self, key: str, abstract_key: str, override: Element) -> None:
        level = _int(attribute(override, "ilvl"), 0)
        if start := value_of(override, "w:startOverride"):
            self.restarts.setdefault(key, {})[level] = _int(start, 1)
        redefined = override.find("w:lvl", NS)
        if redefined is not None:
            # Its own levels: a list apart from the others of the same definition.
            own = f"{abstract_key}/{key}"
            self.levels.setdefault(own, dict(self.levels.get(abstract_key, {})))
            self.levels[own].update([_level(redefined)])
            self.abstract_of[key] = own

    def number_of(self, paragraph: Element) -> str:
        """The number printed before the paragraph; "" for none."""
        key, level = self._list_of(paragraph)
        abstract = self.abstract_of.get(key, "")
        levels = self.levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._count(key, abstract, level, levels)
        return _printed(levels, level, counts)

    def _list_of(self, paragraph: Element) -> tuple[str, int]:
        own = paragraph.find("w:pPr/w:numPr", NS)
        style = value_of(paragraph, "w:pPr/w:pStyle")
        key, level = ("", None) if own is None else _list(own)
        for _step in range(DEEPEST):
            if key and level is not None:
                break
            based_on, styled = self.styles.get(style, ("", None))
            if styled:
                key, level = key or styled[0], styled[1] if level is None else level
            style = based_on
        # numId 0 takes a paragraph out of the list of its style.
        return ("" if key == "0" else key, min(level or 0, LEVELS - 1))

    def _count(
        self, key: str, abstract: str, level: int, levels: dict[int, _Level]
    ) -> list[int | None]:
        counts = self.counts.setdefault(abstract, [None] * LEVELS)
        restart = self.restarts.get(key, {}).get(level)
        if restart is not None and (key, level) not in self.begun:
            counts[level] = restart
        elif counts[level] is None:
            counts[level] = levels[level].start
        else:
            counts[level] = (counts[level] or 0) + 1
        self.begun.add((key, level))
        counts[level + 1 :] = [None] * (LEVELS - level - 1)
        for above in range(level):
            if counts[above] is None:
                counts[above] = levels[above].start if above in levels else 1
        return counts


def _level(level: Element) -> tuple[int, _Level]:
    return _int(attribute(level, "ilvl"), 0), _Level(
        value_of(level, "w:numFmt") or "decimal",
        value_of(level, "w:lvlText"),
        _int(value_of(level, "w:start"), 1),
        is_on(level, "w:isLgl"),
    )


def _list(properties: Element) -> tuple[str, int | None]:
    level = value_of(properties, "w:ilvl")
    return value_of(properties, "w:numId"), _int(level, 0) if level else None


def _styles(part: Element) -> dict[str, tuple[str, tuple[str, int | None] | None]]:
    """By style: what it rests on, and its list."""
    found = {}
    for style in part.findall("w:style", NS):
        properties = style.find("w:pPr/w:numPr", NS)
        own = None if properties is None else _list(properties)
        found[attribute(style, "styleId")] = (value_of(style, "w:basedOn"), own)
    return found


def _printed(levels: dict[int, _Level], level: int, counts: list[int | None]) -> str:
    told = levels[level]
    if told.format == "bullet":
        return "-"
    if told.format == "none":
        return _PLACE.sub("", told.text)

    def place(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        shown = levels.get(at, told)
        form = "decimal" if told.is_legal else shown.format
        return formatted(counts[at] or 0, form)

    return _PLACE.sub(place, told.text)


def formatted(number: int, form: str) -> str:
    """A number in one of Word's forms."""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _roman(number: int) -> str:
    found = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value) if number < 4000 else (0, number)
        found += sign * count
    return found


def _int(text: str, default: int) -> int:
    """A number of a file, within what a draft can mean."""
    plain = text.lstrip("-")
    known = plain.isascii() and plain.isdecimal()
    return max(0, min(int(text), 100_000)) if known else default
