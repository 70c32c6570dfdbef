"""A citizen's way through a survey: sections as pages, check, receipt. No JavaScript."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal import clock
from portal.agencies.queries import by_code, choices_on
from portal.protection import guard
from portal.protection.form_tokens import AlreadySpent
from portal.rules.values import value
from portal.text import clean
from site_pages.top_level import language

from . import drafting, submission
from .drafting import PURPOSE, Reading
from .listing import as_listed, latest_reports
from .models import Draft
from .pages import SurveyPage
from .questionnaires import Question, Questionnaire, Section, read, version_on
from .window import SurveyClosed, WindowState, require_open, state

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
    section = questionnaire.section(slug) if questionnaire else None
    if section is None:
        return redirect(page.url)
    if request.method == "POST":
        return _save(request, page, draft, questionnaire, section)
    if state(page.survey, clock.now()) is not WindowState.OPEN:
        return _closed(request, page, draft, questionnaire)
    if draft is None and section is not questionnaire.sections[0]:
        return redirect(_url(page, "section", questionnaire.sections[0].slug))
    return _show_saved(request, page, draft, questionnaire, section)


def _show_saved(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft | None,
    questionnaire: Questionnaire,
    section: Section,
) -> HttpResponse:
    answers = draft.answers if draft else {}
    typed = {code: str(answer) for code, answer in answers.items()}
    if "agency" not in typed:
        typed["agency"] = _asked_agency(request)
    reading = Reading({}, {}, typed)
    if request.GET.get("thieu"):
        reading = Reading({}, drafting.read_section(section, typed).errors, typed)
    fresh = None if draft else guard.fresh(PURPOSE)
    return _show(request, page, questionnaire, section, reading, fresh)


def _save(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft | None,
    questionnaire: Questionnaire,
    section: Section,
) -> HttpResponse:
    reading = drafting.read_section(section, request.POST)
    try:
        require_open(page.survey, clock.now())
        if draft is None:
            return _begin(request, page, questionnaire, section, reading)
        if reading.errors:
            return _show(request, page, questionnaire, section, reading, None)
        saved = drafting.save_section(draft.pk, section, reading.answers)
    except SurveyClosed:
        return _closed(request, page, draft, questionnaire, reading)
    if saved is None:
        return _show_gone(request, page, questionnaire, section, reading)
    return redirect(_next_url(request, page, saved, questionnaire, section))


def _begin(
    request: HttpRequest,
    page: SurveyPage,
    questionnaire: Questionnaire,
    section: Section,
    reading: Reading,
) -> HttpResponse:
    """The first form: guarded, and its token spent on one draft however often it is sent."""
    passage = guard.check(request, PURPOSE)
    if passage.wants_new_picture:
        untold = Reading({}, {}, reading.typed)
        return _show(request, page, questionnaire, section, untold, passage.guard)
    if passage.token is None or reading.errors:
        kept = passage.guard or guard.Guard(request.POST.get("form_token", ""))
        return _show(request, page, questionnaire, section, reading, kept, passage.error)
    try:
        key, draft = drafting.start(page.survey, passage.token.id)
    except AlreadySpent:
        return _show_gone(request, page, questionnaire, section, reading)
    saved = drafting.save_section(draft.pk, section, reading.answers) or draft
    response = redirect(_next_url(request, page, saved, questionnaire, section))
    _remember(response, page, key)
    return response


def _show_gone(
    request: HttpRequest,
    page: SurveyPage,
    questionnaire: Questionnaire,
    section: Section,
    reading: Reading,
) -> HttpResponse:
    """The draft was deleted in another window: offer to begin anew with what was typed here."""
    told = _("These answers were deleted in another window. Send this page again to begin anew.")
    fresh = guard.fresh(PURPOSE)
    return _show(request, page, questionnaire, section, reading, fresh, told)


def _next_url(
    request: HttpRequest,
    page: SurveyPage,
    draft: Draft,
    questionnaire: Questionnaire,
    section: Section,
) -> str:
    incomplete = submission.first_incomplete(questionnaire, draft.answers)
    if request.POST.get("sua"):
        if incomplete is None:
            return _url(page, "check")
        return _url(page, "section", incomplete.slug) + "?sua=1"
    position = questionnaire.sections.index(section)
    if position + 1 < len(questionnaire.sections):
        return _url(page, "section", questionnaire.sections[position + 1].slug)
    if incomplete is not None:
        return _url(page, "section", incomplete.slug) + "?thieu=1"
    return _url(page, "check")


def _show(
    request: HttpRequest,
    page: SurveyPage,
    questionnaire: Questionnaire,
    section: Section,
    reading: Reading,
    form_guard: guard.Guard | None,
    guard_error: str = "",
) -> HttpResponse:
    position = questionnaire.sections.index(section)
    total = len(questionnaire.sections)
    errors = [(f"id_{code}", message) for code, message in reading.errors.items()]
    if guard_error:
        asked = form_guard is not None and form_guard.challenge is not None
        errors.insert(0, ("id_captcha_text" if asked else "form", guard_error))
    is_editing = bool(request.GET.get("sua") or request.POST.get("sua"))
    if is_editing:
        back = _url(page, "check")
    elif position:
        back = _url(page, "section", questionnaire.sections[position - 1].slug)
    else:
        back = page.url
    context = {
        "page": page,
        "section": section,
        "fields": [_field(question, reading) for question in section.questions],
        "errors": errors,
        "has_errors": bool(errors),
        "guard": form_guard,
        "position": position + 1,
        "total": total,
        "done_width": round(100 * position / total),
        "back": back,
        "is_editing": is_editing,
        "extra_crumbs": [(section.title, "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "satisfaction/section.html", context, status=status)


def _field(question: Question, reading: Reading) -> dict:
    return {
        "question": question,
        "id": f"id_{question.code}",
        "typed": reading.typed.get(question.code, ""),
        "error": reading.errors.get(question.code, ""),
        "agencies": choices_on() if question.type == "agency" else None,
    }


def _answers_in_words(questionnaire: Questionnaire, answers: dict) -> list[dict]:
    """Sections with their questions and answers as people read them."""
    return [
        {
            "section": section,
            "rows": [
                (question, _in_words(question, answers.get(question.code)))
                for question in section.questions
            ],
        }
        for section in questionnaire.sections
    ]


def _in_words(question: Question, answer: int | str | None) -> str:
    if answer is None:
        return ""
    if question.type == "agency":
        agency = by_code(str(answer))
        return agency.label if agency else ""
    choice = question.choice(answer)
    return choice.label if choice else str(answer)


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
    context = {
        "page": page,
        "sections": _answers_in_words(questionnaire, draft.answers),
        "back": _url(page, "section", questionnaire.sections[-1].slug),
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
        # What had a fault is theirs too.
        own |= {code: reading.typed[code] for code in reading.errors} | reading.answers
    context = {
        "page": page,
        "listed": as_listed(page, clock.now(), latest_reports()),
        "sections": _answers_in_words(questionnaire, own) if any(own.values()) else [],
    }
    return render(request, "satisfaction/closed.html", context, status=403)
