"""Near-duplicates of what is public (Art. 3.9): few candidates by rare marks, then exact shares.

Texts are compared by every three folded words in a row. A sample of their hashes, the marks,
stands in an indexed table; for each mark of a new text only the newest pages are read, so that
the work does not grow with the portal. See docs/decisions/0009-near-duplicates.md.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from hashlib import blake2b
from heapq import nlargest
from math import log1p

from django.db import connection, transaction
from wagtail.models import Page

from portal.text import fold

from .models.duplicates import TextMark, TextPrint

WORDS_IN_A_ROW = 3
# Marks kept of one text: as many as this, or half of it.
MOST_MARKS = 64
# Pages read for one mark, the newest first.
READ_PER_MARK = 400
# Candidates compared exactly, by title and by text.
COMPARED = 24
SHORT_TEXT = 60
LEAST_OF_TITLE = 0.65
LEAST_OF_BODY = 0.4
LEAST_OF_SHORT_BODY = 0.6
# Rare sequences shared by chance stay below this weight.
LEAST_EVIDENCE = 8.0
_WORD = re.compile(r"\w+")
# What the office's texts all say; equal there means nothing.
OFFICE_PHRASES = (
    "Ủy ban nhân dân thành phố Hà Nội",
    "Chủ tịch Ủy ban nhân dân thành phố Hà Nội",
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "cải cách hành chính nhà nước",
    "kiểm soát thủ tục hành chính",
    "giải quyết thủ tục hành chính",
    "chuyển đổi số và Đề án 06",
    "dịch vụ công trực tuyến",
    "Bộ phận Một cửa",
    "trên địa bàn thành phố Hà Nội",
    "Quy định chi tiết một số điều của Luật",
    "Sửa đổi, bổ sung một số điều của",
)


@dataclass(frozen=True)
class Similar:
    """A published page like the one asked about; shares from 0 to 1."""

    page: Page
    share_of_title: float
    # Of the shorter text, how much stands in the longer one.
    share_of_body: float


@dataclass(frozen=True)
class Text:
    """What is compared of one page."""

    title: tuple[str, ...]
    hashes: tuple[int, ...]

    @classmethod
    def of(cls, title: str, body: str) -> Text:
        return cls(_words(title), _hashes(_words(body)))

    @property
    def title_marks(self) -> list[int]:
        return _title_marks(self.title)

    @property
    def body_marks(self) -> set[int]:
        """The same sequences are sampled from every text: those whose hash ends in zeros."""
        distinct = set(self.hashes) - {0}
        return self.sampled(distinct, len(distinct))

    @staticmethod
    def sampled(distinct: set[int], count: int) -> set[int]:
        """Of these hashes, those that a text with so many of its own would sample."""
        ending = 1
        while count > MOST_MARKS * ending:
            ending *= 2
        return {value for value in distinct if value % ending == 0}


def similar(page_or_text: Page | str, limit: int = 10, *, title: str = "") -> list[Similar]:
    """Published pages whose title or text is nearly the same, the nearest first.

    A page is taken as it is in hand, so that a draft is compared as it would come out; itself
    and its translations are not told.
    """
    if isinstance(page_or_text, Page):
        page = page_or_text.specific
        asked, key = text_of(page), page.translation_key
    else:
        asked, key = Text.of(title, page_or_text), None
    carriers = _carriers({*asked.title_marks, *asked.body_marks})
    weights = {mark: _weight(len(pages)) for mark, pages in carriers.items()}
    by_title = _scores(asked.title_marks, carriers, weights)
    by_body = _scores(asked.body_marks, carriers, weights)
    chosen = {*_best(by_title), *_best(by_body)}
    prints = TextPrint.objects.filter(pk__in=chosen).select_related("page")
    if key is not None:
        prints = prints.exclude(page__translation_key=key)
    found = [
        Similar(
            row.page,
            _share_of_title(asked.title, tuple(row.title.split()), weights),
            _share_of_body(asked.hashes, _unpacked(row.hashes), by_body[row.pk]),
        )
        for row in prints
    ]
    found = [row for row in found if row.share_of_title or row.share_of_body]
    return nlargest(
        limit, found, key=lambda row: (max(row.share_of_body, row.share_of_title), row.page.pk)
    )


def text_of(page: Page) -> Text:
    """The page's words without its title, which is compared by itself."""
    text = page.text_for_search() if hasattr(page, "text_for_search") else ""
    return Text.of(page.title, text.removeprefix(page.title))


@transaction.atomic
def remember(page: Page) -> None:
    """Write what is compared of a live page; nothing where it has not changed."""
    text = text_of(page)
    kept = TextPrint.objects.filter(pk=page.pk).first()
    if kept and (kept.title, bytes(kept.hashes)) == _columns(text):
        return
    forget(page.pk)
    store([(page.pk, text)])


@transaction.atomic
def forget(page_id: int) -> None:
    TextMark.objects.filter(text_print=page_id).delete()
    TextPrint.objects.filter(pk=page_id).delete()


@transaction.atomic
def store(texts: Iterable[tuple[int, Text]]) -> None:
    """Write new rows for pages that have none."""
    rows, marks = [], []
    for page_id, text in texts:
        title, hashes = _columns(text)
        rows.append(TextPrint(page_id=page_id, title=title, hashes=hashes))
        for mark in {*text.title_marks, *text.body_marks}:
            marks.append(TextMark(text_print_id=page_id, mark=mark))
    TextPrint.objects.bulk_create(rows, batch_size=500)
    TextMark.objects.bulk_create(marks, batch_size=2000)


@transaction.atomic
def rebuild() -> int:
    """Write every row anew; how many pages are compared from now on."""
    TextMark.objects.all().delete()
    TextPrint.objects.all().delete()
    count, batch = 0, []
    for page in Page.objects.live().filter(depth__gt=1).specific().iterator(chunk_size=200):
        if hasattr(page, "text_for_search"):
            batch.append((page.pk, text_of(page)))
            count += 1
        if len(batch) == 200:
            store(batch)
            batch = []
    store(batch)
    return count


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def _rows_of_words(words: Sequence[str]) -> list[str]:
    if len(words) <= WORDS_IN_A_ROW:
        return [" ".join(words)] if words else []
    last = len(words) - WORDS_IN_A_ROW + 1
    return [" ".join(words[n : n + WORDS_IN_A_ROW]) for n in range(last)]


@cache
def _office_rows() -> frozenset[str]:
    return frozenset(row for said in OFFICE_PHRASES for row in _rows_of_words(_words(said)))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big", signed=True)


def _hashes(words: Sequence[str]) -> tuple[int, ...]:
    """By position; zero is kept for what every text of the office says."""
    office = _office_rows()
    return tuple(0 if row in office else _hash(row) or 1 for row in _rows_of_words(words))


def _title_marks(words: Sequence[str]) -> list[int]:
    """By position, and at the end one for the whole: equal titles meet even if all are common."""
    if not words:
        return []
    rows = [*_rows_of_words(words), "=" + " ".join(words)]
    return [_hash(f"title {row}") for row in rows]


def _columns(text: Text) -> tuple[str, bytes]:
    return " ".join(text.title)[:300], struct.pack(f"<{len(text.hashes)}i", *text.hashes)


def _unpacked(packed: bytes | memoryview) -> tuple[int, ...]:
    data = bytes(packed)
    return struct.unpack(f"<{len(data) // 4}i", data)


def _carriers(marks: Collection[int]) -> dict[int, list[int]]:
    """For each mark the newest pages that carry it: one statement of bounded index scans."""
    found: dict[int, list[int]] = {mark: [] for mark in marks}
    if not marks:
        return found
    table = TextMark._meta.db_table
    newest = (
        f"SELECT * FROM (SELECT mark, text_print_id FROM {table} WHERE mark = %s "  # noqa: S608
        f"ORDER BY text_print_id DESC LIMIT {READ_PER_MARK}) AS newest"
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([newest] * len(marks)), list(marks))
        for mark, page_id in cursor.fetchall():
            found[mark].append(page_id)
    return found


def _weight(carriers: int) -> float:
    """What is rare tells more: 6 for one page, 0.7 for what stands everywhere."""
    return log1p(READ_PER_MARK / max(carriers, 1))


def _scores(
    marks: Iterable[int], carriers: dict[int, list[int]], weights: dict[int, float]
) -> Counter[int]:
    scores: Counter[int] = Counter()
    for mark in marks:
        for page_id in carriers[mark]:
            scores[page_id] += weights[mark]
    return scores


def _best(scores: Counter[int]) -> list[int]:
    return [page_id for page_id, _score in scores.most_common(COMPARED)]


def _share_of_title(asked: Sequence[str], other: Sequence[str], weights: dict[int, float]) -> float:
    """Words in common, in order, by how much each tells; 0 below what is worth telling."""
    if not asked or not other:
        return 0.0
    told = _weights_of_words(asked, weights)
    blocks = SequenceMatcher(None, asked, other, autojunk=False).get_matching_blocks()
    common = sum(sum(told[block.a : block.a + block.size]) for block in blocks)
    alone = len(other) - sum(block.size for block in blocks)
    share = 2 * common / (sum(told) + common + alone * sum(told) / len(told))
    return share if share >= LEAST_OF_TITLE else 0.0


def _weights_of_words(words: Sequence[str], weights: dict[int, float]) -> list[float]:
    """A word tells as little as the commonest row of words that it stands in."""
    told = [_weight(1)] * len(words)
    office = _office_rows()
    for n, row in enumerate(_rows_of_words(words)):
        weight = _weight(READ_PER_MARK) if row in office else weights[_hash(f"title {row}")]
        for place in range(n, min(n + WORDS_IN_A_ROW, len(words))):
            told[place] = min(told[place], weight)
    return told


def _share_of_body(asked: Sequence[int], other: Sequence[int], evidence: float) -> float:
    """Words of the shorter text that stand in the longer; 0 below what is worth telling."""
    shorter, longer = sorted((asked, other), key=len)
    share = _covered(shorter, set(longer))
    least = LEAST_OF_BODY if len(shorter) >= SHORT_TEXT else LEAST_OF_SHORT_BODY
    return share if share >= least and evidence >= LEAST_EVIDENCE else 0.0


def _covered(hashes: Sequence[int], others: set[int]) -> float:
    """Share of the words that tell something and stand in a row of words known to the other."""
    telling, covered = set(), set()
    for n, value in enumerate(hashes):
        if value:
            places = range(n, n + WORDS_IN_A_ROW)
            telling.update(places)
            if value in others:
                covered.update(places)
    return len(covered) / len(telling) if telling else 0.0
