"""The frame around every public page: navigation, breadcrumbs, languages."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import override
from wagtail.models import Page

from ..metadata import Metadata
from ..models import PublicPage, SiteContact
from ..page_cache import remembered
from ..top_level import children_of_home, home_of, language
from ..visibility import readable
from ..ways_in import ways_in

register = template.Library()


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool = False
    language: str = ""
    # Whether it is this page in that language, rather than that language's home.
    is_twin: bool = True


@dataclass(frozen=True)
class Frame:
    """Everything the base template asks the tree for, in a handful of queries."""

    home_url: str
    menu: list[Link]
    service: list[Link]
    ways_in: list[Link]
    crumbs: list[Link]
    languages: list[Link]
    contact: SiteContact | None
    canonical: str
    # Before addresses that must be full, such as those of hreflang.
    base: str
    metadata: Metadata | None


@register.simple_tag(takes_context=True)
def site_frame(context: template.Context) -> Frame:
    request: HttpRequest = context["request"]
    if hasattr(request, "_portal_frame"):
        return request._portal_frame
    page = context.get("page")
    page = page if isinstance(page, Page) and page.pk else None
    home = home_of(request)
    children = children_of_home(request)
    canonical = settings.BASE_URL + request.path
    request._portal_frame = Frame(
        home.get_url(request) if home else "/",
        [_link(child, request) for child in children if child.show_in_menus][:8],
        [_link(child, request) for child in children if not child.show_in_menus],
        [Link(title, url, request.path.startswith(url)) for title, url in ways_in()],
        _crumbs(page, home, request, context.get("extra_crumbs") or []),
        _languages(page, request),
        remembered(request, "contact", lambda: SiteContact.for_request(request)) if home else None,
        canonical,
        settings.BASE_URL,
        page.metadata(canonical) if isinstance(page, PublicPage) and page.live else None,
    )
    return request._portal_frame


def _link(page: Page, request: HttpRequest) -> Link:
    url = page.get_url(request)
    return Link(page.menu_name, url, request.path.startswith(url))


def _crumbs(
    page: Page | None, home: Page | None, request: HttpRequest, extra: list[tuple[str, str]]
) -> list[Link]:
    if home is None or (page is not None and page.pk == home.pk):
        return []
    links = []
    if page is not None:
        links = [Link(item.title, item.get_url(request)) for item in _ancestors(page, request)]
        links.append(Link(page.title, page.get_url(request)))
    return [*links, *(Link(title, url) for title, url in extra)]


def _ancestors(page: Page, request: HttpRequest) -> list[Page]:
    """Pages between the home page and this one; one level is known without a query."""
    home = home_of(request)
    if page.depth <= home.depth + 1:
        return []
    if page.depth == home.depth + 2:
        return [child for child in children_of_home(request) if page.path.startswith(child.path)]
    return list(page.get_ancestors().filter(depth__gt=home.depth))


def _languages(page: Page | None, request: HttpRequest) -> list[Link]:
    """The same page in each language; where there is none, a page that says so."""
    here = language()
    links = []
    for code, name in settings.LANGUAGES:
        url, is_twin = translate_url(request.get_full_path(), code), True
        if page is not None and code != here:
            twins = page.get_translations().filter(locale__language_code=code)
            # A withdrawn page's twin went with it, and says so at its own address.
            twin = (readable(twins) if page.live else twins).first()
            rest = request.path.removeprefix(page.get_url(request) or "")
            url = twin.get_url(request) + rest if twin else _untranslated(page, code)
            is_twin = twin is not None and page.live
        links.append(Link(name, url, code == here, code, is_twin))
    return links


def _untranslated(page: Page, code: str) -> str:
    with override(code):
        if not page.live:
            return reverse("site_map")
        return reverse("untranslated", args=[page.pk])


@register.filter
def readable_pages(pages: list[Page | None]) -> list[Page]:
    """Of pages that editors chose, those that a reader may see, in their order; two queries."""
    ids = [page.pk for page in pages if page is not None]
    found = {page.pk: page for page in readable(Page.objects.filter(pk__in=ids)).specific()}
    return [found[pk] for pk in ids if pk in found]


@register.simple_tag(takes_context=True)
def page_feed(context: template.Context, page: Page) -> str:
    """The address of a section's RSS."""
    home = home_of(context["request"])
    return reverse("feed", args=[page.url_path.removeprefix(home.url_path).strip("/")])
