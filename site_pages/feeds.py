"""RSS of each section, and the map of the site for machines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.images.models import Image, Rendition
from wagtail.models import Locale, Page, ReferenceIndex

from portal.reporting import queries as editions

from .metadata import ATTRIBUTION
from .models import AbstractCategoryPage
from .top_level import home_of
from .visibility import readable

NEWEST = 30
PER_FILE = 5000
# What search engines may show: the picture that pages load on a wide screen.
IMAGE_FILTER = "width-1200|format-jpeg"


class SectionFeed(Feed):
    """The newest items of a section; the address is the section's own below /rss/."""

    feed_copyright = ATTRIBUTION
    is_same_for_all = True

    def get_object(self, request: HttpRequest, path: str) -> AbstractCategoryPage:
        home = home_of(request)
        wanted = f"{home.url_path}{path.strip('/')}/" if home else ""
        page = readable(Page.objects.filter(url_path=wanted)).specific().first()
        if not isinstance(page, AbstractCategoryPage):
            raise Http404
        return page

    def title(self, page: AbstractCategoryPage) -> str:
        return page.title

    def link(self, page: AbstractCategoryPage) -> str:
        return page.url

    def description(self, page: AbstractCategoryPage) -> str:
        return page.abstract_text or page.title

    def items(self, page: AbstractCategoryPage) -> list[Page]:
        return page.newest(NEWEST)

    def item_title(self, item) -> str:
        return item.feed_title()

    def item_description(self, item) -> str:
        return f"{item.abstract_text}\n{ATTRIBUTION}".strip()

    def item_link(self, item) -> str:
        return item.url

    def item_pubdate(self, item) -> datetime | None:
        return item.first_published_at

    def item_updateddate(self, item) -> datetime | None:
        return item.last_published_at

    def item_copyright(self, item) -> str:
        return ATTRIBUTION


@dataclass
class Location:
    """An address for search engines."""

    url: str
    changed_at: datetime | None
    twins: list[tuple[str, str]] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


def _pages() -> QuerySet[Page]:
    return readable(Page.objects.filter(depth__gt=1)).order_by("path")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages in both languages; an index of files where they are many."""
    files = Paginator(_pages(), PER_FILE)
    number = request.GET.get("trang", "")
    if files.num_pages > 1 and not number:
        addresses = [f"{settings.BASE_URL}/sitemap.xml?trang={n}" for n in files.page_range]
        return _xml(request, "site_pages/sitemap_index.xml", {"addresses": addresses})
    page = files.get_page(number)
    locations = _locations(list(page.object_list))
    if page.number == 1:
        locations += [
            Location(f"{settings.BASE_URL}/bao-cao/{edition.code}/", edition.published_at)
            for edition in editions.published()
        ]
    return _xml(request, "site_pages/sitemap.xml", {"locations": locations})


def _xml(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")


def _locations(pages: list[Page]) -> list[Location]:
    homes = {page.locale_id: page.url_path for page in Page.objects.filter(depth=2)}
    codes = dict(Locale.objects.values_list("pk", "language_code"))
    images = _images(pages)

    def address(page: Page) -> str:
        rest = page.url_path.removeprefix(homes.get(page.locale_id, "/"))
        code = codes[page.locale_id]
        return f"{settings.BASE_URL}/{'' if code == settings.LANGUAGE_CODE else code + '/'}{rest}"

    keys = {page.translation_key for page in pages}
    twins: dict[object, list[tuple[str, str]]] = defaultdict(list)
    for twin in readable(Page.objects.filter(translation_key__in=keys)):
        twins[twin.translation_key].append((codes[twin.locale_id], address(twin)))
    return [
        Location(
            address(page),
            page.last_published_at,
            twins[page.translation_key] if len(twins[page.translation_key]) > 1 else [],
            images[str(page.pk)],
        )
        for page in pages
    ]


def _images(pages: list[Page]) -> dict[str, list[str]]:
    """Addresses of the pictures that pages show, of those that were drawn already."""
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(Image),
        object_id__in=[str(page.pk) for page in pages],
    ).values_list("object_id", "to_object_id")
    drawn = {
        str(item.image_id): settings.BASE_URL + item.url
        for item in Rendition.objects.filter(
            filter_spec=IMAGE_FILTER, image__in=[pk for _page, pk in references]
        )
    }
    found: dict[str, list[str]] = defaultdict(list)
    for page_id, image_id in references:
        if image_id in drawn and drawn[image_id] not in found[page_id]:
            found[page_id].append(drawn[image_id])
    return found
