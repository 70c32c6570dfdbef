"""The frame around every public page: navigation, breadcrumbs, languages."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language
from wagtail.models import Page, Site

from ..models import PublicPage, SiteContact

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
    crumbs: list[Link]
    languages: list[Link]
    contact: SiteContact | None


@register.simple_tag(takes_context=True)
def site_frame(context: template.Context) -> Frame:
    request: HttpRequest = context["request"]
    page = context.get("page")
    page = page if isinstance(page, Page) and page.pk else None
    site = Site.find_for_request(request)
    home = site.root_page.localized if site else None
    children = _children(home)
    path = request.path
    return Frame(
        home.get_url(request) if home else "/",
        [_link(child, request, path) for child in children if child.show_in_menus][:8],
        [_link(child, request, path) for child in children if not child.show_in_menus],
        _crumbs(page, home, request, context.get("extra_crumbs") or []),
        _languages(page, home, request),
        SiteContact.for_request(request) if site else None,
    )


def _children(home: Page | None) -> list[Page]:
    return list(home.get_children().live().public().specific()) if home else []


def _link(page: Page, request: HttpRequest, path: str) -> Link:
    url = page.get_url(request)
    title = getattr(page, "menu_title", "") or page.title
    return Link(title, url, path.startswith(url))


def _crumbs(
    page: Page | None, home: Page | None, request: HttpRequest, extra: list[tuple[str, str]]
) -> list[Link]:
    if home is None or (page is not None and page.pk == home.pk):
        return []
    ancestors = page.get_ancestors().filter(depth__gt=home.depth) if page else []
    links = [Link(item.title, item.get_url(request)) for item in ancestors]
    if page is not None:
        links.append(Link(page.title, page.get_url(request)))
    return [*links, *(Link(title, url) for title, url in extra)]


def _languages(page: Page | None, home: Page | None, request: HttpRequest) -> list[Link]:
    """The same page in each language; where there is none, the home page of that language."""
    here = (get_language() or settings.LANGUAGE_CODE)[:2]
    links = []
    for code, name in settings.LANGUAGES:
        url, is_twin = translate_url(request.path, code), True
        if page is not None and code != here:
            twin = page.get_translations().filter(locale__language_code=code).live().first()
            rest = request.path.removeprefix(page.get_url(request) or "")
            url = twin.get_url(request) + rest if twin else ("/en/" if code == "en" else "/")
            is_twin = twin is not None
        links.append(Link(name, url, code == here, code, is_twin))
    return links


@register.filter
def is_public_page(page: object) -> bool:
    return isinstance(page, PublicPage)
