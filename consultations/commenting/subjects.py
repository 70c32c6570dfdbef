"""What an opinion is about: the whole of a text, one provision of it, or a topic."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

from ..models import Consultation, DraftText, Provision, TextState

# Stands in the address where a provision's permanent id would.
WHOLE = "toan-van"
# The text spoken of travels with the opinion; of a whole chapter its opening is enough.
LONGEST_QUOTE = 20_000


@dataclass(frozen=True)
class Subject:
    consultation: Consultation
    text: DraftText | None
    provision: Provision | None

    @property
    def target(self) -> str:
        return str(self.provision.uuid) if self.provision else WHOLE

    @property
    def name(self) -> str:
        return str(self.provision or self.consultation.whole)

    @property
    def sha256(self) -> str:
        return self.provision.sha256 if self.provision else ""

    def quoted(self) -> str:
        """The provision with what stands below it, as it is read."""
        return quoted(self.provision) if self.provision else ""


def newest_text(consultation: Consultation) -> DraftText | None:
    texts = consultation.texts.filter(state=TextState.PUBLISHED)
    return texts.order_by("-number").first()


def subject_of(consultation: Consultation, target: str) -> Subject | None:
    """The subject of an address; None where nothing public has it."""
    if target == WHOLE:
        text = newest_text(consultation)
        if consultation.has_draft and text is None:
            return None
        return Subject(consultation, text, None)
    try:
        wanted = uuid.UUID(target)
    except ValueError:
        return None
    rows = Provision.objects.select_related("text_version", "parent")
    provision = rows.filter(
        uuid=wanted,
        text_version__consultation=consultation,
        text_version__state=TextState.PUBLISHED,
    ).first()
    return Subject(consultation, provision.text_version, provision) if provision else None


def quoted(provision: Provision) -> str:
    """In reading order, one line a provision. The text's rows are read once, not a level each."""
    after = Provision.objects.filter(
        Q(pk=provision.pk) | Q(position__gt=provision.position),
        text_version=provision.text_version_id,
    ).order_by("position")
    lines: list[str] = []
    for row in after.iterator(chunk_size=200):
        if row.pk != provision.pk and row.depth <= provision.depth:
            break
        lines.append(" ".join(part for part in (row.label, row.heading, row.text) if part))
        if sum(map(len, lines)) > LONGEST_QUOTE:
            break
    return "\n".join(lines)[:LONGEST_QUOTE]
