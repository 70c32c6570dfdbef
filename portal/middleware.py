"""What belongs on every request and response and has no setting in Django."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

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
        elif getattr(request, "is_dummy", False):
            # Wagtail's preview: the page drawn inside a request of the admin, which frames it.
            response._csp_replace = {"frame-ancestors": [SELF]}
        return response

    return middleware


class RefusalsInWords:
    """In the admin, what a verb refuses on a path without a form comes back as a message.

    A bulk action, a copy or an approval that the law stops is no failure of the program.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin_root = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not request.path.startswith(self.admin_root) or request.method != "POST":
            return None
        if isinstance(error, ValidationError):
            texts = error.messages
        elif isinstance(error, ProtectedError | RestrictedError):
            texts = [_("This is in use or was public, so it is kept (Art. 8.5).")]
        else:
            return None
        for text in texts:
            messages.error(request, text)
        return redirect(self._page_before(request))

    def _page_before(self, request: HttpRequest) -> str:
        before = request.headers.get("Referer", "")
        here = {request.get_host()}
        is_ours = url_has_allowed_host_and_scheme(before, here, require_https=request.is_secure())
        return before if is_ours else self.admin_root


def no_null_in_path(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No address has a NUL in it, and PostgreSQL refuses to be asked for one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return middleware
