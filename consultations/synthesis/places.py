"""Where a provision stands now: followed through the versions that came after it."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import DraftText, Provision, ProvisionMapping, TextState


@dataclass(frozen=True)
class Place:
    """A provision as the table names and orders it."""

    provision_id: int | None
    name: str
    order: tuple[int, int, int]


WHOLE = Place(None, "", (0, 0, 0))


class Places:
    """All provisions of a consultation's versions, read once."""

    def __init__(self, consultation_id: int) -> None:
        self.newest = (
            DraftText.objects.filter(consultation=consultation_id, state=TextState.PUBLISHED)
            .order_by("number")
            .values_list("number", flat=True)
            .last()
        )
        rows = Provision.objects.filter(text_version__consultation=consultation_id)
        self._known = {
            row[0]: row[1:]
            for row in rows.values_list("pk", "name", "label", "position", "text_version__number")
        }
        self._next = dict(
            ProvisionMapping.objects.filter(
                text_version__consultation=consultation_id,
                text_version__state=TextState.PUBLISHED,
                old__isnull=False,
                new__isnull=False,
            ).values_list("old", "new")
        )

    def current(self, provision_id: int | None) -> int | None:
        """The provision that it became; the last one it was, where it was removed."""
        seen: set[int] = set()
        while provision_id in self._next and provision_id not in seen:
            seen.add(provision_id)
            provision_id = self._next[provision_id]
        return provision_id

    def of(self, provision_id: int | None) -> Place:
        if provision_id is None:
            return WHOLE
        name, label, position, version = self._known[provision_id]
        is_gone = version != self.newest
        told = name or label or f"({position + 1})"
        if is_gone:
            told = f"{told} (bản {version})"
        return Place(provision_id, told, (2 if is_gone else 1, version, position))
