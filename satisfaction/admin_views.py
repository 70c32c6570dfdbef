"""Surveys in the Wagtail admin: results as they come, responses, and "Lập báo cáo"."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.agencies.models import Agency
from portal.reporting.models import Edition
from portal.text import clean

from . import reports, results, review
from .measuring.indices import running_words
from .models import RejectionReason, Response, ResponseStatus, Survey, SurveyVersion
from .questionnaires import read
from .suppression import fewest_shown, hidden
from .versions import current_version
from .window import days_left, last_minute, state

PAGE_SIZE = 50


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"satisfaction.{permission}"):
        raise PermissionDenied


def survey_list(request: HttpRequest) -> HttpResponse:
    _require(request, "view_results")
    now = clock.now()
    page = Paginator(Survey.objects.all(), PAGE_SIZE).get_page(request.GET.get("p"))
    counts = results.received_by_survey([survey.pk for survey in page])
    rows = [
        {
            "survey": survey,
            "state": state(survey, now),
            "days_left": days_left(survey, now),
            "last_minute": last_minute(survey),
            "received": counts.get(survey.pk),
        }
        for survey in page
    ]
    context = {"rows": rows, "page_obj": page}
    return render(request, "satisfaction/admin/list.html", context)


def survey_detail(request: HttpRequest, survey_id: int) -> HttpResponse:
    _require(request, "view_results")
    survey = get_object_or_404(Survey, pk=survey_id)
    version = current_version(survey)
    received = results.received(survey)
    context = {
        "survey": survey,
        "state": state(survey, clock.now()),
        "last_minute": last_minute(survey),
        "received": received,
        "reasons": [
            (RejectionReason(code).label, n) for code, n in sorted(received.rejected.items())
        ],
        "criteria": _criteria(survey, version, fewest_shown(request.user)) if version else [],
        "running": _running(survey, version) if version else "",
        "editions": Edition.objects.defer("snapshot").filter(
            kind=reports.KIND, subject_id=survey.pk
        )[:20],
        "may_order": request.user.has_perm("reporting.order_edition"),
    }
    return render(request, "satisfaction/admin/detail.html", context)


def _running(survey: Survey, version: SurveyVersion) -> str:
    has_definition = survey.index_definitions.exists()
    return running_words(read(version.definition), has_definition=has_definition)


def _criteria(survey: Survey, version: SurveyVersion, k: int) -> list[dict]:
    """The index and each criterion with its interval, as they stand now and this reader sees."""
    questionnaire = read(version.definition)
    moments = results.moments_by_scope(survey)
    made = results.estimates(moments)
    titles = {section.code: section.title for section in questionnaire.sections}
    scopes = questionnaire.scopes()
    sizes = {scope: moments[scope].n if scope in moments else 0 for scope in scopes if scope}
    secret = hidden(sizes, k)
    if "" in moments and moments[""].n < k:
        secret.add("")
    return [
        {
            "title": titles.get(scope) or _("Whole index"),
            "estimate": None if scope in secret else made.get(scope),
        }
        for scope in scopes
    ]


@require_POST
def order_report(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    try:
        edition = reports.order_report(survey, request.user)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return redirect("survey_detail", survey_id)
    return redirect("edition_detail", edition.pk)


def response_list(request: HttpRequest, survey_id: int) -> HttpResponse:
    _require(request, "review_responses")
    survey = get_object_or_404(Survey, pk=survey_id)
    rows = Response.objects.filter(survey=survey).select_related("agency").order_by("-day", "-pk")
    status = request.GET.get("trang-thai", "")
    if status in ResponseStatus.values:
        rows = rows.filter(status=status)
    agency = clean(request.GET.get("co-quan", ""))[:16]
    if agency:
        rows = rows.filter(agency__code=agency)
    context = {
        "survey": survey,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p")),
        "status": status,
        "statuses": ResponseStatus.choices,
        "agency": agency,
        "agencies": Agency.objects.filter(
            pk__in=Response.objects.filter(survey=survey).values("agency")
        ),
        "reasons": [RejectionReason.TEST, RejectionReason.DUPLICATE],
    }
    return render(request, "satisfaction/admin/responses.html", context)


@require_POST
def reject(request: HttpRequest, response_id: int) -> HttpResponse:
    _require(request, "review_responses")
    response = get_object_or_404(Response, pk=response_id)
    reason = request.POST.get("reason", "")
    if reason not in RejectionReason.values:
        messages.error(request, _("Choose a reason."))
    elif review.reject(response_id, RejectionReason(reason), request.user):
        messages.success(request, _("The response no longer counts."))
    else:
        messages.info(request, _("The response was rejected before."))
    return redirect("survey_responses", response.survey_id)


@require_POST
def restore(request: HttpRequest, response_id: int) -> HttpResponse:
    response = get_object_or_404(Response, pk=response_id)
    if review.restore(response_id, request.user):
        messages.success(request, _("The response counts again."))
    else:
        messages.info(request, _("The response cannot be counted."))
    return redirect("survey_responses", response.survey_id)
