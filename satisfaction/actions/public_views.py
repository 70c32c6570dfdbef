"""What citizens read of the actions after all surveys of a language."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal import clock
from site_pages.visibility import readable

from ..models import Action
from ..pages import SurveyPage, SurveysPage
from .queries import public
from .showing import shown

PAGE_SIZE = 30


def actions(request: HttpRequest, page: SurveysPage) -> HttpResponse:
    """A page of its own below the surveys, whatever survey they rest on."""
    page_obj = Paginator(_below(page), PAGE_SIZE).get_page(request.GET.get("trang"))
    made = shown(page_obj.object_list, clock.today())
    return page.render(
        request,
        template="satisfaction/actions/public.html",
        context_overrides={
            "page_obj": page_obj,
            "actions": made,
            "extra_crumbs": [(_("What is done about the results"), "")],
        },
    )


def has_public_actions(page: SurveysPage) -> bool:
    return _below(page).exists()


def _below(page: SurveysPage) -> QuerySet[Action]:
    """Of surveys whose own page is there to read."""
    pages = readable(SurveyPage.objects.child_of(page))
    return public(*pages.values_list("survey", flat=True))
