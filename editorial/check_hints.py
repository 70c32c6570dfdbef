"""What a machine sees wrong with public items: a hint to look, never a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, ReferenceIndex

from site_pages.rating import Level, RatingCount

from .checking import register_hint


@register_hint
def broken_links(pages: list[Page]) -> dict[int, list[str]]:
    """Links to pages of ours that readers do not reach any more."""
    wanted = list(_references(pages, Page))
    live = Page.objects.filter(pk__in={key for _pk, key in wanted}, live=True)
    reached = {str(pk) for pk in live.values_list("pk", flat=True)}
    return _words(wanted, reached, _("a link leads to a page that is not public"))


@register_hint
def missing_files(pages: list[Page]) -> dict[int, list[str]]:
    """Files and pictures whose row or whose bytes are gone."""
    found: dict[int, list[str]] = defaultdict(list)
    for model in (Document, Image):
        wanted = list(_references(pages, model))
        rows = model.objects.filter(pk__in={key for _pk, key in wanted}).only("file")
        there = {str(row.pk) for row in rows if row.file.storage.exists(row.file.name)}
        for pk, words in _words(wanted, there, _("a file is missing")).items():
            found[pk] += words
    return found


@register_hint
def unhappy_readers(pages: list[Page]) -> dict[int, list[str]]:
    """Readers were not satisfied since the item last changed."""
    rows = RatingCount.objects.filter(
        page__in=pages, level=Level.DISSATISFIED, day__gte=F("page__last_published_at__date")
    )
    counts = rows.order_by().values_list("page").annotate(total=Sum("n"))
    words = _("readers were not satisfied since it last changed: %(n)s")
    return {pk: [words % {"n": n}] for pk, n in counts}


def _references(pages: list[Page], model: type) -> Iterator[tuple[int, str]]:
    """(page, number of what it shows or links to), once each."""
    rows = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(page.pk) for page in pages],
        to_content_type=ContentType.objects.get_for_model(model),
    ).exclude(model_path__in=["owner", "alias_of"])
    pairs = rows.order_by().values_list("object_id", "to_object_id").distinct()
    return ((int(pk), key) for pk, key in pairs)


def _words(wanted: list[tuple[int, str]], there: set[str], words: str) -> dict[int, list[str]]:
    return {pk: [words] for pk, key in wanted if key not in there}
