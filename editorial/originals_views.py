"""The supplier's original and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.models import Page

from . import originals
from .authority import may_screen
from .differences import Kind, Part, differences
from .models.originals import SuppliedOriginal
from .plain_text import labels_of, texts_of


@dataclass(frozen=True)
class FieldRow:
    label: str
    sent: str
    parts: list[Part]

    @property
    def is_changed(self) -> bool:
        return any(part.kind is not Kind.SAME for part in self.parts)


def original(request: HttpRequest, page_id: int) -> HttpResponse:
    """What was sent in, its hash, and the difference from the public or the newest text."""
    kept = _kept(request, page_id)
    page = kept.page.specific if kept.page else None
    wants_draft = request.GET.get("voi") == "ban-nhap" or (page is not None and not page.live)
    rows = _rows(kept, page, wants_draft)
    context = {
        "original": kept,
        "page": page,
        "rows": rows,
        "changed": sum(row.is_changed for row in rows),
        "wants_draft": wants_draft,
        "has_both": page is not None and page.live and page.has_unpublished_changes,
        "files": [
            (file, originals.is_replaced(file))
            for file in kept.files.select_related("image", "document")
        ],
        # Whom the public's item came from is for the working group to see.
        "contribution": page.contributions.first() if page else None,
        "opens_contribution": may_screen(request.user),
        "is_intact": originals.is_intact(kept),
        "size": len(kept.content.encode()),
    }
    return render(request, "editorial/admin/originals_original.html", context)


def content(request: HttpRequest, page_id: int) -> HttpResponse:
    """The bytes that were hashed, for whoever wants to hash them again."""
    kept = _kept(request, page_id)
    response = HttpResponse(kept.content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ban-goc-{kept.page_number}.json"'
    return response


def _kept(request: HttpRequest, page_id: int) -> SuppliedOriginal:
    kept = originals.original_of(page_id)
    if kept is None:
        raise Http404
    if not originals.may_see(request.user, kept):
        raise PermissionDenied
    return kept


def _rows(kept: SuppliedOriginal, page: Page | None, wants_draft: bool) -> list[FieldRow]:
    """Fields in the order of the original, then those that were added since."""
    if page is None:
        now = kept.texts
    else:
        now = texts_of(page.get_latest_revision_as_object() if wants_draft else page)
    labels = labels_of(_model(kept.page_type))
    # A JSON object has no order of its own on PostgreSQL.
    order = {name: place for place, name in enumerate(labels)}
    names = sorted({*kept.texts, *now}, key=lambda name: (order.get(name, len(order)), name))
    return [
        FieldRow(
            labels.get(name, _("Former field “%(name)s”") % {"name": name}),
            kept.texts.get(name, ""),
            differences(kept.texts.get(name, ""), now.get(name, "")),
        )
        for name in names
    ]


def _model(label: str) -> type[Page] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None
