"""Labels of a Vietnamese legal text, told from words that only look like one.

What stands in a label is kept exactly as the source has it; how it is read here (number,
order) only decides whether it is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from .models.drafts import ProvisionKind

_ROMAN = r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_END = r"(?:\s*[.:–-])?(?=\s|$)"
_SPACE = r"[\s\u00a0]*"


class Level(IntEnum):
    """How deep a label reaches; what is deeper stands below what is less deep."""

    DOCUMENT = 0
    ANNEX = 1
    PART = 2
    CHAPTER = 3
    SECTION = 4
    SUBSECTION = 5
    ARTICLE = 6
    CLAUSE = 7
    SUBCLAUSE = 8
    POINT = 9


KINDS = {
    Level.DOCUMENT: ProvisionKind.DOCUMENT,
    Level.ANNEX: ProvisionKind.ANNEX,
    Level.PART: ProvisionKind.PART,
    Level.CHAPTER: ProvisionKind.CHAPTER,
    Level.SECTION: ProvisionKind.SECTION,
    Level.SUBSECTION: ProvisionKind.SUBSECTION,
    Level.ARTICLE: ProvisionKind.ARTICLE,
    Level.CLAUSE: ProvisionKind.CLAUSE,
    Level.SUBCLAUSE: ProvisionKind.CLAUSE,
    Level.POINT: ProvisionKind.POINT,
}
# The levels that open a part of the text wherever they stand.
GREAT = frozenset({Level.PART, Level.CHAPTER, Level.SECTION, Level.SUBSECTION})


@dataclass(frozen=True)
class Mark:
    """A label at the head of a paragraph: its level, its place in the count, what follows."""

    level: Level
    label: str
    order: int
    rest: str

    @property
    def ends_sharply(self) -> bool:
        return self.label.endswith((".", ":"))


def _pattern(head: str, number: str, end: str = _END) -> re.Pattern[str]:
    return re.compile(rf"{_SPACE}(?:{head})\s+(?P<n>{number}){end}")


_NAMED = [
    (
        Level.PART,
        _pattern("Phần|PHẦN", rf"(?i:thứ\s+[^\W\d]+(?:\s+[^\W\d]+)?)|{_ROMAN}|\d+|[A-Z](?!\w)"),
    ),
    (Level.CHAPTER, _pattern("Chương|CHƯƠNG", rf"{_ROMAN}|\d+")),
    (Level.SUBSECTION, _pattern("Tiểu [Mm]ục|TIỂU MỤC", rf"{_ROMAN}|\d+|[A-Z](?!\w)")),
    (Level.SECTION, _pattern("Mục|MỤC", rf"{_ROMAN}|\d+|[A-Z](?!\w)")),
]
_ARTICLE = re.compile(
    rf"{_SPACE}(?:Điều|ĐIỀU)\s*(?P<n>\d{{1,3}})(?P<letter>[a-zđ]?){_SPACE}(?:[.:]|(?=$))"
)
_CLAUSE = re.compile(rf"{_SPACE}(?P<n>\d{{1,3}}){_SPACE}[.)/–-](?!\d)")
_SUBCLAUSE = re.compile(rf"{_SPACE}\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\.?(?=\s|$)")
_POINT = re.compile(rf"{_SPACE}(?P<n>[^\W\d_])(?P<digit>\d?){_SPACE}\)\.?")
_ROMAN_HEAD = re.compile(rf"{_SPACE}(?P<n>{_ROMAN}){_SPACE}\.(?=\s|\S)")
_LETTER_HEAD = re.compile(rf"{_SPACE}(?P<n>[A-HĐ])\.(?=\s)")
_ANNEX = re.compile(
    rf"{_SPACE}(?:Phụ lục|PHỤ LỤC|BIỂU MẪU|Biểu mẫu)"
    rf"(?:\s+(?:số\s+)?(?P<n>{_ROMAN}|\d+|[A-Z]))?{_END}"
)
# Every letter that a Vietnamese keyboard gives, in the order of the alphabet.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


def named(text: str) -> Mark | None:
    """A part, chapter, section or subsection that says its own name."""
    for level, pattern in _NAMED:
        found = pattern.match(text)
        if found and _is_title(text[found.end() :]):
            return _mark(level, text, found, 0)
    return None


def _is_title(rest: str) -> bool:
    """What follows the name of a chapter is a heading, not the middle of a sentence."""
    first = rest.strip(" \t\u00a0.:–-")[:1]
    return not first or not first.islower()


def article(text: str) -> Mark | None:
    found = _ARTICLE.match(text)
    if found is None:
        return None
    letter = found["letter"]
    order = int(found["n"]) * 100 + (ALPHABET.index(letter) + 1 if letter else 0)
    return _mark(Level.ARTICLE, text, found, order)


def clause(text: str) -> Mark | None:
    found = _CLAUSE.match(text)
    return _mark(Level.CLAUSE, text, found, int(found["n"])) if found else None


def subclause(text: str) -> Mark | None:
    """1.1. or 2.3.1, as plans number what stands below a clause."""
    found = _SUBCLAUSE.match(text)
    return _mark(Level.SUBCLAUSE, text, found, 0) if found else None


def point(text: str) -> Mark | None:
    found = _POINT.match(text)
    if found is None or found["n"] not in ALPHABET:
        return None
    order = (ALPHABET.index(found["n"]) + 1) * 10 + int(found["digit"] or 0)
    return _mark(Level.POINT, text, found, order)


def roman_head(text: str) -> Mark | None:
    """I. or IV. at the head of a part of a plan."""
    found = _ROMAN_HEAD.match(text)
    return _mark(Level.SECTION, text, found, roman_value(found["n"])) if found else None


def letter_head(text: str) -> Mark | None:
    """A. or B. above the roman numbers."""
    found = _LETTER_HEAD.match(text)
    return _mark(Level.PART, text, found, ord(found["n"]) - 64) if found else None


def annex(text: str) -> Mark | None:
    """An annex's own head: alone on its line, or before a title in capitals or brackets."""
    found = _ANNEX.match(text)
    if found is None:
        return None
    mark = _mark(Level.ANNEX, text, found, 0)
    rest = mark.rest.lstrip(".:–- ")
    is_head = not rest or rest.startswith("(") or is_capitals(rest)
    # "Phụ lục" alone may begin a sentence that a line break cut off.
    return mark if is_head and (found["n"] or not rest or is_capitals(rest)) else None


def _mark(level: Level, text: str, found: re.Match[str], order: int) -> Mark:
    return Mark(level, text[: found.end()].strip(), order, text[found.end() :].strip())


_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def roman_value(text: str) -> int:
    values = [_VALUES[char] for char in text]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )


def is_capitals(text: str) -> bool:
    """A title set in capitals."""
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and all(not char.islower() for char in letters)


# --- The head of a document that is attached to another ---------------------------------

_ATTACHED_TYPES = (
    "QUY CHẾ", "QUY ĐỊNH", "QUY TRÌNH", "ĐIỀU LỆ", "NỘI QUY", "KẾ HOẠCH", "CHƯƠNG TRÌNH",
    "ĐỀ ÁN", "DỰ ÁN", "PHƯƠNG ÁN", "CHIẾN LƯỢC", "DANH MỤC", "HƯỚNG DẪN", "BỘ TIÊU CHÍ",
    "TIÊU CHÍ", "BỘ CHỈ SỐ", "ĐỊNH MỨC", "BẢNG GIÁ",
)  # fmt: skip
_WITH = re.compile(
    rf"{_SPACE}[(\[]?\s*(?:Ban hành kèm theo|Kèm theo|Được ban hành kèm theo|Phê duyệt kèm theo)",
    re.IGNORECASE,
)
HEAD_LINES = 5


def opens_attached(text: str) -> bool:
    return is_capitals(text) and text.strip().startswith(_ATTACHED_TYPES)


def says_attached(text: str) -> bool:
    """(Ban hành kèm theo Quyết định số …)"""
    return bool(_WITH.match(text))


_CLOSING = re.compile(
    rf"{_SPACE}(?:Nơi nhận\s*:|(?:TM|KT|TL|TUQ|Q)\.\s*(?P<post>[^\W\d_]{{2,}})|CHỦ TỊCH$|GIÁM ĐỐC$)"
)
_LETTERHEAD = re.compile(r"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")


def is_closing(text: str) -> bool:
    """Where the articles end: whom it goes to, who signs."""
    found = _CLOSING.match(text)
    # TM. ỦY BAN, but not Q. Hoàn Kiếm.
    return found is not None and (found["post"] is None or found["post"].isupper())


def is_letterhead(text: str) -> bool:
    return bool(_LETTERHEAD.search(text))
