"""A citizen's way through a survey: sections as pages, check, receipt. No JavaScript."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal import clock
from portal.agencies.models import Agency
from portal.agencies.queries import by_code
from portal.protection import form_tokens, guard
from portal.protection.form_tokens import AlreadySpent
from portal.text import clean

from . import drafting, submission
from .actions import showing
from .actions.queries import public
from .collecting import closed, reading_time
from .collecting.visits import is_invited, not_invited
from .drafting import PURPOSE, questionnaire_of
from .fields import section_context
from .listing import as_listed, latest_reports
from .models import Audience, Collector, Draft
from .pages import SurveyPage
from .paths import about, first_unfinished, leniently, shown
from .quality.signals import signals_of
from .questionnaires import Kind, Questionnaire, Section, read
from .reading import Reading, read_section, typed_again
from .sampling import quotas
from .versions import version_on
from .visiting import (
    CODE,
    collector_of,
    draft_of,
    forget,
    invitation_of,
    is_full,
    remember,
    show_full,
    url_of,
)
from .window import SurveyClosed, WindowState, require_open, takes
from .wording import in_words, with_faulty

# The button that saves and leaves.
LATER = "luu"


def intro(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """What the survey is; a page without a form and without a cookie."""
    version = version_on(page.survey_id)
    if version:
        page.survey = version.survey
    listed = as_listed(page, clock.now(), latest_reports())
    questionnaire = read(version.definition) if version else None
    is_open = listed.state is WindowState.OPEN and questionnaire is not None
    collector = collector_of(request, page)
    if collector and questionnaire:
        questionnaire = about(questionnaire, collector.agency.code)
    context = {
        "page": page,
        "listed": listed,
        "questionnaire": questionnaire,
        "start_url": _start_url(page, questionnaire, collector) if is_open else "",
        "agency_code": "" if collector else _asked_agency(request),
        "window_change": page.survey.window_changes.first(),
        "actions": showing.shown(public(page.survey_id), clock.today()),
        "collector": collector,
        "is_invited_only": page.survey.audience == Audience.INVITED,
        "is_full": is_open and is_full(page, collector, collector and collector.agency),
        **(reading_time.told_beforehand(questionnaire) if is_open else {}),
    }
    return render(request, "satisfaction/survey_page.html", context)


def _start_url(
    page: SurveyPage, questionnaire: Questionnaire, collector: Collector | None = None
) -> str:
    start = url_of(page, "section", questionnaire.sections[0].slug)
    return f"{start}?{CODE}={collector.code}" if collector else start


def _asked_agency(request: HttpRequest) -> str:
    """An agency named in the address of a QR code, if there is one."""
    code = clean(request.GET.get("co-quan", ""))[:16]
    return code if code and by_code(code) else ""


def _questionnaire(
    page: SurveyPage, draft: Draft | None, collector: Collector | None
) -> Questionnaire | None:
    """The draft's own version, else the current one; None before one is published."""
    if draft:
        return questionnaire_of(draft)
    version = version_on(page.survey_id)
    if version is None:
        return None
    page.survey = version.survey
    questionnaire = read(version.definition)
    return about(questionnaire, collector.agency.code) if collector else questionnaire


@never_cache
def answer_section(request: HttpRequest, page: SurveyPage, slug: str) -> HttpResponse:
    draft = draft_of(request, page)
    if draft and draft.receipt_code:
        return redirect(url_of(page, "receipt"))
    collector = draft.collector if draft else collector_of(request, page)
    questionnaire = _questionnaire(page, draft, collector)
    if questionnaire is None:
        return redirect(page.url)
    if page.survey.audience == Audience.INVITED and not is_invited(request, page):
        return not_invited(request, page)
    answers = draft.answers if draft else {}
    path = shown(questionnaire, answers)
    section = path.section(slug)
    if section is None:
        return _off_path(request, page, draft, path, questionnaire.section(slug))
    if request.method == "POST":
        return _save(request, page, draft, path, section)
    if not takes(page.survey, clock.now(), draft and draft.started_at):
        return _closed(request, page, draft, questionnaire)
    if draft is None and section is not path.sections[0]:
        return redirect(_start_url(page, path, collector))
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
    start_url = url_of(page, "section", path.sections[0].slug)
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
        return url_of(page, "check")
    return url_of(page, "section", unfinished.slug) + query


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
    is_later = LATER in request.POST
    reading = read_section(leniently(section) if is_later else section, request.POST)
    try:
        require_open(page.survey, clock.now(), draft and draft.started_at)
        if draft is None:
            return _begin(request, page, path, section, reading)
        if reading.errors:
            return _show(request, page, draft, path, section, reading, None)
        saved = drafting.save_section(draft.pk, section, reading.answers)
    except SurveyClosed:
        return _closed(request, page, draft, path, reading)
    if saved is None:
        return _show_gone(request, page, path, section, reading)
    if is_later:
        return redirect(url_of(page, "save"))
    agency = _chosen_agency(section, saved)
    if is_full(page, saved.collector, agency):
        return show_full(request, page, saved, agency)
    return redirect(_next_url(request, page, saved, section))


def _chosen_agency(section: Section, draft: Draft) -> Agency | None:
    """The agency that this very section asked for."""
    if not any(question.type is Kind.AGENCY for question in section.questions):
        return None
    return by_code(str(draft.answers.get("agency") or ""))


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
        key, draft = drafting.start(page.survey, passage.token.id, collector_of(request, page))
    except AlreadySpent:
        return _show_gone(request, page, path, section, reading)
    saved = drafting.save_section(draft.pk, section, reading.answers) or draft
    agency = _chosen_agency(section, saved)
    if LATER in request.POST:
        response = redirect(url_of(page, "save"))
    elif is_full(page, saved.collector, agency):
        response = show_full(request, page, saved, agency)
    else:
        response = redirect(_next_url(request, page, saved, section))
    remember(response, page, key)
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
    path = shown(questionnaire_of(draft), draft.answers)
    if request.POST.get("sua"):
        return _onward(page, path, draft.answers, "?sua=1")
    slugs = [part.slug for part in path.sections]
    # Another window may have put this very section off the path.
    after = slugs[slugs.index(section.slug) + 1 :] if section.slug in slugs else []
    if after:
        return url_of(page, "section", after[0])
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
        "collector": draft.collector if draft else collector_of(request, page),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "satisfaction/section.html", context, status=status)


def _back(page: SurveyPage, path: Questionnaire, position: int, is_editing: bool) -> str:
    if is_editing:
        return url_of(page, "check")
    return url_of(page, "section", path.sections[position - 1].slug) if position else page.url


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
    draft = draft_of(request, page)
    if draft is None:
        return redirect(page.url)
    questionnaire = questionnaire_of(draft)
    if draft.receipt_code:
        return redirect(url_of(page, "receipt"))
    if request.method == "POST":
        return _send(request, page, draft, questionnaire)
    if not takes(page.survey, clock.now(), draft.started_at):
        return _closed(request, page, draft, questionnaire)
    path = shown(questionnaire, draft.answers)
    context = {
        "page": page,
        "parts": in_words(path, draft.answers),
        "back": url_of(page, "section", path.sections[-1].slug),
        "base": page.url,
    }
    return render(request, "satisfaction/check.html", context)


def _send(
    request: HttpRequest, page: SurveyPage, draft: Draft, questionnaire: Questionnaire
) -> HttpResponse:
    is_invited_only = page.survey.audience == Audience.INVITED
    try:
        if is_invited_only:
            closed.take_part(draft.pk, invitation_of(request))
        else:
            submission.submit(draft.pk, signals_of(request, draft.collector))
    except submission.IncompleteDraft as incomplete:
        return redirect(url_of(page, "section", incomplete.section.slug) + "?sua=1&thieu=1")
    except SurveyClosed:
        return _closed(request, page, draft, questionnaire)
    except quotas.QuotaFull:
        return show_full(request, page, draft, by_code(str(draft.answers.get("agency") or "")))
    except closed.NotInvited:
        return not_invited(request, page)
    except Draft.DoesNotExist:
        return not_invited(request, page) if is_invited_only else redirect(page.url)
    if is_invited_only:
        response = redirect(url_of(page, "taken"))
        forget(response, page)
        return response
    return redirect(url_of(page, "receipt"))


@never_cache
def receipt(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """The receipt; posted to, this browser forgets it and another answer may begin."""
    draft = draft_of(request, page)
    if draft is None or not draft.receipt_code:
        return redirect(page.url)
    if request.method == "POST":
        response = redirect(_start_url(page, questionnaire_of(draft), draft.collector))
        forget(response, page)
        return response
    listed = as_listed(page, clock.now(), {})
    context = {"page": page, "code": draft.receipt_code, "listed": listed}
    return render(request, "satisfaction/receipt.html", context)


@never_cache
def give_up(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    draft = draft_of(request, page)
    if request.method != "POST":
        context = {"page": page, "has_draft": draft is not None and not draft.receipt_code}
        return render(request, "satisfaction/give_up.html", context)
    if draft is not None:
        drafting.give_up(draft.pk)
    response = render(request, "satisfaction/given_up.html", {"page": page})
    forget(response, page)
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
