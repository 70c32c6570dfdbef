"""The register of documents as open data."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from site_pages.fields import ReformField
from site_pages.open_data import Column, Dataset
from site_pages.visibility import readable

from .models import DocumentRelation, DocumentType, Force, LegalDocumentPage, Level

CHUNK = 500


def rows() -> Iterator[dict[str, str]]:
    """Every public document, newest first, with what it does to others by their numbers."""
    documents = readable(LegalDocumentPage.objects.filter(locale__language_code="vi"))
    documents = documents.with_force().order_by("-issued_on", "-pk")
    # What a document does to a draft or a private one is not told here either.
    shown = DocumentRelation.objects.filter(
        target__in=readable(LegalDocumentPage.objects.all())
    ).select_related("target")
    related_first = Prefetch("relations", shown.order_by("sort_order", "pk"), to_attr="shown")
    for page in documents.prefetch_related(related_first).iterator(chunk_size=CHUNK):
        path = page.url_path.split("/", 2)[2]
        yield {
            "number": page.number,
            "type": page.doc_type,
            "title": page.title,
            "issuer": page.issuer,
            "level": page.level,
            "issued_on": page.issued_on.isoformat(),
            "effective_on": page.effective_on.isoformat() if page.effective_on else "",
            "expires_on": page.expires_on.isoformat() if page.expires_on else "",
            "state": str(page.force.value),
            "signer": page.signer,
            "field": page.reform_field,
            "relations": "; ".join(f"{item.kind} {item.target.number}" for item in page.shown),
            "url": f"{settings.BASE_URL}/{path}",
        }


REGISTER = Dataset(
    "van-ban",
    _("Register of documents"),
    _("Documents on administrative reform with their dates, state and relations."),
    [
        Column("number", "string", _("number and symbol")),
        Column("type", "string", _("type"), DocumentType),
        Column("title", "string", _("abstract")),
        Column("issuer", "string", _("issuer")),
        Column("level", "string", _("level"), Level),
        Column("issued_on", "date", _("issued on")),
        Column("effective_on", "date", _("in force from")),
        Column("expires_on", "date", _("expired from")),
        Column("state", "string", _("state today: not-yet, in-force, partly, expired"), Force),
        Column("signer", "string", _("signed by")),
        Column("field", "string", _("field of reform"), ReformField),
        Column("relations", "string", _("what it replaces, amends, repeals, guides, rests on")),
        Column("url", "string", _("address")),
    ],
    rows,
    key="url",
)
