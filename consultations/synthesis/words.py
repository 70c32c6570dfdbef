"""The words of an opinion: what is split into points, and which opinions say the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.text import fold, nfc

from ..models import Opinion, OpinionState, PaperOpinion, Provision, PublicOpinion

# A sentence, or a line, with the space behind it.
_PIECE = re.compile(r".+?(?:[.;?!…](?=\s)\s*|\n\s*|\Z)", re.DOTALL)
# "1." and "a)" begin a sentence and are none.
_SHORTEST = 5
_MOST_PIECES = 40
_NO_LETTER = re.compile(r"\W+")


def words_of(source: Opinion | PaperOpinion) -> str:
    """Everything that an opinion says, as one text, answers to the office's questions included."""
    if isinstance(source, PaperOpinion):
        return source.text
    answers = source.answers.all() if source.has_answers else []
    told = sorted(answers, key=lambda answer: answer.question_id)
    return joined(source.text, source.suggested_text, *(answer.text for answer in told))


def joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def shown_words(source: Opinion | PaperOpinion) -> str:
    """What of it readers see, personal data masked; nothing where it is not published."""
    if isinstance(source, PaperOpinion) or source.state != OpinionState.PUBLISHED:
        return ""
    public = getattr(source, "public", None)
    return public_words(public) if public else ""


def public_words(public: PublicOpinion) -> str:
    answers = (answer["text"] for answer in public.answers)
    return joined(public.text, public.suggested_text, *answers)


@dataclass(frozen=True)
class Marks:
    """What tells a text from another: exactly, and without marks, case and spaces."""

    exact: str
    same_text: str

    @classmethod
    def of(cls, words: str) -> Marks:
        folded = _NO_LETTER.sub(" ", fold(words)).strip()
        return cls(_sha256(nfc(words)), _sha256(folded))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def pieces(words: str) -> list[tuple[int, int]]:
    """The words cut at sentences and lines, side by side, covering all of them."""
    cuts: list[tuple[int, int]] = []
    start = 0
    for found in _PIECE.finditer(words):
        if found.end() - start >= _SHORTEST or found.end() == len(words):
            cuts.append((start, found.end()))
            start = found.end()
    while len(cuts) > _MOST_PIECES:
        cuts = [(a[0], b[1]) for a, b in zip(cuts[::2], [*cuts[1::2], cuts[-1]], strict=False)]
    return cuts


# --- Words that must not be public ------------------------------------------------------

_SHINGLE = 6
_FEWEST = 3


def shingles(words: str) -> set[int]:
    """Every run of six words, folded; a shorter text is one run."""
    found = _NO_LETTER.sub(" ", fold(words)).split()
    if len(found) < _FEWEST:
        return set()
    size = min(_SHINGLE, len(found))
    return {hash(tuple(found[at : at + size])) for at in range(len(found) - size + 1)}


class Secret:
    """Runs of words of opinions that are not public, as far as nothing public has them too."""

    def __init__(self, hidden: Iterable[str], public: Iterable[str]) -> None:
        self.runs: set[int] = set()
        self.sizes: set[int] = set()
        for words in hidden:
            self.runs |= shingles(words)
            self.sizes.add(min(_SHINGLE, len(_NO_LETTER.sub(" ", fold(words)).split())))
        if self.runs:
            for words in public:
                self.runs -= self._runs(words)

    def _runs(self, words: str) -> set[int]:
        found = _NO_LETTER.sub(" ", fold(words)).split()
        return {
            hash(tuple(found[at : at + size]))
            for size in self.sizes
            if size >= _FEWEST
            for at in range(len(found) - size + 1)
        }

    def is_told_by(self, text: str) -> bool:
        return bool(self.runs) and not self.runs.isdisjoint(self._runs(text))


def still_tells(summary: str, opinion: Opinion) -> bool:
    """Whether an edited summary is still in the words of the opinion that it was taken from."""
    told = [words_of(opinion), shown_words(opinion)]
    if not summary or any(summary in words for words in told):
        return bool(summary)
    # Who quotes the draft quotes nobody.
    drafted = Provision.objects.filter(text_version=opinion.text_version_id)
    texts = (f"{heading} {text}" for heading, text in drafted.values_list("heading", "text"))
    return Secret(told, texts).is_told_by(summary)
