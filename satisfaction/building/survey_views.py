"""Surveys made and set up in the admin, and what was done with them since."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from editorial.acting import add_error, history
from portal.protection import form_tokens

from ..models import Correction, Survey, VersionMapping
from ..window import last_minute
from . import library, surveys
from .drafts import require_builder
from .editing import PURPOSE, spend, survey_of
from .forms import SettingsForm, SurveyForm, WindowForm
from .places import Places


def _form_page(request: HttpRequest, form, title: str, back: str, **more) -> HttpResponse:
    context = {
        "form": form,
        "media": form.media,
        "title": title,
        "back": back,
        "form_token": form_tokens.issue(PURPOSE),
        **more,
    }
    status = 422 if form.is_bound else 200
    return render(request, "satisfaction/building/survey_form.html", context, status=status)


def survey_new(request: HttpRequest) -> HttpResponse:
    require_builder(request.user)
    form = SurveyForm(request.POST or None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            survey = surveys.create(
                by=request.user,
                settings=form.settings(),
                once=lambda: spend(request),
                **{name: told[name] for name in ("title", "title_en", "code", "audience")},
                start_from=told["start_from"],
            )
        except form_tokens.AlreadySpent:
            return redirect("survey_list")
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(
                request,
                _("The survey is made, with a draft of its page. Build its questionnaire now."),
            )
            return redirect("build", survey.pk)
    return _form_page(request, form, _("Make a survey"), "survey_list", templates=library.TEMPLATES)


def survey_set_up(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)
    may_set = surveys.may_set(survey)
    form = SettingsForm(request.POST or None, survey=survey)
    if form.is_bound and form.is_valid():
        try:
            surveys.set_up(survey.pk, by=request.user, settings=form.settings())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("build", survey.pk)
    return _form_page(request, form, _("Settings"), "build", survey=survey, is_fixed=not may_set)


def survey_window(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)
    form = WindowForm(request.POST or None, initial={"closes_at": survey.closes_at})
    if form.is_bound and form.is_valid():
        try:
            surveys.change_window(survey.pk, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The survey closes at another time; readers see why."))
            return redirect("survey_record", survey.pk)
    return _form_page(
        request,
        form,
        _("Extend, or close early"),
        "build",
        survey=survey,
        is_window=True,
        is_fixed=not surveys.may_change_window(survey),
    )


def survey_record(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Versions, corrections, mappings, changes of time, and who did what."""
    if not request.user.has_perm("satisfaction.view_results"):
        raise PermissionDenied
    survey = get_object_or_404(Survey.objects.select_related("follows"), pk=survey_id)
    context = {
        "survey": survey,
        "last_minute": last_minute(survey),
        "versions": survey.versions.order_by("-number"),
        "corrections": _corrections(survey),
        "mappings": VersionMapping.objects.filter(later__survey=survey)
        .select_related("earlier__survey", "later", "made_by")
        .order_by("-made_at"),
        "window_changes": survey.window_changes.select_related("made_by"),
        "history": history(survey),
    }
    return render(request, "satisfaction/building/record.html", context)


def _corrections(survey: Survey) -> list[tuple[Correction, str]]:
    """Each corrected text with its place in words, as the version names it that has the new."""
    rows = Correction.objects.filter(version__survey=survey).select_related("version", "made_by")
    places: dict[int, Places] = {}
    made = []
    for row in rows:
        if row.version_id not in places:
            places[row.version_id] = Places(row.version.definition)
        made.append((row, places[row.version_id].in_words(row.place)))
    return made
