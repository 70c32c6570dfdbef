"""Paper forms in the admin: the list, entering, comparing two entries."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.text import clean

from ..fields import drawn
from ..models import Audience, PaperForm, PaperState, Survey
from ..questionnaires import Questionnaire, read
from ..reading import Reading
from ..versions import current_version
from ..wording import answer_in_words
from . import paper
from .forms import SheetForm

PAGE_SIZE = 50
TEMPLATES = "satisfaction/collecting/admin"


def paper_list(request: HttpRequest, survey_id: int) -> HttpResponse:
    paper.require(request.user)
    survey = get_object_or_404(Survey, pk=survey_id, audience=Audience.ANYONE)
    rows = PaperForm.objects.filter(survey=survey).select_related("first_by", "second_by")
    wanted = request.GET.get("trang-thai", "")
    if wanted in PaperState.values:
        rows = rows.filter(state=wanted)
    number = " ".join(clean(request.GET.get("so", "")).split()).upper()[:40]
    if number:
        rows = rows.filter(reference=number)
    context = {
        "survey": survey,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p")),
        "states": PaperState.choices,
        "wanted": wanted,
        "number": number,
    }
    return render(request, f"{TEMPLATES}/paper.html", context)


def enter(request: HttpRequest, survey_id: int) -> HttpResponse:
    """One sheet. Whoever enters it second does not see what the first one typed."""
    paper.require(request.user)
    survey = get_object_or_404(Survey, pk=survey_id, audience=Audience.ANYONE)
    version = current_version(survey)
    if version is None:
        messages.error(request, _("The survey has no published questionnaire."))
        return redirect("survey_paper", survey_id)
    questionnaire = read(version.definition)
    if request.method == "POST":
        form = SheetForm(survey, request.POST)
        readings = paper.read_sheet(questionnaire, request.POST)
        is_sound = form.is_valid() and not any(reading.errors for reading in readings.values())
        if is_sound and _taken(request, survey, form, readings):
            return redirect("survey_paper_enter", survey_id)
    else:
        form = SheetForm(survey, initial={"reference": clean(request.GET.get("so", ""))[:40]})
        readings = {section.slug: Reading({}, {}) for section in questionnaire.sections}
    return _show_sheet(request, survey, questionnaire, form, readings)


def _taken(
    request: HttpRequest, survey: Survey, form: SheetForm, readings: dict[str, Reading]
) -> bool:
    data = form.cleaned_data
    try:
        sheet = paper.enter(
            survey,
            data["reference"],
            data["filled_on"],
            paper.answers_of(readings),
            request.user,
            data.get("unit"),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    told = {
        PaperState.ENTERED: _("Sheet %(number)s is entered once; somebody else enters it again."),
        PaperState.DIFFERS: _("Sheet %(number)s: the two entries differ. Compare them."),
        PaperState.DONE: _("Sheet %(number)s: both entries agree; it is counted."),
    }
    messages.success(request, told[PaperState(sheet.state)] % {"number": sheet.reference})
    return True


def _show_sheet(
    request: HttpRequest,
    survey: Survey,
    questionnaire: Questionnaire,
    form: SheetForm,
    readings: dict[str, Reading],
) -> HttpResponse:
    context = {
        "survey": survey,
        "form": form,
        "media": form.media,
        "sections": [
            (section, drawn(paper.leniently(section), readings[section.slug]))
            for section in questionnaire.sections
        ],
        "errors": [
            (f"id_{name}", message)
            for reading in readings.values()
            for name, message in reading.errors.items()
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/sheet.html", context, status=status)


def compare(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The two entries side by side where they differ; the sheet decides."""
    paper.require(request.user)
    sheet = get_object_or_404(
        PaperForm.objects.select_related("survey", "version", "first_by", "second_by", "response"),
        pk=sheet_id,
    )
    faults: dict[str, str] = {}
    if request.method == "POST":
        chosen = {name: request.POST.get(name, "") for name in request.POST}
        try:
            paper.resolve(sheet_id, chosen, request.user)
        except ValidationError as error:
            faults = {name: texts[0] for name, texts in _by_field(error).items()}
        else:
            messages.success(request, _("The sheet is counted."))
            return redirect("survey_paper", sheet.survey_id)
    rows = [
        (
            question,
            answer_in_words(question, sheet.first),
            answer_in_words(question, sheet.second),
            faults.get(question.code, ""),
            request.POST.get(question.code, ""),
        )
        for question in (paper.differences(sheet) if sheet.state == PaperState.DIFFERS else [])
    ]
    context = {"sheet": sheet, "survey": sheet.survey, "rows": rows, "faults": faults}
    status = 422 if faults else 200
    return render(request, f"{TEMPLATES}/compare.html", context, status=status)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


@require_POST
def discard(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = get_object_or_404(PaperForm, pk=sheet_id)
    if paper.discard(sheet_id, request.user):
        messages.success(request, _("The sheet is discarded."))
    else:
        messages.info(request, _("The sheet has been counted or discarded before."))
    return redirect("survey_paper", sheet.survey_id)
