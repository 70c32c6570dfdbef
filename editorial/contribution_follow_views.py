"""Following an item by its receipt's code, which stands in no address and no log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.protection import challenge, guard
from portal.protection.guard import Guard
from portal.text import clean

from .contribution_views import TEMPLATES, crumbs
from .contributions import of_code
from .models import Contribution, ContributionState

SCOPE = "editorial.contribution-follow"


@sensitive_post_parameters("ma")
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code; past an hour's count, for an answer to the challenge with it."""
    if request.method == "GET":
        return _show(request)
    asked = guard.ask_often(request, SCOPE)
    if asked:
        return _show(request, asked.error, asked)
    row = of_code(_typed(request))
    if row is None:
        told = _("There is no item with this code. Check each character; the code has 12 of them.")
        return _show(request, told)
    return render(request, f"{TEMPLATES}/state.html", _told(row))


def _typed(request: HttpRequest) -> str:
    return clean(request.POST.get("ma", ""))[:60]


def _show(
    request: HttpRequest, told: str = "", asked: challenge.Challenge | None = None
) -> HttpResponse:
    context = {
        "typed": _typed(request),
        "told": "" if asked else told,
        "errors": [("id_captcha_text" if asked else "ma", told)] if told else [],
        "has_errors": bool(told),
        "guard": Guard("", challenge=asked) if asked else None,
        "extra_crumbs": crumbs(_("Follow an item")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/follow.html", context, status=status)


def _told(row: Contribution) -> dict[str, object]:
    """What the sender may know. Nothing of what was written: a code may be seen by others."""
    return {
        "row": row,
        "is_refused": row.state == ContributionState.REFUSED,
        "grounds": row.grounds.all(),
        "published": row.page if row.page and row.page.live else None,
        "extra_crumbs": crumbs(_("Follow an item")),
    }
