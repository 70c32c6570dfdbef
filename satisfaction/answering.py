"""A citizen's way through a survey: sections as pages, check, receipt. No JavaScript."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal import clock
from portal.agencies.queries import by_code
from portal.protection import form_tokens, guard
from portal.protection.form_tokens import AlreadySpent
from portal.rules.values import value
from portal.text import clean
from site_pages.top_level import language

from . import drafting, submission
from .drafting import PURPOSE
from .fields import section_context
from .listing import as_listed, latest_reports
from .models import Draft
from .pages import SurveyPage
from .paths import first_unfinished, shown
from .questionnaires import Questionnaire, Section, read
from .reading import Reading, read_section, typed_again
from .versions import version_on
from .window import SurveyClosed, WindowState, require_open, state
from .wording import in_words, with_faulty

COOKIE = "phieu"
DAY_SECONDS = 86_400


def intro(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """What the survey is; a page without a form and without a cookie."""
    version = version_on(page.survey_id)
    if version:
        page.survey = version.survey
    listed = as_listed(page, clock.now(), latest_reports())
    questionnaire = read(version.definition) if version else None
    is_open = listed.state is WindowState.OPEN and questionnaire is not None
    context = {
        "page": page,
        "listed": listed,
        "questionnaire": questionnaire,
        "start_url": _url(page, "section", questionnaire.sections[0].slug) if is_open else "",
        "agency_code": _asked_agency(request),
        "days": value("survey.draft_days").integer if is_open else 0,
    }
    return render(request, "satisfaction/survey_page.html", context)


def _asked_agency(request: HttpRequest) -> str:
    """An agency named in the address of a QR code, if there is one."""
    code = clean(request.GET.get("co-quan", ""))[:16]
    return code if code and by_code(code) else ""


def _url(page: SurveyPage, name: str, *args: str) -> str:
    return page.url + page.reverse_subpage(name, args=args)


def _draft(request: HttpRequest, page: SurveyPage) -> Draft | None:
    """The draft that this browser began; it brings its survey along in the same query."""
    draft = drafting.resume(request.COOKIES.get(_cookie_name(language()), ""), page.survey_id)
    if draft:
        page.survey = draft.version.survey
    return draft


def _cookie_name(language_code: str) -> str:
    """One name a language: a response carries each name once, and each has its own path."""
    return f"{COOKIE}-{language_code}"


def _questionnaire(page: SurveyPage, draft: Draft | None) -> Questionnaire | None:
    """The draft's own version, else the current one; None before one is published."""
    version = draft.version if draft else version_on(page.survey_id)
    if version and not draft:
        page.survey = version.survey
    return read(version.definition) if version else None


def _remember(response: HttpResponse, page: SurveyPage, key: str) -> None:
    """Hand out the draft's key, on the survey's own addresses only, in each language."""
    for twin in page.get_translations(inclusive=True).live().select_related("locale"):
        response.set_cookie(
            _cookie_name(twin.locale.language_code),
            key,
            max_age=value("survey.draft_days").integer * DAY_SECONDS,
            path=twin.url,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _forget(response: HttpResponse, page: SurveyPage) -> None:
    for twin in page.get_translations(inclusive=True).live().select_related("locale"):
        response.delete_cookie(
            _cookie_name(twin.locale.language_code), path=twin.url, samesite="Lax"
        )


@never_cache
def answer_section(request: HttpRequest, page: SurveyPage, slug: str) -> HttpResponse:
    draft = _draft(request, page)
    if draft and draft.receipt_code:
        return redirect(_url(page, "receipt"))
    questionnaire = _questionnaire(page, draft)
    if questionnaire is None:
        return redirect(page.url)
    answers = draft.answers if draft else {}
    path = shown(questionnaire, answers)
    section = path.section(slug)
    if section is None:
        return _off_path(request, page, draft, path, questionnaire.section(slug))
    if request.method == "POST":
        return _save(request, page, draft, path, section)
    if state(page.survey, clock.now()) is not WindowState.OPEN:
        return _closed(request, page, draft, questionnaire)
    if draft is None and section is not path.sections[0]:
        return redirect(_url(page, "section", path.sections[0].slug))
    return _show_saved(request, page, draft, path, section)


def _off_path(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft | None,
    path: Questionnaire,
    section: Section | None,
) -> HttpResponse:
    """A page that this person is not asked, or that does not exist."""
    if section is None:
        return redirect(page.url)
    if draft:
        return redirect(_onward(page, path, draft.answers))
    start_url = _url(page, "section", path.sections[0].slug)
    if request.method != "POST":
        return redirect(start_url)
    # Sent after the draft was deleted or had expired: no answer leads here any more.
    reading = read_section(section, request.POST)
    only = replace(path, sections=(section,))
    parts = with_faulty(in_words(only, reading.answers), reading)
    context = {"page": page, "parts": parts, "start_url": start_url}
    return render(request, "satisfaction/gone.html", context, status=422)


def _onward(page: SurveyPage, path: Questionnaire, answers: dict, query: str = "") -> str:
    """The first section that wants an answer, or the check page when none does."""
    unfinished = first_unfinished(path, answers)
    if unfinished is None:
        return _url(page, "check")
    return _url(page, "section", unfinished.slug) + query


def _show_saved(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft | None,
    path: Questionnaire,
    section: Section,
) -> HttpResponse:
    typed = typed_again(section, draft.answers if draft else {})
    typed.setdefault("agency", [_asked_agency(request)])
    errors = read_section(section, typed).errors if request.GET.get("thieu") else {}
    form_guard = None if draft else guard.fresh(PURPOSE)
    return _show(request, page, draft, path, section, Reading({}, errors, typed), form_guard)


def _save(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft | None,
    path: Questionnaire,
    section: Section,
) -> HttpResponse:
    reading = read_section(section, request.POST)
    try:
        require_open(page.survey, clock.now())
        if draft is None:
            return _begin(request, page, path, section, reading)
        if reading.errors:
            return _show(request, page, draft, path, section, reading, None)
        saved = drafting.save_section(draft.pk, section, reading.answers)
    except SurveyClosed:
        return _closed(request, page, draft, path, reading)
    if saved is None:
        return _show_gone(request, page, path, section, reading)
    return redirect(_next_url(request, page, saved, section))


def _begin(
    request: HttpRequest,
    page: SurveyPage,
    path: Questionnaire,
    section: Section,
    reading: Reading,
) -> HttpResponse:
    """The first form: guarded, and its token spent on one draft however often it is sent."""
    passage = guard.check(request, PURPOSE)
    if passage.wants_new_picture:
        untold = Reading({}, {}, reading.typed)
        return _show(request, page, None, path, section, untold, passage.guard)
    if passage.token is None or reading.errors:
        kept = passage.guard or guard.Guard(request.POST.get("form_token", ""))
        return _show(request, page, None, path, section, reading, kept, passage.error)
    try:
        key, draft = drafting.start(page.survey, passage.token.id)
    except AlreadySpent:
        return _show_gone(request, page, path, section, reading)
    saved = drafting.save_section(draft.pk, section, reading.answers) or draft
    response = redirect(_next_url(request, page, saved, section))
    _remember(response, page, key)
    return response


def _show_gone(
    request: HttpRequest,
    page: SurveyPage,
    path: Questionnaire,
    section: Section,
    reading: Reading,
) -> HttpResponse:
    """The draft was deleted in another window: offer to begin anew with what was typed here."""
    told = _("These answers were deleted in another window. Send this page again to begin anew.")
    fresh = guard.fresh(PURPOSE)
    return _show(request, page, None, path, section, reading, fresh, told)


def _next_url(request: HttpRequest, page: SurveyPage, draft: Draft, section: Section) -> str:
    """Where the path leads from a section, by the answers as they now stand."""
    path = shown(read(draft.version.definition), draft.answers)
    if request.POST.get("sua"):
        return _onward(page, path, draft.answers, "?sua=1")
    slugs = [part.slug for part in path.sections]
    # Another window may have put this very section off the path.
    after = slugs[slugs.index(section.slug) + 1 :] if section.slug in slugs else []
    if after:
        return _url(page, "section", after[0])
    return _onward(page, path, draft.answers, "?thieu=1")


def _show(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft | None,
    path: Questionnaire,
    section: Section,
    reading: Reading,
    form_guard: guard.Guard | None,
    guard_error: str = "",
) -> HttpResponse:
    is_editing = bool(request.GET.get("sua") or request.POST.get("sua"))
    context = section_context(path, section, reading, _seed(draft, form_guard), is_editing)
    if guard_error:
        asked = form_guard is not None and form_guard.challenge is not None
        context["errors"].insert(0, ("id_captcha_text" if asked else "form", guard_error))
    context |= {
        "page": page,
        "has_errors": bool(context["errors"]),
        "guard": form_guard,
        "back": _back(page, path, context["position"] - 1, is_editing),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "satisfaction/section.html", context, status=status)


def _back(page: SurveyPage, path: Questionnaire, position: int, is_editing: bool) -> str:
    if is_editing:
        return _url(page, "check")
    return _url(page, "section", path.sections[position - 1].slug) if position else page.url


def _seed(draft: Draft | None, form_guard: guard.Guard | None) -> str:
    """What a person's order of questions and choices follows from: the token of the form
    that begins, or has begun, their answer."""
    if draft:
        return str(draft.submission_token)
    try:
        return str(form_tokens.read(form_guard.token if form_guard else "", PURPOSE).id)
    except form_tokens.BadToken:
        return ""


@never_cache
def check_answers(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    draft = _draft(request, page)
    if draft is None:
        return redirect(page.url)
    questionnaire = read(draft.version.definition)
    if draft.receipt_code:
        return redirect(_url(page, "receipt"))
    if request.method == "POST":
        return _send(request, page, draft, questionnaire)
    if state(page.survey, clock.now()) is not WindowState.OPEN:
        return _closed(request, page, draft, questionnaire)
    path = shown(questionnaire, draft.answers)
    context = {
        "page": page,
        "parts": in_words(path, draft.answers),
        "back": _url(page, "section", path.sections[-1].slug),
        "base": page.url,
    }
    return render(request, "satisfaction/check.html", context)


def _send(
    request: HttpRequest, page: SurveyPage, draft: Draft, questionnaire: Questionnaire
) -> HttpResponse:
    try:
        submission.submit(draft.pk)
    except submission.IncompleteDraft as incomplete:
        return redirect(_url(page, "section", incomplete.section.slug) + "?sua=1&thieu=1")
    except SurveyClosed:
        return _closed(request, page, draft, questionnaire)
    except Draft.DoesNotExist:
        return redirect(page.url)
    return redirect(_url(page, "receipt"))


@never_cache
def receipt(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """The receipt; posted to, this browser forgets it and another answer may begin."""
    draft = _draft(request, page)
    if draft is None or not draft.receipt_code:
        return redirect(page.url)
    if request.method == "POST":
        questionnaire = read(draft.version.definition)
        response = redirect(_url(page, "section", questionnaire.sections[0].slug))
        _forget(response, page)
        return response
    listed = as_listed(page, clock.now(), {})
    context = {"page": page, "code": draft.receipt_code, "listed": listed}
    return render(request, "satisfaction/receipt.html", context)


@never_cache
def give_up(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    draft = _draft(request, page)
    if request.method != "POST":
        context = {"page": page, "has_draft": draft is not None and not draft.receipt_code}
        return render(request, "satisfaction/give_up.html", context)
    if draft is not None:
        drafting.give_up(draft.pk)
    response = render(request, "satisfaction/given_up.html", {"page": page})
    _forget(response, page)
    return response


def _closed(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft | None,
    questionnaire: Questionnaire,
    reading: Reading | None = None,
) -> HttpResponse:
    """The survey does not take answers now; what was written stays with the writer."""
    own = dict(draft.answers) if draft else {}
    if reading:
        own |= reading.answers
    parts = in_words(shown(questionnaire, own), own)
    if reading:
        parts = with_faulty(parts, reading)
    is_written = any(words.lines for part in parts for _question, words in part.rows)
    context = {
        "page": page,
        "listed": as_listed(page, clock.now(), latest_reports()),
        "parts": parts if is_written else [],
    }
    return render(request, "satisfaction/closed.html", context, status=403)
