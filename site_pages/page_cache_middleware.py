"""Stamping public pages with the site's state, and answering who has it already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from wagtail.models import Site

from portal import clock

from . import page_cache
from .page_cache import SiteGeneration

KEPT_STATUSES = {200, 410}
# The pages of the tree; views beside it say so themselves.
PAGE_VIEW = "wagtail_serve"
UNSHARED = "private, no-cache"
# Django names the language too; ours is told by the address alone.
SAME_ADDRESS_VARIANTS = {"", "accept-encoding", "accept-language"}

View = Callable[..., HttpResponse]


def same_for_all(view: View) -> View:
    """Mark a view whose answer depends on the address and the site's state alone."""
    view.is_same_for_all = True
    return view


class PageCacheMiddleware:
    """Stands before sessions and form tokens, so that it sees what they put on a response.

    A preview never passes process_view, and an editor brings a session: neither is
    ever stamped. What sets a cookie, varies by one or has a Cache-Control of its own is
    left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        state = getattr(request, "site_generation", None)
        if state and _may_be_shared(response):
            _stamp(response, state, clock.now())
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = UNSHARED
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        if not _is_same_for_all(request, view):
            return None
        now = clock.now()
        # Before anything else is read: see page_cache.
        request.site_generation = page_cache.current(now)
        if request.site_generation.etag not in parse_etags(
            request.headers.get("If-None-Match", "")
        ):
            request._wagtail_site = page_cache.remembered(
                request, request.get_host(), lambda: Site.find_for_request(request)
            )
            return None
        return HttpResponseNotModified()


def _is_same_for_all(request: HttpRequest, view: View) -> bool:
    if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    is_page = request.resolver_match.url_name == PAGE_VIEW
    return is_page or getattr(view, "is_same_for_all", False)


def _may_be_shared(response: HttpResponse) -> bool:
    if response.status_code == HttpResponseNotModified.status_code:
        return True
    return (
        response.status_code in KEPT_STATUSES
        and not response.cookies
        and "Cache-Control" not in response.headers
        and _variants(response) <= SAME_ADDRESS_VARIANTS
    )


def _variants(response: HttpResponse) -> set[str]:
    return {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}


def _stamp(response: HttpResponse, state: SiteGeneration, now: datetime) -> None:
    response.headers["ETag"] = state.etag
    response.headers["Cache-Control"] = freshness(state, now)
    if kept := _variants(response) - {"", "accept-language"}:
        response.headers["Vary"] = ", ".join(sorted(kept))
    else:
        del response.headers["Vary"]


def freshness(state: SiteGeneration, now: datetime) -> str:
    """A browser asks every time; our nginx keeps a page for seconds, never past a boundary.

    stale-while-revalidate is meant for nginx, which hides it from browsers
    (deploy/nginx.conf).
    """
    left = state.seconds_left(now)
    fresh = min(page_cache.FRESH, left)
    parts = ["public", "max-age=0", f"s-maxage={fresh}"]
    if settings.BEHIND_PROXY:
        parts.append(f"stale-while-revalidate={min(page_cache.STALE, left - fresh)}")
        parts.append(f"stale-if-error={page_cache.STALE_IF_ERROR}")
    return ", ".join(parts)
