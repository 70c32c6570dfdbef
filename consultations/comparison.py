"""Two public versions beside each other: words added, removed, changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from editorial.differences import Kind, Part, differences

from .models import DraftText, MappingKind, Provision, ProvisionMapping
from .structure import cell_words


@dataclass
class Change:
    """One place of the newer version, or what is gone from the older one."""

    kind: MappingKind
    old: Provision | None
    new: Provision | None
    parts: list[Part] = field(default_factory=list)
    # Provisions of the older version that were merged into this one.
    merged: list[Provision] = field(default_factory=list)

    @property
    def name(self) -> str:
        return (self.new or self.old).name

    @property
    def is_same(self) -> bool:
        return self.kind is MappingKind.KEPT

    @property
    def moved_from(self) -> str:
        """Its name before, where that was another."""
        if self.old is None or self.new is None or self.old.name == self.new.name:
            return ""
        return self.old.name


def said(row: Provision | None) -> str:
    """A provision's words as they are compared."""
    if row is None:
        return ""
    first = " ".join(part for part in (row.label, row.heading) if part)
    return "\n".join(part for part in (first, row.text, *cell_words(row.cells)) if part)


def compare(before: DraftText, after: DraftText) -> list[Change]:
    """Every place of both versions, in the order of the newer; what is gone at its old place."""
    old = list(Provision.objects.filter(text_version=before).order_by("position"))
    new = list(Provision.objects.filter(text_version=after).order_by("position"))
    became = _followed(before, after, [row.pk for row in old])
    sources: dict[int, list[Provision]] = {}
    for row in old:
        if (target := became[row.pk]) is not None:
            sources.setdefault(target, []).append(row)
    found = [_of_new(row, sources.get(row.pk, [])) for row in new]
    _put_removed(found, [row for row in old if became[row.pk] is None])
    return found


def _of_new(row: Provision, sources: list[Provision]) -> Change:
    if not sources:
        return Change(MappingKind.ADDED, None, row, _parts("", said(row)))
    # The one most like it; the others were merged into it.
    first = next((old for old in sources if old.sha256 == row.sha256), sources[0])
    others = [old for old in sources if old is not first]
    is_same = said(first) == said(row) and not others
    kind = MappingKind.KEPT if is_same else MappingKind.CHANGED
    kind = MappingKind.MERGED if others else kind
    return Change(kind, first, row, _parts(said(first), said(row)), others)


def _parts(before: str, after: str) -> list[Part]:
    return [Part(Kind.SAME, after)] if before == after else differences(before, after)


def _put_removed(found: list[Change], removed: list[Provision]) -> None:
    """What is gone stands before the first place that came after it."""
    for row in reversed(removed):
        gone = Change(MappingKind.REMOVED, row, None, _parts(said(row), ""))
        later = (
            number
            for number, change in enumerate(found)
            if change.old is not None and change.old.position > row.position
        )
        found.insert(next(later, len(found)), gone)


def _followed(before: DraftText, after: DraftText, old_ids: list[int]) -> dict[int, int | None]:
    """Where each provision came to, followed through every version between the two."""
    steps = DraftText.objects.filter(
        consultation=before.consultation_id, number__gt=before.number, number__lte=after.number
    )
    at: dict[int, int | None] = {pk: pk for pk in old_ids}
    rows = ProvisionMapping.objects.filter(text_version__in=steps, old__isnull=False)
    moves: dict[int, dict[int, int | None]] = {}
    for row in rows.order_by("text_version__number"):
        moves.setdefault(row.text_version_id, {})[row.old_id] = row.new_id
    for step in steps.order_by("number"):
        went = moves.get(step.pk, {})
        at = {pk: went.get(now) if now is not None else None for pk, now in at.items()}
    return at
