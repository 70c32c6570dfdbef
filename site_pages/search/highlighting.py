"""Showing where a hit is: a piece of the text with the words marked."""

from __future__ import annotations

from dataclasses import dataclass

from .words import WORD, folded

BEFORE, AFTER = 60, 180
READ = 60_000


@dataclass(frozen=True)
class Piece:
    text: str
    is_hit: bool = False


def marked(text: str, hits: set[str]) -> list[Piece]:
    """The whole text in pieces, those that are hits marked."""
    pieces: list[Piece] = []
    last = 0
    for match in WORD.finditer(text):
        if _is_hit(match.group(), hits):
            pieces.append(Piece(text[last : match.start()]))
            pieces.append(Piece(match.group(), is_hit=True))
            last = match.end()
    pieces.append(Piece(text[last:]))
    return [piece for piece in pieces if piece.text]


def excerpt(text: str, hits: set[str]) -> list[Piece]:
    """Some words around the first hit, or none where the text holds no hit."""
    text = " ".join(text[:READ].split())
    first = next((m for m in WORD.finditer(text) if _is_hit(m.group(), hits)), None)
    if first is None:
        return []
    start, end = max(0, first.start() - BEFORE), min(len(text), first.end() + AFTER)
    start = text.find(" ", start) + 1 if start else 0
    end = text.rfind(" ", start, end) if end < len(text) else end
    piece = text[start : max(end, first.end())]
    lead, tail = "… " if start else "", " …" if end < len(text) else ""
    return marked(f"{lead}{piece}{tail}", hits)


def _is_hit(word: str, hits: set[str]) -> bool:
    return bool(hits) and (folded(word) or [""])[0] in hits
