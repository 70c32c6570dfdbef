"""Taking a rating and saying thank you."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from .rating import Level, is_from_here, rate
from .visibility import readable


def _page(page_id: int) -> Page:
    page = readable(Page.objects.filter(pk=page_id)).first()
    if page is None:
        raise Http404
    return page


# The form stands on cached pages and carries no token: is_from_here() stands in for it.
@csrf_exempt
@never_cache
@require_POST
def take(request: HttpRequest, page_id: int) -> HttpResponse:
    page = _page(page_id)
    chosen = request.POST.get("muc", "")
    if not is_from_here(request) or chosen not in {str(level.value) for level in Level}:
        context = {"rated_page": page, "extra_crumbs": [(_("Rating"), "")]}
        return render(request, "site_pages/rating_refused.html", context, status=422)
    rate(request, page, Level(int(chosen)))
    response = redirect("rating_thanks", page_id)
    response.status_code = 303
    return response


@require_safe
def thanks(request: HttpRequest, page_id: int) -> HttpResponse:
    context = {"rated_page": _page(page_id), "extra_crumbs": [(_("Rating"), "")]}
    return render(request, "site_pages/rating_thanks.html", context)
