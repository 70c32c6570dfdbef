"""A kiosk: one page with every question, sent as a whole, and ready for the next person.

It is a plain form. Where scripts run, kiosk.js shows a section at a time, goes back to the
start when nobody touches it, and keeps what could not be sent until the network is back; the
key that it made for an answer is the answer's own, so that sending again counts once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from portal import clock
from portal.protection import form_tokens
from portal.text import clean

from ..fields import drawn
from ..models import Audience, Channel, Collector, Response, Step, SurveyVersion
from ..pages import SurveyPage
from ..paths import about, leniently, on_path, shown
from ..quality.flags import Signals
from ..quality.signals import signals_of
from ..questionnaires import Questionnaire, read
from ..reading import Reading, missing, read_section
from ..recording import Answered, record
from ..sampling import quotas
from ..versions import version_on, version_shown
from ..visiting import url_of
from ..window import SurveyClosed, require_open
from . import collectors
from .collectors import LONGEST_QUEUE, CollectorState
from .counting import count_step

PURPOSE = "satisfaction.kiosk"
LONGEST_ANSWER = 3600


@dataclass(frozen=True)
class Sent:
    """When and how long somebody answered, and the key of that answer."""

    key: uuid.UUID
    at: datetime
    duration_s: int | None


@never_cache
def answer(request: HttpRequest, page: SurveyPage, code: str) -> HttpResponse:
    # An answer is of the moment at which it was given, however late it comes.
    sent = _sent(request) if request.method == "POST" else None
    at = sent.at if sent else clock.now()
    collector = collectors.known(page.survey_id, clean(code)[:20], Channel.KIOSK)
    version = _version(request, page.survey_id)
    if collector is None or version is None or version.survey.audience != Audience.ANYONE:
        raise Http404
    if collectors.state(collector, at) is not CollectorState.OPEN:
        return _ended(request, page, collector)
    questionnaire = about(read(version.definition), collector.agency.code)
    if request.method == "POST":
        return _take(request, page, collector, version, questionnaire, sent)
    if _is_seen(request):
        count_step(page.survey_id, Channel.KIOSK, Step.OPENED)
    is_full = quotas.is_full(page.survey_id, collector.agency_id, collector)
    blank = {section.slug: Reading({}, {}) for section in questionnaire.sections}
    context = {"is_full": is_full, "is_closed": not _is_open(version), "version": version.number}
    return _show(request, page, collector, questionnaire, blank, **context)


def _ended(request: HttpRequest, page: SurveyPage, collector: Collector) -> HttpResponse:
    """Nobody answers here any more; what its device still holds is sent from this page."""
    if not collectors.still_sends(collector, clock.now()):
        raise Http404
    if _wants_json(request):
        return JsonResponse({"state": "ended"}, status=409)
    context = {
        "page": page,
        "collector": collector,
        "worker_url": url_of(page, "kiosk_worker", collector.code),
        "has_ended": True,
    }
    return render(request, "satisfaction/collecting/kiosk.html", context, status=410)


def _version(request: HttpRequest, survey_id: int) -> SurveyVersion | None:
    """The version that the person had before them: a kiosk may have shown it for days."""
    number = clean(request.POST.get("ban", ""))[:6]
    is_number = number.isascii() and number.isdigit()
    return version_shown(survey_id, int(number)) if is_number else version_on(survey_id)


def _is_seen(request: HttpRequest) -> bool:
    """Not so when the device only fetches the page to keep it (kiosk-worker.js)."""
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _is_open(version: SurveyVersion) -> bool:
    try:
        require_open(version.survey, clock.now())
    except SurveyClosed:
        return False
    return True


def _take(
    request: HttpRequest,
    page: SurveyPage,
    collector: Collector,
    version: SurveyVersion,
    questionnaire: Questionnaire,
    sent: Sent | None,
) -> HttpResponse:
    readings = read_whole(questionnaire, request.POST)
    is_faulty = any(reading.errors for reading in readings.values())
    if sent is None or (is_faulty and not _comes_late(request)):
        return _faulty(request, page, collector, questionnaire, readings)
    given = {}
    for reading in readings.values():
        given |= reading.answers
    try:
        signals = signals_of(request, collector)
        signals = replace(signals, is_after_end=_comes_after_end(version, collector))
        response = submit_whole(version, collector, questionnaire, given, sent, signals)
    except SurveyClosed:
        return _refused(request, page, collector, questionnaire, readings, "closed")
    except quotas.QuotaFull:
        count_step(page.survey_id, Channel.KIOSK, Step.FULL)
        return _refused(request, page, collector, questionnaire, readings, "full")
    if _wants_json(request):
        return JsonResponse({"state": "taken", "receipt": response.receipt_code})
    context = {"page": page, "code": response.receipt_code, "again": request.path}
    taken = render(request, "satisfaction/collecting/kiosk_taken.html", context)
    # Without scripts the next person finds a fresh form all the same.
    taken.headers["Refresh"] = f"20; url={request.path}"
    return taken


def _comes_late(request: HttpRequest) -> bool:
    """Its writer has gone: what was left out stays open, as on a paper form."""
    return request.POST.get("muon") == "1" and _wants_json(request)


def _comes_after_end(version: SurveyVersion, collector: Collector) -> bool:
    """The kiosk's own word alone says that it was given in time: taken for as long as a kiosk
    may keep an answer, and marked, so that every figure can be read without it."""
    return collectors.state(collector, clock.now()) is not CollectorState.OPEN or not _is_open(
        version
    )


def read_whole(questionnaire: Questionnaire, data: object) -> dict[str, Reading]:
    """Every section's form at once; what is required is asked for on the person's path only."""
    readings = {
        section.slug: read_section(leniently(section), data) for section in questionnaire.sections
    }
    given = {}
    for reading in readings.values():
        given |= reading.answers
    for section in shown(questionnaire, given).sections:
        reading = readings[section.slug]
        for question in section.questions:
            is_told = any(name.split(".")[0] == question.code for name in reading.errors)
            if question.required and question.code not in reading.answers and not is_told:
                reading.errors[question.code] = missing(question)
    return readings


def _sent(request: HttpRequest) -> Sent | None:
    """The script's own key and times, or those of the form's token where no script ran."""
    now = clock.now()
    try:
        key = uuid.UUID(clean(request.POST.get("khoa", ""))[:36])
        at = now - timedelta(seconds=_seconds(request, "cach-day", LONGEST_QUEUE.total_seconds()))
        return Sent(key, at, _seconds(request, "thoi-gian", LONGEST_ANSWER))
    except ValueError:
        pass
    try:
        token = form_tokens.read(request.POST.get("form_token", ""), PURPOSE)
    except form_tokens.BadToken:
        return None
    # A page left standing tells nothing of how long its reader took.
    is_timed = token.age_s < LONGEST_ANSWER
    return Sent(token.id, now, int(token.age_s) if is_timed else None)


def _seconds(request: HttpRequest, name: str, most: float) -> int:
    text = clean(request.POST.get(name, ""))[:9]
    if not (text.isascii() and text.isdigit()):
        raise ValueError(name)
    return min(int(text), int(most))


def submit_whole(
    version: SurveyVersion,
    collector: Collector,
    questionnaire: Questionnaire,
    given: dict,
    sent: Sent,
    signals: Signals,
) -> Response:
    """Write a whole answer down; the same key gives the response that it gave first.

    An answer that waited for the network counts on the day on which it was given, if the
    survey was open then.
    """
    known = Response.objects.filter(survey=version.survey_id, idempotency_key=sent.key)
    first = known.first()
    if first:
        return first
    require_open(version.survey, sent.at)
    kept = on_path(questionnaire, given)
    try:
        with transaction.atomic():
            return record(
                Answered(
                    version=version,
                    path=shown(questionnaire, kept),
                    agency=collector.agency,
                    given=kept,
                    key=sent.key,
                    channel=Channel.KIOSK,
                    duration_s=sent.duration_s,
                    collector=collector,
                    signals=signals,
                    day=clock.day_of(sent.at),
                )
            )
    except IntegrityError:
        # Sent twice at once: the other one was first.
        return known.get()


def _faulty(
    request: HttpRequest,
    page: SurveyPage,
    collector: Collector,
    questionnaire: Questionnaire,
    readings: dict[str, Reading],
) -> HttpResponse:
    errors = [
        (f"id_{name}", message)
        for reading in readings.values()
        for name, message in reading.errors.items()
    ]
    if _wants_json(request):
        return JsonResponse({"state": "faulty", "errors": dict(errors)}, status=422)
    return _show(request, page, collector, questionnaire, readings, errors=errors)


def _refused(
    request: HttpRequest,
    page: SurveyPage,
    collector: Collector,
    questionnaire: Questionnaire,
    readings: dict[str, Reading],
    reason: str,
) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"state": reason}, status=409)
    context = {f"is_{reason}": True}
    return _show(request, page, collector, questionnaire, readings, **context)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _show(
    request: HttpRequest,
    page: SurveyPage,
    collector: Collector,
    questionnaire: Questionnaire,
    readings: dict[str, Reading],
    **context: object,
) -> HttpResponse:
    context |= {
        "page": page,
        "collector": collector,
        "questionnaire": questionnaire,
        "sections": [
            (section, drawn(section, readings[section.slug])) for section in questionnaire.sections
        ],
        "token": form_tokens.issue(PURPOSE),
        "version": context.get("version") or clean(request.POST.get("ban", ""))[:6],
        "worker_url": url_of(page, "kiosk_worker", collector.code),
        "has_errors": bool(context.get("errors")),
        "form_stays": request.method == "POST",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "satisfaction/collecting/kiosk.html", context, status=status)


def worker(request: HttpRequest, page: SurveyPage, code: str) -> HttpResponse:
    """The service worker that keeps the kiosk's page for when there is no network."""
    collector = collectors.known(page.survey_id, clean(code)[:20], Channel.KIOSK)
    now = clock.now()
    if collector is None or not (
        collectors.state(collector, now) is CollectorState.OPEN
        or collectors.still_sends(collector, now)
    ):
        raise Http404
    name = "satisfaction/kiosk-worker.js"
    found = finders.find(name) or staticfiles_storage.path(name)
    script = HttpResponse(
        Path(found).read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8"
    )
    # Lest it rule over nothing but its own address.
    script.headers["Service-Worker-Allowed"] = url_of(page, "kiosk", collector.code)
    return script
