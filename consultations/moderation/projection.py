"""From an opinion to what readers see of it, and back: the one place that writes PublicOpinion.

Called by verbs, inside their transaction, with the opinion's row locked.
"""

from __future__ import annotations

import re
from datetime import datetime

from portal.protection.masking import mask

from ..models import Decision, DecisionKind, Opinion, OpinionState, PublicOpinion

# What stands in place of words that are not published.
_GAP = re.compile(r"\[[^\[\]\n]{0,60}\]")


def publish_unread(opinion: Opinion, now: datetime) -> None:
    """Where the consultation publishes opinions as they come."""
    show(opinion, now)
    opinion.state = OpinionState.PUBLISHED
    opinion.save(update_fields=["state"])
    Decision.objects.create(opinion=opinion, kind=DecisionKind.PUBLISH, made_at=now)


def show(
    opinion: Opinion, now: datetime, *, text: str | None = None, suggested: str | None = None
) -> PublicOpinion:
    """Write what readers see, personal data masked, or in a moderator's own masking."""
    made = PublicOpinion(
        opinion=opinion,
        consultation_id=opinion.consultation_id,
        text_version_id=opinion.text_version_id,
        provision_id=opinion.provision_id,
        respondent_kind=opinion.respondent_kind,
        name=opinion.name if opinion.is_name_shown else "",
        agency_id=opinion.agency_id,
        quoted_text=opinion.quoted_text,
        text=mask(opinion.text) if text is None else text,
        suggested_text=mask(opinion.suggested_text) if suggested is None else suggested,
        answers=shown_answers(opinion),
        received_at=opinion.received_at,
        published_at=now,
        group=opinion.like_id or opinion.pk,
    )
    made.save()
    return made


def hide(opinion: Opinion) -> None:
    """Nothing of it is read any more, from the commit on."""
    PublicOpinion.objects.filter(pk=opinion.pk).delete()


def shown_answers(opinion: Opinion) -> list[dict[str, object]]:
    if not opinion.has_answers:
        return []
    rows = opinion.answers.select_related("question").order_by("question__number")
    return [
        {
            "number": row.question.number,
            "question": row.question.text,
            "question_en": row.question.text_en,
            "text": mask(row.text),
        }
        for row in rows
    ]


def only_masks(original: str, shown: str) -> bool:
    """Whether the shown words are the author's own, in order, with nothing but gaps in [ ]."""
    if original.strip() and not shown.strip():
        return False
    place = 0
    pieces = [piece.strip() for piece in _GAP.split(shown)]
    for number, piece in enumerate(pieces):
        if not piece:
            continue
        found = original.find(piece, place)
        if found < 0 or (number == 0 and original[:found].strip()):
            return False
        place = found + len(piece)
    ends_open = not pieces[-1]
    return ends_open or not original[place:].strip()
