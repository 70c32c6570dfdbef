"""The home page of a request's language and the pages right below it, read once a request."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site

from .visibility import readable


def language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def home_of(request: HttpRequest) -> Page | None:
    """The home page in the reader's language; the default language's root needs no query."""
    if not hasattr(request, "_portal_home"):
        site = Site.find_for_request(request)
        root = site.root_page if site else None
        if root is not None and language() != settings.LANGUAGE_CODE:
            twins = root.get_translations().filter(locale__language_code=language(), live=True)
            root = twins.first() or root
        request._portal_home = root
    return request._portal_home


def remember_home(request: HttpRequest, home: Page) -> None:
    """The way to a page begins at its language's home, which then need not be sought."""
    request._portal_home = home


def children_of_home(request: HttpRequest) -> list[Page]:
    """Readable pages below the home page, each with its `menu_name`, in one query."""
    if not hasattr(request, "_portal_children"):
        home = home_of(request)
        pages = home.get_children() if home else Page.objects.none()
        request._portal_children = list(readable(pages).annotate(menu_name=_menu_name()))
    return request._portal_children


def section_of(request: HttpRequest, page: Page) -> Page:
    """The page that holds this one; sections below the home page are known without a query."""
    path = page.path[: -page.steplen]
    known = (child for child in children_of_home(request) if child.path == path)
    return next(known, None) or page.get_parent()


def child_of_type(request: HttpRequest, model: type[Page]) -> Page | None:
    """The first page of a type right below the home page, from what was read already."""
    wanted = ContentType.objects.get_for_model(model).pk
    return next(
        (page for page in children_of_home(request) if page.content_type_id == wanted), None
    )


def _menu_name() -> Coalesce:
    """The short name where a page's type has one, else the title: a join, not a query, a type."""
    from .models import PublicPage

    names = [
        NullIf(F(f"{model._meta.model_name}__menu_title"), Value(""))
        for model in _concrete(PublicPage)
    ]
    return Coalesce(*names, F("title"), output_field=CharField())


def _concrete(model: type) -> list[type]:
    found = []
    for child in model.__subclasses__():
        found.extend(_concrete(child) if child._meta.abstract else [child])
    return found
