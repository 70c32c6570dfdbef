"""Reading the form in which an editor says what became of each provision."""

from __future__ import annotations

from django.http import QueryDict

from portal.text import clean

from .models import DraftText, MappingKind, Provision

Chosen = dict[int, tuple[str, int | None]]


def chosen_from(data: QueryDict, text: DraftText) -> Chosen:
    """{mapping id: (kind, id of the new provision)}; what was kept needs no field of its own."""
    anchors = dict(Provision.objects.filter(text_version=text).values_list("anchor", "pk"))
    chosen: Chosen = {}
    for row in text.mappings.all():
        kind = data.get(f"kind-{row.pk}", row.kind)
        wanted = clean(data.get(f"new-{row.pk}", ""))
        new_id = anchors.get(wanted.lstrip("#")) if wanted else None
        if f"new-{row.pk}" not in data:
            new_id = row.new_id
        chosen[row.pk] = (kind if kind in MappingKind.values else row.kind, new_id)
    return chosen
