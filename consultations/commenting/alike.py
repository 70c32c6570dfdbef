"""Campaigns: opinions that say the same are grouped and counted, and none is hidden.

The same text: one fingerprint of all its folded words, found while the opinion is taken.
Nearly the same: in the queue, by sampled rows of words (decision 0009) against the first
opinion of each group, then by the exact share of rows in common.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

from django.db import transaction
from django.utils.crypto import salted_hmac

from editorial.duplicates import Text
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.text import fold

from .. import window
from ..models import Opinion, OpinionMark, PublicOpinion

KIND = "consultations.alike"
# Of the rows of words of both texts together, how many both have.
LEAST_SHARE = 0.7
# Shorter texts are the same or they are not.
LEAST_ROWS = 8
COMPARED = 8
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
    send(KIND, f"{opinion.pk}:{opinion.fingerprint[:16]}", opinion_id=opinion.pk)


def carry_out(row: OutboxRow) -> None:
    group(row.payload["opinion_id"])


@transaction.atomic
def group(opinion_id: int) -> None:
    """Put an opinion beside the first that says nearly the same, or make it the first."""
    opinion = Opinion.objects.get(pk=opinion_id)
    # One at a time in a consultation: two of the same text never both become the first.
    window.hold(opinion.consultation_id)
    opinion.refresh_from_db()
    if opinion.like_id or opinion.marks.exists():
        return
    text = Text.of("", words_of(opinion))
    found = first_like(opinion) or _nearly_like(opinion, text)
    if found and found.pk != opinion.pk and not opinion.alike.exists():
        _join(opinion, found)
        return
    OpinionMark.objects.bulk_create(
        OpinionMark(consultation_id=opinion.consultation_id, mark=mark, opinion=opinion)
        for mark in text.body_marks
    )


def leave(opinion: Opinion) -> None:
    """Its words change: the group goes on under the next of its opinions."""
    opinion.marks.all().delete()
    opinion.like = None
    heir, *others = [*opinion.alike.order_by("pk")] or [None]
    if heir is None:
        return
    heir.like = None
    heir.save(update_fields=["like"])
    members = [heir.pk, *(row.pk for row in others)]
    Opinion.objects.filter(pk__in=members[1:]).update(like=heir)
    PublicOpinion.objects.filter(pk__in=members).update(group=heir.pk)
    call_for_grouping(heir)


def _join(opinion: Opinion, first: Opinion) -> None:
    opinion.like = first
    opinion.save(update_fields=["like"])
    PublicOpinion.objects.filter(pk=opinion.pk).update(group=first.pk)


def _nearly_like(opinion: Opinion, text: Text) -> Opinion | None:
    rows = set(text.hashes) - {0}
    if len(rows) < LEAST_ROWS:
        return None
    carriers = OpinionMark.objects.filter(
        consultation=opinion.consultation_id, mark__in=text.body_marks
    ).exclude(opinion=opinion)
    counts = Counter(carriers.values_list("opinion_id", flat=True))
    nearest = [opinion_id for opinion_id, _n in counts.most_common(COMPARED)]
    candidates = Opinion.objects.filter(pk__in=nearest, like=None).prefetch_related("answers")
    shares = [(_share(rows, words_of(row)), -row.pk, row) for row in candidates]
    best = max(shares, key=lambda found: found[:2], default=None)
    return best[2] if best and best[0] >= LEAST_SHARE else None


def _share(rows: set[int], words: str) -> float:
    others = set(Text.of("", words).hashes) - {0}
    together = rows | others
    return len(rows & others) / len(together) if together else 0.0
