"""Who may fetch a file: what no public page carries is nobody's to guess (Art. 8.3.a)."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from .visibility import readable


def may_fetch(document: Document, request: HttpRequest) -> bool:
    """Readers: where a page that they may read carries the file. Editors: always."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return True
    carriers = Page.objects.filter(pk__in=carrying_pages(document), live=True)
    if readable(carriers).exists():
        return True
    if not request.user.is_authenticated:
        return False
    return any(
        all(limit.accept_request(request) for limit in page.get_view_restrictions())
        for page in carriers
    )


def carrying_pages(document: Document) -> set[int]:
    """Ids of the pages whose published content links or attaches the file."""
    carriers = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    return {int(pk) for pk in carriers.values_list("object_id", flat=True)}
