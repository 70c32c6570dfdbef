"""Questions that views of Wagtail and of its translations do not ask themselves.

Their pages name drafts to anybody in the admin; each address here is asked for first.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from .workflow import TakenAlready

ACCESS = "wagtailadmin.access_admin"


def _edits_pages(request: HttpRequest, **kwargs) -> bool:
    """Someone whom the pages concern at all: the City's leaders read reports only."""
    return page_permission_policy.user_has_any_permission(request.user, {"add", "change"})


def _may_move(request: HttpRequest, page_to_move_id: int, destination_id: int) -> bool:
    page = get_object_or_404(Page, pk=page_to_move_id).specific
    destination = get_object_or_404(Page, pk=destination_id).specific
    return page.permissions_for_user(request.user).can_move_to(destination)


DOORS: dict[str, Callable[..., bool]] = {
    # Says the titles of what it will not touch.
    "wagtail_bulk_action": _edits_pages,
    # Shows page and destination before it asks who moves them.
    "wagtailadmin_pages:move_confirm": _may_move,
    "wagtailadmin_pages:confirm_workflow_cancellation": _edits_pages,
    # Lists every title that is translated, drafts too.
    "wagtail_localize:translations_report": _edits_pages,
    "wagtail_localize:translations_report_results": _edits_pages,
}


class Doors:
    """Middleware: after who is confined was sent back, before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        ask = DOORS.get(request.resolver_match.view_name)
        # Who does not enter the admin at all is led to the sign-in page by Wagtail.
        if ask and request.user.has_perm(ACCESS) and not ask(request, **kwargs):
            raise PermissionDenied

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Wagtail's own view took a step that somebody else took before: said in words."""
        if not isinstance(error, TakenAlready):
            return None
        for text in error.messages:
            messages.error(request, text)
        return redirect("editorial_desk")
