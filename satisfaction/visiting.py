"""What a visitor's browser carries through a survey, and where its pages lie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.agencies.models import Agency
from portal.rules.values import value
from portal.text import clean
from site_pages.top_level import language

from . import drafting
from .collecting import collectors
from .collecting.counting import count_step
from .models import Collector, Draft, Step
from .pages import SurveyPage
from .paths import shown
from .questionnaires import Kind
from .sampling import quotas
from .wording import in_words

COOKIE = "phieu"
INVITATION_COOKIE = "loi-moi"
DAY_SECONDS = 86_400
# A collector's code in addresses and forms.
CODE = "ma"


def url_of(page: SurveyPage, name: str, *args: str) -> str:
    return page.url + page.reverse_subpage(name, args=args)


def draft_of(request: HttpRequest, page: SurveyPage) -> Draft | None:
    """The draft that this browser began; it brings its survey along in the same query."""
    draft = drafting.resume(request.COOKIES.get(cookie_name(language()), ""), page.survey_id)
    if draft:
        page.survey = draft.version.survey
    return draft


def cookie_name(language_code: str, cookie: str = COOKIE) -> str:
    """One name a language: a response carries each name once, and each has its own path."""
    return f"{cookie}-{language_code}"


def remember(response: HttpResponse, page: SurveyPage, key: str, cookie: str = COOKIE) -> None:
    """Hand out a key, on the survey's own addresses only, in each language."""
    for twin in page.get_translations(inclusive=True).live().select_related("locale"):
        response.set_cookie(
            cookie_name(twin.locale.language_code, cookie),
            key,
            max_age=value("survey.draft_days").integer * DAY_SECONDS,
            path=twin.url,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def forget(response: HttpResponse, page: SurveyPage) -> None:
    for twin in page.get_translations(inclusive=True).live().select_related("locale"):
        response.delete_cookie(
            cookie_name(twin.locale.language_code), path=twin.url, samesite="Lax"
        )


def invitation_of(request: HttpRequest) -> str:
    """The secret of the invitation that this browser opened."""
    return request.COOKIES.get(cookie_name(language(), INVITATION_COOKIE), "")


def collector_of(request: HttpRequest, page: SurveyPage) -> Collector | None:
    """The collector whose code the address or the form names."""
    code = request.POST.get(CODE) or request.GET.get(CODE, "")
    return collectors.usable(page.survey_id, clean(code)[:20]) if code else None


def is_full(page: SurveyPage, collector: Collector | None, agency: Agency | None) -> bool:
    return agency is not None and quotas.is_full(page.survey_id, agency.pk, collector)


def show_full(
    request: HttpRequest, page: SurveyPage, draft: Draft, agency: Agency | None
) -> HttpResponse:
    """Told politely; what was written stays until its writer deletes it."""
    count_step(page.survey_id, drafting.channel_of(page.survey, draft.collector), Step.FULL)
    path = shown(drafting.questionnaire_of(draft), draft.answers)
    asking = [
        section
        for section in path.sections
        if any(question.type is Kind.AGENCY for question in section.questions)
    ]
    context = {
        "page": page,
        "agency": agency or (draft.collector and draft.collector.agency),
        "parts": in_words(path, draft.answers),
        "other_agency_url": url_of(page, "section", asking[0].slug) if asking else "",
    }
    return render(request, "satisfaction/collecting/full.html", context, status=409)
