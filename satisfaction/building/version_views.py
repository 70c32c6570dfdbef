"""Publishing a draft, and saying how a survey compares with the one it measures again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial.acting import add_error
from portal import clock

from ..models import QuestionnaireDraft, Survey, SurveyVersion
from ..versions import InvalidDefinition, current_version
from . import mapping as mappings
from . import publishing
from .changes import Rewording, changes, rewordings
from .drafts import draft_of
from .editing import survey_of
from .faults import faults
from .mapping_forms import MappingForm
from .places import Places


def publish(request: HttpRequest, survey_id: int) -> HttpResponse:
    """What changes, in words, and the button; after the opening also how it compares."""
    survey = survey_of(request, survey_id)
    draft, current = draft_of(survey), current_version(survey)
    found = faults(survey.pk, draft.definition)
    is_new_meaning = bool(current) and not found and publishing.changes_meaning_of(draft, current)
    form = None
    if is_new_meaning:
        form = MappingForm(request.POST or None, earlier=current.definition, later=draft.definition)
    if request.method == "POST" and not found and (form is None or form.is_valid()):
        published = _publish(request, survey, form)
        if published:
            return redirect("survey_record", survey.pk)
    context = _outlook(survey, draft, current) | {"faults": found, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "satisfaction/building/publish.html", context, status=status)


def _outlook(survey: Survey, draft: QuestionnaireDraft, current: SurveyVersion | None) -> dict:
    has_opened = clock.now() >= survey.opens_at
    return {
        "survey": survey,
        "draft": draft,
        "current": current,
        "has_opened": has_opened,
        "changes": changes(current.definition, draft.definition) if current else [],
        "rewordings": _in_words(current, draft) if current else [],
        "is_changed": current is None or current.definition != draft.definition,
        "next_number": current.number + 1 if current else 1,
        "back": reverse("build", args=[survey.pk]),
    }


def _in_words(current: SurveyVersion, draft: QuestionnaireDraft) -> list[tuple[Rewording, str]]:
    places = Places(draft.definition)
    made = rewordings(current.definition, draft.definition)
    return [(one, places.in_words(one.place)) for one in made]


def _publish(request: HttpRequest, survey: Survey, form: MappingForm | None) -> bool:
    told = request.POST.get("revision", "")
    revision = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else -1
    try:
        version = publishing.publish(
            survey.pk,
            by=request.user,
            revision=revision,
            mapping=form.mapping() if form else None,
        )
    except InvalidDefinition as error:
        for text in error.problems:
            messages.error(request, text)
    except ValidationError as error:
        if form:
            add_error(form, error)
        else:
            for text in error.messages:
                messages.error(request, text)
    else:
        messages.success(
            request, _("Version %(n)d of the questionnaire is published.") % {"n": version.number}
        )
        return True
    return False


def compare(request: HttpRequest, survey_id: int) -> HttpResponse:
    """How this survey's questionnaire compares with that of the survey it follows."""
    survey = survey_of(request, survey_id)
    later = current_version(survey)
    earlier = current_version(survey.follows) if survey.follows else None
    if later is None or earlier is None:
        raise Http404
    form = MappingForm(request.POST or None, earlier=earlier.definition, later=later.definition)
    if form.is_bound and form.is_valid():
        try:
            publishing.compare_with_followed(survey.pk, by=request.user, mapping=form.mapping())
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("It is said how the two surveys compare."))
            return redirect("survey_record", survey.pk)
    context = {
        "survey": survey,
        "earlier": earlier,
        "later": later,
        "form": form,
        "changes": changes(earlier.definition, later.definition),
        "alike": len(mappings.alike(earlier, later).questions),
        "told": later.mapped_from.filter(earlier=earlier).select_related("made_by").first(),
        "back": reverse("survey_record", args=[survey.pk]),
    }
    status = 422 if form.errors else 200
    return render(request, "satisfaction/building/compare.html", context, status=status)
