"""Ways into a survey besides its own page: a counter's code, a code noted down, an invitation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal import clock
from portal.protection import guard
from portal.rules.values import value
from portal.text import clean

from .. import drafting
from ..drafting import questionnaire_of
from ..models import Audience, Channel, Draft, Step
from ..pages import SurveyPage
from ..paths import first_unfinished, shown
from ..questionnaires import read
from ..versions import version_on
from ..visiting import (
    CODE,
    INVITATION_COOKIE,
    draft_of,
    invitation_of,
    remember,
    url_of,
)
from ..window import WindowState, ends_for_the_begun, state, takes
from . import closed, collectors, invitations, reading_time, resuming
from .counting import count_step

PURPOSE = "satisfaction.resume"
TEMPLATES = "satisfaction/collecting"


@never_cache
def by_code(request: HttpRequest, page: SurveyPage, code: str) -> HttpResponse:
    """The address in a QR code: counted, and led on to the survey about that agency."""
    collector = collectors.usable(page.survey_id, clean(code)[:20])
    if collector is None:
        return redirect(page.url)
    count_step(page.survey_id, Channel(collector.channel), Step.OPENED)
    return redirect(f"{page.url}?{CODE}={collector.code}")


@never_cache
def save(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """What was written is on the server; a code leads to it from another device."""
    draft = draft_of(request, page)
    if draft is None or draft.receipt_code:
        return redirect(page.url)
    code = resuming.give_code(draft.pk) if request.method == "POST" else ""
    context = {
        "page": page,
        "code": code,
        "until": ends_for_the_begun(page.survey),
        "onward": _onward(page, draft),
        "resume_url": url_of(page, "resume"),
        "days": value("survey.draft_days").integer,
    }
    return render(request, f"{TEMPLATES}/save.html", context)


def _onward(page: SurveyPage, draft: Draft) -> str:
    """The first section that wants an answer, or the check page when none does."""
    path = shown(questionnaire_of(draft), draft.answers)
    unfinished = first_unfinished(path, draft.answers)
    return url_of(page, "section", unfinished.slug) if unfinished else url_of(page, "check")


@sensitive_post_parameters("ma-tiep")
@never_cache
def resume(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """Ask for the code. An office behind one address is asked a question, never shut out."""
    if request.method != "POST":
        return _ask_for_code(request, page, guard.fresh(PURPOSE))
    passage = guard.check(request, PURPOSE)
    if passage.token is None:
        return _ask_for_code(request, page, passage.guard, passage.error)
    typed = clean(request.POST.get("ma-tiep", ""))[:60]
    key = resuming.key_by_code(typed, page.survey_id)
    if key is None:
        told = _(
            "No unfinished answer has this code. Check each character; a code works until the "
            "answer is sent, is deleted or has not been touched for some days."
        )
        return _ask_for_code(request, page, guard.Guard(request.POST["form_token"]), told)
    draft = drafting.resume(key, page.survey_id)
    response = redirect(_onward(page, draft))
    remember(response, page, key)
    return response


def _ask_for_code(
    request: HttpRequest, page: SurveyPage, form_guard: guard.Guard | None, told: str = ""
) -> HttpResponse:
    asked = form_guard is not None and form_guard.challenge is not None
    context = {
        "page": page,
        "typed": clean(request.POST.get("ma-tiep", ""))[:60],
        "told": "" if asked else told,
        "errors": [("id_captcha_text" if asked else "ma-tiep", told)] if told else [],
        "has_errors": bool(told),
        "guard": form_guard,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/resume.html", context, status=status)


def is_invited(request: HttpRequest, page: SurveyPage) -> bool:
    return invitations.is_waiting(page.survey_id, invitation_of(request))


def not_invited(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """Without an invitation, or with one that was used; nothing says which address it was for."""
    context = {"page": page, "has_link": bool(invitation_of(request))}
    return render(request, f"{TEMPLATES}/not_invited.html", context, status=403)


@never_cache
def invited(request: HttpRequest, page: SurveyPage, token: str) -> HttpResponse:
    """The link of an invitation: its secret goes into a cookie and out of the address."""
    response = redirect(url_of(page, "invited_start"))
    if len(token) <= 60 and invitations.is_waiting(page.survey_id, token):
        remember(response, page, token, INVITATION_COOKIE)
    return response


@never_cache
def invited_start(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """What is kept and what is not, before anything is asked; or to say no."""
    version = version_on(page.survey_id)
    if version is None or version.survey.audience != Audience.INVITED:
        return redirect(page.url)
    page.survey = version.survey
    if state(page.survey, clock.now()) is not WindowState.OPEN and not _still_writes(request, page):
        return redirect(page.url)
    if not is_invited(request, page):
        return not_invited(request, page)
    if request.method == "POST":
        return _say_no(request, page)
    questionnaire = read(version.definition)
    context = {
        "page": page,
        "questionnaire": questionnaire,
        "start_url": url_of(page, "section", questionnaire.sections[0].slug),
        **reading_time.told_beforehand(questionnaire),
    }
    return render(request, f"{TEMPLATES}/invited.html", context)


def _still_writes(request: HttpRequest, page: SurveyPage) -> bool:
    draft = draft_of(request, page)
    return draft is not None and takes(page.survey, clock.now(), draft.started_at)


def _say_no(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    try:
        closed.refuse(page.survey, invitation_of(request))
    except closed.NotInvited:
        return not_invited(request, page)
    draft = draft_of(request, page)
    if draft:
        drafting.give_up(draft.pk)
    return render(request, f"{TEMPLATES}/refused.html", {"page": page})


@never_cache
def taken(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """After sending: no code, because a code would lead from a person to an answer."""
    return render(request, f"{TEMPLATES}/taken.html", {"page": page})
