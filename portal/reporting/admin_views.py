"""Editions in the Wagtail admin: progress, the PDF, number, publication, correction."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import editions
from .forms import CorrectForm, NumberForm
from .kinds import kind_of, public_codes
from .models import Edition, EditionFile, EditionState
from .queries import gives_files
from .views import extra_response, file_response

PAGE_SIZE = 30


def _require_reader(request: HttpRequest, edition: Edition | None = None) -> None:
    user = request.user
    if edition is None:
        allowed = user.has_perm("reporting.view_edition")
    else:
        kind, subject = kind_of(edition.kind), edition.subject_id
        allowed = (
            (kind.is_public and user.has_perm("reporting.view_edition"))
            or kind.may_read(user, subject)
            or kind.may_order(user, subject)
            or kind.may_publish(user, subject)
        )
    if not allowed:
        raise PermissionDenied


def _require_released(request: HttpRequest, edition: Edition) -> None:
    """Files held back from the public are for those who answer for the document alone."""
    if gives_files(edition):
        return
    user, kind, subject = request.user, kind_of(edition.kind), edition.subject_id
    may_open = (kind.may_read, kind.may_order, kind.may_publish)
    if not any(may(user, subject) for may in may_open):
        raise PermissionDenied


def edition_list(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    # Internal documents are listed where they belong, e.g. with their meeting.
    rows = Edition.objects.filter(kind__in=public_codes())
    rows = rows.defer("snapshot").select_related("ordered_by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    return render(request, "reporting/admin/list.html", {"page_obj": page})


def edition_detail(
    request: HttpRequest,
    edition_id: int,
    number_form: forms.Form | None = None,
    correct_form: forms.Form | None = None,
) -> HttpResponse:
    edition = get_object_or_404(
        Edition.objects.select_related("ordered_by", "published_by", "corrects"), pk=edition_id
    )
    _require_reader(request, edition)
    kind = kind_of(edition.kind)
    context = {
        "edition": edition,
        "is_unfinished": edition.state in editions.UNFINISHED,
        "is_public": kind.is_public,
        "files": edition.files.all(),
        "may_order": kind.may_order(request.user, edition.subject_id),
        "may_publish": kind.may_publish(request.user, edition.subject_id),
        "number_form": number_form or NumberForm(initial={"number": edition.document_number}),
        "correct_form": correct_form or CorrectForm(),
        "media": NumberForm().media,
    }
    return render(request, "reporting/admin/detail.html", context)


def edition_status(request: HttpRequest, edition_id: int) -> JsonResponse:
    """Progress for the page's script."""
    edition = get_object_or_404(Edition.objects.defer("snapshot"), pk=edition_id)
    _require_reader(request, edition)
    is_unfinished = edition.state in editions.UNFINISHED
    return JsonResponse({"progress": edition.progress, "is_unfinished": is_unfinished})


def edition_file(request: HttpRequest, edition_id: int) -> HttpResponse:
    edition = get_object_or_404(
        Edition, pk=edition_id, state__in=[EditionState.READY, EditionState.PUBLISHED]
    )
    _require_reader(request, edition)
    _require_released(request, edition)
    return file_response(request, edition, "private, no-store")


def edition_extra(request: HttpRequest, edition_id: int, kind: str) -> HttpResponse:
    extra = get_object_or_404(
        EditionFile.objects.select_related("edition"),
        edition=edition_id,
        kind=kind,
        edition__state__in=[EditionState.READY, EditionState.PUBLISHED],
    )
    _require_reader(request, extra.edition)
    _require_released(request, extra.edition)
    return extra_response(request, extra, "private, no-store")


def _tell(request: HttpRequest, error: ValidationError) -> None:
    for text in error.messages:
        messages.error(request, text)


@require_POST
def number(request: HttpRequest, edition_id: int) -> HttpResponse:
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            editions.give_number(
                edition_id, form.cleaned_data["number"], form.cleaned_data["day"], request.user
            )
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                _tell(request, error)
                return redirect("edition_detail", edition_id)
            form.add_error(None, error)
        else:
            messages.success(request, _("The number is entered; the PDF is being drawn anew."))
            return redirect("edition_detail", edition_id)
    return edition_detail(request, edition_id, number_form=form)


@require_POST
def publish(request: HttpRequest, edition_id: int) -> HttpResponse:
    try:
        editions.publish(edition_id, request.user)
    except ValidationError as error:
        _tell(request, error)
    else:
        messages.success(request, _("The document is issued and never changes."))
    return redirect("edition_detail", edition_id)


@require_POST
def retry(request: HttpRequest, edition_id: int) -> HttpResponse:
    try:
        editions.retry(edition_id, request.user)
    except ValidationError as error:
        _tell(request, error)
    return redirect("edition_detail", edition_id)


@require_POST
def correct(request: HttpRequest, edition_id: int) -> HttpResponse:
    form = CorrectForm(request.POST)
    if form.is_valid():
        try:
            made = editions.correct(edition_id, form.cleaned_data["change_note"], request.user)
        except ValidationError as error:
            _tell(request, error)
        else:
            messages.success(request, _("A correcting edition is being made."))
            return redirect("edition_detail", made.pk)
    return edition_detail(request, edition_id, correct_form=form)
