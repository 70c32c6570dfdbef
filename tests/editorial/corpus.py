"""Made-up articles of the office: common phrases, a Zipf tail of words, and ways to copy one."""

from __future__ import annotations

import random
import unicodedata
from itertools import accumulate

BOILERPLATE = [
    "Ủy ban nhân dân thành phố Hà Nội",
    "cải cách hành chính",
    "giải quyết thủ tục hành chính trên địa bàn thành phố",
    "theo quy định của pháp luật",
    "các sở, ban, ngành và Ủy ban nhân dân các xã, phường",
    "Sở Nội vụ chủ trì, phối hợp với Văn phòng Ủy ban nhân dân Thành phố",
    "nâng cao chất lượng phục vụ người dân và doanh nghiệp",
]
_FIRST = [
    "b",
    "c",
    "d",
    "đ",
    "g",
    "h",
    "k",
    "l",
    "m",
    "n",
    "ph",
    "s",
    "t",
    "v",
    "x",
    "ch",
    "th",
    "tr",
]
_REST = [
    "a",
    "ai",
    "anh",
    "ao",
    "ăm",
    "âu",
    "em",
    "ên",
    "ia",
    "inh",
    "oan",
    "ong",
    "ôn",
    "ơi",
    "ua",
]
_REST += ["ui", "ưng", "ươi", "iên", "oi"]
_MARKS = ["", "\u0301", "\u0300", "\u0309", "\u0323"]
SYLLABLES = [
    unicodedata.normalize("NFC", first + rest[0] + mark + rest[1:])
    for first in _FIRST
    for rest in _REST
    for mark in _MARKS
]
random.Random(1).shuffle(SYLLABLES)
_WEIGHTS = list(accumulate(1 / (n + 20) for n in range(len(SYLLABLES))))


def words(rng: random.Random, count: int) -> list[str]:
    return rng.choices(SYLLABLES, cum_weights=_WEIGHTS, k=count)


def article(rng: random.Random, length: int = 400) -> tuple[str, str]:
    """A title and a text in which every sixth stretch is what all texts say."""
    title = f"{rng.choice(BOILERPLATE)} {' '.join(words(rng, 8))}"
    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < length:
        parts.append(" ".join(words(rng, rng.randint(20, 40))))
        parts.append(rng.choice(BOILERPLATE))
    return title, ". ".join(parts)


def reworded(rng: random.Random, text: str, share: float = 0.2) -> str:
    """So many of its words are others."""
    told = text.split()
    for n in rng.sample(range(len(told)), int(len(told) * share)):
        told[n] = words(rng, 1)[0]
    return " ".join(told)


def shuffled(rng: random.Random, text: str) -> str:
    parts = text.split(". ")
    rng.shuffle(parts)
    return ". ".join(parts)


def unmarked(text: str) -> str:
    plain = text.translate(str.maketrans("đĐ", "dD"))
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
