"""A draft tried on the citizen's own pages, in both languages and on a phone's width.

The pages are the public templates; only a mark says that this is a trial.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock

from ..collecting.reading_time import told_beforehand
from ..fields import section_context
from ..listing import ListedSurvey
from ..models import Survey, TrialAnswer
from ..paths import first_unfinished, on_path, shown
from ..questionnaires import Questionnaire, Section, read
from ..reading import Reading, read_section, typed_again
from ..window import WindowState, days_left, last_minute
from ..wording import in_words
from . import trying
from .drafts import draft_of
from .editing import survey_of

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class TrialPage:
    """Stands in for the survey's page: the templates ask it for these only."""

    title: str
    url: str
    abstract_text: str = ""
    body: str = ""


@dataclass(frozen=True)
class Walk:
    """One request of a trial."""

    request: HttpRequest
    survey: Survey
    trial: TrialAnswer
    questionnaire: Questionnaire
    page: TrialPage

    @property
    def path(self) -> Questionnaire:
        return shown(self.questionnaire, self.trial.answers)

    def url(self, *steps: str) -> str:
        return self.page.url + "".join(f"{step}/" for step in steps)

    def render(self, template: str, context: dict, status: int = 200) -> HttpResponse:
        marked = {
            "page": self.page,
            "trial_survey": self.survey,
            "is_trial": True,
            **context,
        }
        name = f"satisfaction/building/trial_{template}.html"
        return render(self.request, name, marked, status=status)


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


def trial(request: HttpRequest, survey_id: int, language: str) -> HttpResponse:
    """The first page of the way; posted to, it begins."""
    survey = survey_of(request, survey_id)
    draft = draft_of(survey)
    if not trying.may_be_tried(draft.definition):
        messages.error(
            request, _("There is nothing to try yet: the draft has faults that stop it.")
        )
        return redirect("build", survey.pk)
    base = reverse("survey_trial", args=[survey.pk, _language(language)])
    with translation.override(language):
        questionnaire = read(draft.definition)
        if request.method == "POST":
            made = trying.begin(survey, by=request.user)
            path = shown(questionnaire, made.answers)
            return redirect(f"{base}tra-loi/{path.sections[0].slug}/")
        page = TrialPage(questionnaire.title, base)
        context = {
            "page": page,
            "trial_survey": survey,
            "questionnaire": questionnaire,
            "listed": _listed(survey, page),
            "start_url": base,
            **told_beforehand(questionnaire),
        }
        return render(request, "satisfaction/building/trial_intro.html", context)


def _listed(survey: Survey, page: TrialPage) -> ListedSurvey:
    """As on the day on which the survey will be open."""
    return ListedSurvey(
        page, WindowState.OPEN, max(0, days_left(survey, clock.now())), last_minute(survey), None
    )


def _walk(request: HttpRequest, survey_id: int, language: str) -> Walk | None:
    survey = survey_of(request, survey_id)
    made = trying.trial_of(survey.pk, request.user)
    base = reverse("survey_trial", args=[survey.pk, _language(language)])
    if made is None:
        return None
    questionnaire = read(made.definition)
    with translation.override(language):
        page = TrialPage(questionnaire.title, base)
    return Walk(request, survey, made, questionnaire, page)


def trial_section(request: HttpRequest, survey_id: int, language: str, slug: str) -> HttpResponse:
    walk = _walk(request, survey_id, language)
    if walk is None:
        return redirect("survey_trial", survey_id, language)
    if walk.trial.is_sent:
        return redirect(walk.url("da-gui"))
    with translation.override(language):
        section = walk.path.section(slug)
        if section is None:
            return redirect(_onward(walk, walk.path, walk.trial.answers))
        if request.method == "POST":
            return _save(walk, section)
        typed = typed_again(section, walk.trial.answers)
        errors = read_section(section, typed).errors if request.GET.get("thieu") else {}
        return _show(walk, section, Reading({}, errors, typed))


def _save(walk: Walk, section: Section) -> HttpResponse:
    reading = read_section(section, walk.request.POST)
    if reading.errors:
        return _show(walk, section, reading)
    saved = trying.save_section(walk.trial.pk, section, reading.answers, by=walk.request.user)
    path = shown(walk.questionnaire, saved.answers)
    if walk.request.POST.get("sua"):
        return redirect(_onward(walk, path, saved.answers, "?sua=1"))
    slugs = [part.slug for part in path.sections]
    after = slugs[slugs.index(section.slug) + 1 :] if section.slug in slugs else []
    if after:
        return redirect(walk.url("tra-loi", after[0]))
    return redirect(_onward(walk, path, saved.answers, "?thieu=1"))


def _onward(walk: Walk, path: Questionnaire, answers: dict, query: str = "") -> str:
    unfinished = first_unfinished(path, answers)
    if unfinished is None:
        return walk.url("kiem-tra")
    return walk.url("tra-loi", unfinished.slug) + query


def _show(walk: Walk, section: Section, reading: Reading) -> HttpResponse:
    is_editing = bool(walk.request.GET.get("sua") or walk.request.POST.get("sua"))
    path = walk.path
    seed = f"trial/{walk.trial.pk}/{walk.trial.started_at.isoformat()}"
    context = section_context(path, section, reading, seed, is_editing)
    at = path.sections.index(section)
    before = walk.url("tra-loi", path.sections[at - 1].slug) if at else walk.page.url
    context["back"] = walk.url("kiem-tra") if is_editing else before
    return walk.render("section", context, 422 if walk.request.method == "POST" else 200)


def trial_check(request: HttpRequest, survey_id: int, language: str) -> HttpResponse:
    walk = _walk(request, survey_id, language)
    if walk is None:
        return redirect("survey_trial", survey_id, language)
    if walk.trial.is_sent:
        return redirect(walk.url("da-gui"))
    with translation.override(language):
        answers = on_path(walk.questionnaire, walk.trial.answers)
        path = shown(walk.questionnaire, answers)
        unfinished = first_unfinished(path, answers)
        if request.method == "POST" and unfinished is None:
            trying.finish(walk.trial.pk, by=request.user)
            return redirect(walk.url("da-gui"))
        if request.method == "POST":
            return redirect(walk.url("tra-loi", unfinished.slug) + "?sua=1&thieu=1")
        context = {
            "parts": in_words(path, answers),
            "back": walk.url("tra-loi", path.sections[-1].slug),
            "base": walk.page.url,
        }
        return walk.render("check", context)


def trial_receipt(request: HttpRequest, survey_id: int, language: str) -> HttpResponse:
    walk = _walk(request, survey_id, language)
    if walk is None or not walk.trial.is_sent:
        return redirect("survey_trial", survey_id, language)
    if request.method == "POST":
        return redirect("survey_trial", survey_id, language)
    with translation.override(language):
        listed = _listed(walk.survey, walk.page)
        return walk.render("receipt", {"code": _("TRIAL"), "listed": listed})


def trial_give_up(request: HttpRequest, survey_id: int, language: str) -> HttpResponse:
    walk = _walk(request, survey_id, language)
    if walk is None:
        return redirect("survey_trial", survey_id, language)
    if request.method == "POST":
        trying.give_up(walk.trial.pk, by=request.user)
        messages.success(request, _("The trial answers are deleted."))
        return redirect("build", walk.survey.pk)
    with translation.override(language):
        return walk.render("give_up", {"has_draft": not walk.trial.is_sent})


def trial_phone(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The trial in a frame as wide as a phone."""
    survey = survey_of(request, survey_id)
    return render(request, "satisfaction/building/trial_phone.html", {"survey": survey})
