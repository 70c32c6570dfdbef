"""What belongs on every request and response and has no setting in Django."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
# Wagtail's admin sets style attributes (never style elements), shows image previews
# from data: and blob:, and frames the page preview. Scripts stay 'self' there too:
# portal/static/portal/admin.js stands in for Wagtail's inline ones.
_ADMIN_POLICY = {
    "style-src-attr": [UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Isolation headers everywhere; the admin's looser style policy below its own path."""
    admin_root = reverse("wagtailadmin_home")

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(admin_root):
            response._csp_replace = _ADMIN_POLICY
            # The preview is framed by the admin itself; frame-ancestors says the same.
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def no_null_in_path(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No address has a NUL in it, and PostgreSQL refuses to be asked for one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return middleware
