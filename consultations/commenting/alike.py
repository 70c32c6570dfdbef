"""Campaigns: opinions that say the same are grouped and counted, and none is hidden.

The same text: one fingerprint of all its folded words, found while the opinion is taken.
Nearly the same: in the queue, by sampled rows of words (decision 0009), then by the exact
share of rows in common. Every pair that is near enough unites the groups of its two, so that
a text that went from hand to hand is one group though its first and last form differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac

from editorial.duplicates import Text
from portal import clock
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.text import fold
from site_pages import page_cache

from .. import window
from ..models import Opinion, OpinionMark, OpinionState, PublicOpinion

KIND = "consultations.alike"
# Of the rows of words of both texts together, how many both have.
LEAST_SHARE = 0.7
# Shorter texts are the same or they are not.
LEAST_ROWS = 8
# Opinions kept for one mark: what everybody writes leads to some of them, and stays cheap.
MOST_CARRIERS = 48
# Carriers looked at, those with the most marks in common first; groups, and opinions of each,
# whose words are compared.
LOOKED_AT, GROUPS, OF_A_GROUP = 200, 8, 3
# A greater group goes on together when one of its middle leaves.
MOST_REGROUPED = 50
_WORD = re.compile(r"\w+")
_NOT_DIGIT = re.compile(r"\D")


def words_of(opinion: Opinion) -> str:
    """All that an opinion says."""
    answers = [answer.text for answer in opinion.answers.all()] if opinion.has_answers else []
    return "\n".join(part for part in (opinion.text, opinion.suggested_text, *answers) if part)


def fingerprint(words: str) -> str:
    told = " ".join(_WORD.findall(fold(words)))
    return sha256(told.encode()).hexdigest() if told else ""


def sender_key(email: str, phone: str, name: str, otherwise: str) -> str:
    """One person, whatever the number of texts: by address, number or name, else the form."""
    digits = _NOT_DIGIT.sub("", phone)
    said = email.strip().casefold() or digits or " ".join(fold(name).split()) or otherwise
    return salted_hmac("consultations.sender", said, algorithm="sha256").hexdigest()


def first_like(opinion: Opinion) -> Opinion | None:
    """The first opinion of the consultation with the very same words."""
    if not opinion.fingerprint:
        return None
    rows = Opinion.objects.filter(
        consultation=opinion.consultation_id, fingerprint=opinion.fingerprint
    )
    found = rows.exclude(pk=opinion.pk).order_by("pk").select_related("like").first()
    return (found.like or found) if found else None


def call_for_grouping(opinion: Opinion) -> None:
    # The same words may be grouped again later, when who stood between them has left.
    key = f"{opinion.pk}:{opinion.fingerprint[:16]}:{clock.now().timestamp()}"
    send(KIND, key, opinion_id=opinion.pk)


def carry_out(row: OutboxRow) -> None:
    group(row.payload["opinion_id"])


@transaction.atomic
def group(opinion_id: int) -> None:
    """Unite an opinion with every group one of whose opinions says nearly the same."""
    known = Opinion.objects.filter(pk=opinion_id)
    # One at a time in a consultation: two of the same text never both become the first.
    window.queue_up(known.values_list("consultation", flat=True).get())
    own_marks = OpinionMark.objects.filter(opinion=OuterRef("pk"))
    opinion = known.annotate(is_marked=Exists(own_marks)).get()
    if opinion.state == OpinionState.WITHDRAWN or opinion.is_marked:
        return
    heads = {opinion.like_id or opinion.pk}
    if same := first_like(opinion):
        heads.add(same.pk)
        if _is_marked(opinion):
            _unite(heads)
            return
    text = Text.of("", words_of(opinion))
    carried = _carried(opinion, text.body_marks)
    _unite(heads | set(_nearly_like(opinion, text, carried)))
    _mark(opinion, text.body_marks, carried)


def _is_marked(opinion: Opinion) -> bool:
    """Whether somebody else carries the marks of the very same words."""
    twins = Opinion.objects.filter(
        consultation=opinion.consultation_id, fingerprint=opinion.fingerprint
    )
    return twins.exclude(pk=opinion.pk).filter(marks__isnull=False).exists()


def _carried(opinion: Opinion, marks: Iterable[int]) -> list[tuple[int, int]]:
    """(mark, opinion) of the others in the consultation; few for a mark, however many have it."""
    rows = OpinionMark.objects.filter(consultation=opinion.consultation_id, mark__in=marks)
    return list(rows.exclude(opinion=opinion).values_list("mark", "opinion_id"))


def _mark(opinion: Opinion, marks: Iterable[int], carried: list[tuple[int, int]]) -> None:
    carriers = Counter(mark for mark, _opinion in carried)
    OpinionMark.objects.bulk_create(
        OpinionMark(consultation_id=opinion.consultation_id, mark=mark, opinion=opinion)
        for mark in marks
        if carriers[mark] < MOST_CARRIERS
    )


def _unite(heads: set[int]) -> None:
    """Groups become one, under the first of their first opinions."""
    first = min(heads)
    rest = heads - {first}
    if rest:
        Opinion.objects.filter(Q(pk__in=rest) | Q(like__in=rest)).update(like=first)
        PublicOpinion.objects.filter(group__in=rest).update(group=first)
        page_cache.changed()


def leave(opinion: Opinion) -> None:
    """Its words change or go; the caller saves it. Who stays is counted together no longer
    than somebody still stands between them: a small group is grouped anew."""
    head = opinion.like_id or opinion.pk
    had_marks = opinion.marks.all().delete()[0]
    opinion.like = None
    # Most of a campaign carries no marks: nobody stands together through it.
    if opinion.pk != head and not had_marks:
        return
    rows = Opinion.objects.filter(Q(pk=head) | Q(like=head)).exclude(pk=opinion.pk)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return
    if opinion.pk == head:
        _put_under(keys[0], keys)
    if not had_marks:
        return
    same = Opinion.objects.filter(pk__in=keys, fingerprint=opinion.fingerprint)
    if twin := same.order_by("pk").first():
        call_for_grouping(twin)
    elif len(keys) <= MOST_REGROUPED:
        _scatter(list(Opinion.objects.filter(pk__in=keys).order_by("pk")))


def _put_under(head: int, keys: list[int]) -> None:
    Opinion.objects.filter(pk=head).update(like=None)
    Opinion.objects.filter(pk__in=keys).exclude(pk=head).update(like=head)
    PublicOpinion.objects.filter(pk__in=keys).update(group=head)
    page_cache.changed()


def _scatter(members: list[Opinion]) -> None:
    keys = [row.pk for row in members]
    OpinionMark.objects.filter(opinion__in=keys).delete()
    Opinion.objects.filter(pk__in=keys).update(like=None)
    PublicOpinion.objects.filter(pk__in=keys).update(group=F("opinion_id"))
    page_cache.changed()
    for row in members:
        call_for_grouping(row)


def _nearly_like(opinion: Opinion, text: Text, carried: list[tuple[int, int]]) -> Iterator[int]:
    """The heads of groups in which somebody says nearly the same."""
    rows = set(text.hashes) - {0}
    if len(rows) < LEAST_ROWS:
        return
    nearest = _may_be_near(rows, carried)[:LOOKED_AT]
    if not nearest:
        return
    heads = dict(Opinion.objects.filter(pk__in=nearest).values_list("pk", Coalesce("like", "pk")))
    chosen: dict[int, list[int]] = {}
    for key in nearest:
        members = chosen.setdefault(heads[key], [])
        if len(members) < OF_A_GROUP:
            members.append(key)
    groups = dict(islice(chosen.items(), GROUPS))
    keys = [key for members in groups.values() for key in members]
    known = Opinion.objects.filter(pk__in=keys).prefetch_related("answers").in_bulk()
    for head, members in groups.items():
        if any(_share(rows, words_of(known[key])) >= LEAST_SHARE for key in members):
            yield head


def _may_be_near(rows: set[int], carried: list[tuple[int, int]]) -> list[int]:
    """Carriers that lack no more of the rows of words than near ones may, the nearest first.

    Who is near enough has at most 1 / LEAST_SHARE as many rows, hence samples at most as
    sparsely as a text of that length. Of the rows that even such a text samples it carries
    all that it has, but for those that were full when it came.
    """
    sampled = Text.sampled(rows, int(len(rows) / LEAST_SHARE))
    carriers = Counter(mark for mark, _key in carried if mark in sampled)
    # Half of what makes a mark full: some of its carriers may have left since.
    full = sum(1 for n in carriers.values() if 2 * n >= MOST_CARRIERS)
    least = len(sampled) - (1 - LEAST_SHARE) * len(rows) - full
    together = Counter(key for mark, key in carried if mark in sampled)
    shared = Counter(key for _mark, key in carried)
    return [key for key, _n in shared.most_common() if together[key] >= least]


def _share(rows: set[int], words: str) -> float:
    others = set(Text.of("", words).hashes) - {0}
    together = rows | others
    return len(rows & others) / len(together) if together else 0.0
