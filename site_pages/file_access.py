"""Files of the library are public while a page that readers may see uses them (Art. 8.5).

Neither a draft's picture nor the attachment of a withdrawn page is served to readers,
whoever knows the address; those who work in the admin see every file.
"""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from wagtail.models import Page, ReferenceIndex

from .visibility import readable


def references_to(file: Model) -> QuerySet[ReferenceIndex]:
    """Where a picture or document is used, drafts and withdrawn pages counted in."""
    kind = ContentType.objects.get_for_model(file)
    return ReferenceIndex.objects.filter(to_content_type=kind, to_object_id=str(file.pk))


def carrying_pages(file: Model) -> set[int]:
    """Ids of the pages that use the file, drafts and withdrawn pages counted in."""
    pages = ContentType.objects.get_for_model(Page)
    using = references_to(file).filter(base_content_type=pages).values_list("object_id", flat=True)
    return {int(pk) for pk in using}


def is_public(file: Model) -> bool:
    return readable(Page.objects.filter(pk__in=carrying_pages(file))).exists()


def refuse_unless_served(file: Model, request: HttpRequest) -> bool:
    """True where anybody may have the file; 404 for readers to whom it is not shown.

    The session is asked only then: an answer for everybody stays free of cookies.
    """
    if is_public(file):
        return True
    if not (request.user.has_perm("wagtailadmin.access_admin") or _is_admitted(file, request)):
        raise Http404
    return False


def _is_admitted(file: Model, request: HttpRequest) -> bool:
    """Whether a page that is closed to some, but open to this reader, uses the file."""
    if not request.user.is_authenticated:
        return False
    return any(
        all(limit.accept_request(request) for limit in page.get_view_restrictions())
        for page in Page.objects.filter(pk__in=carrying_pages(file), live=True)
    )
