"""Nearly the same text: whatever pair is near enough unites the groups of its two."""

from __future__ import annotations

import random

import pytest

from consultations.commenting import alike, sending
from consultations.models import Opinion, PublicOpinion
from consultations.moderation import projection
from editorial.duplicates import Text
from portal.outbox.draining import drain
from tests.consultations import factories as make
from tests.editorial import corpus

pytestmark = pytest.mark.django_db
WORDS = [f"từ{n}" for n in range(60)]


@pytest.fixture
def consultation(at):
    at(make.NOON)
    made = make.make_consultation()
    make.open_window(made)
    make.make_text(made)
    return made


def text(start: int) -> str:
    """Forty words of sixty: the further apart two begin, the less they share."""
    return " ".join(WORDS[start : start + 40])


def say(consultation, words: str) -> Opinion:
    made = make.opine(consultation, text=words, fingerprint=alike.fingerprint(words))
    projection.publish_unread(made, made.received_at)
    alike.group(made.pk)
    return made


def heads(*opinions: Opinion) -> list[int]:
    for row in opinions:
        row.refresh_from_db()
    found = [row.like_id or row.pk for row in opinions]
    shown = PublicOpinion.objects.in_bulk([row.pk for row in opinions])
    assert all(shown[row.pk].group == head for row, head in zip(opinions, found, strict=True))
    return found


def test_near_to_the_last_of_a_group_is_near_enough(consultation):
    first, second, third = (say(consultation, text(n)) for n in (0, 5, 10))
    # The first and the last alone are too far from each other.
    far = say(consultation, text(20))
    assert heads(first, second, third, far) == [first.pk] * 3 + [far.pk]


def test_who_stands_between_two_groups_unites_them(consultation):
    first, last = say(consultation, text(0)), say(consultation, text(10))
    assert heads(first, last) == [first.pk, last.pk]
    between = say(consultation, text(5))
    assert heads(first, last, between) == [first.pk] * 3


def test_once_it_is_withdrawn_they_are_apart_again(consultation):
    first, last, between = (say(consultation, text(n)) for n in (0, 10, 5))
    sending.withdraw(between)
    drain()
    assert heads(first, last) == [first.pk, last.pk]


def test_somebody_else_with_the_same_words_stays_between(consultation):
    first, last, between = (say(consultation, text(n)) for n in (0, 10, 5))
    twin = say(consultation, text(5))
    sending.withdraw(between)
    drain()
    assert heads(first, last, twin) == [first.pk] * 3
    assert twin.marks.exists()


def by_every_pair(texts: list[str]) -> list[int]:
    """Of each text, the first with which it stands together when every pair is compared."""
    rows = [set(Text.of("", text).hashes) - {0} for text in texts]
    heads = list(range(len(texts)))
    for late in range(len(texts)):
        for early in range(late):
            share = len(rows[early] & rows[late]) / len(rows[early] | rows[late])
            if share >= alike.LEAST_SHARE:
                one, other = sorted((heads[early], heads[late]))
                heads = [one if head == other else head for head in heads]
    return heads


@pytest.mark.parametrize("words", [30, 60, 75, 150])
@pytest.mark.parametrize("seed", [1, 2])
def test_few_are_compared_and_the_groups_are_those_of_every_pair(consultation, words, seed):
    rng = random.Random(seed * words)
    bases = [corpus.article(rng, words)[1] for _n in range(4)]
    texts = []
    for _n in range(24):
        kept = rng.choice([*bases, *texts[-6:]]).split()
        drawn = corpus.reworded(rng, " ".join(kept), rng.choice([0, 0.02, 0.04, 0.08]))
        texts.append(" ".join(drawn.split()[: len(kept) - rng.randint(0, 4)]))
    said = [say(consultation, text) for text in texts]
    expected = by_every_pair(texts)
    assert heads(*said) == [said[n].pk for n in expected]
    assert 1 < len(set(expected)) < len(texts)


def test_what_everybody_writes_is_carried_by_few(consultation, monkeypatch):
    monkeypatch.setattr(alike, "MOST_CARRIERS", 3)
    rows = [say(consultation, f"{text(0)} riêng{n} thêm{n} lời{n}") for n in range(8)]
    assert heads(*rows) == [rows[0].pk] * 8
    shared = set(rows[0].marks.values_list("mark", flat=True))
    marks = [mark for row in rows for mark in row.marks.values_list("mark", flat=True)]
    assert max(marks.count(mark) for mark in shared) == 3
