"""The builder: the questionnaire on one page, and the parts of it beside the questions."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..questionnaires import Questionnaire, in_language, read
from ..versions import current_version
from . import branching, grid_rows, library, structure
from .changes import changes
from .codes import new_code, new_slug
from .drafts import draft_of
from .editing import Page, act, edited, survey_of
from .faults import Fault, faults, without_english
from .forms import (
    AboutForm,
    GridForm,
    IndexForm,
    NewGridForm,
    NewScaleForm,
    SectionForm,
    take_scale,
)
from .kinds import KINDS, kind_label
from .question_forms import ChoicesForm
from .structure import Definition, Part
from .trying import may_be_tried


@dataclass(frozen=True)
class Row:
    """A question, or the head of a grid, in the list of a section."""

    part: Part
    kind: str
    condition: str
    faults: list[Fault]
    grid: str = ""
    is_head: bool = False


@dataclass(frozen=True)
class SectionRow:
    part: Part
    condition: str
    faults: list[Fault]
    rows: list[Row]


def overview(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)
    draft = draft_of(survey)
    version = current_version(survey)
    found = faults(survey.pk, draft.definition)
    context = {
        "survey": survey,
        "draft": draft,
        "version": version,
        "changed": len(changes(version.definition, draft.definition)) if version else 0,
        "faults": found,
        "untold": without_english(draft.definition),
        "sections": _sections(draft.definition, found),
        "ready": library.ready_for(draft.definition),
        "may_try": may_be_tried(draft.definition),
        "page": survey.pages.filter(locale__language_code="vi").first(),
    }
    return render(request, "satisfaction/building/overview.html", context)


def _sections(definition: Definition, found: list[Fault]) -> list[SectionRow]:
    questionnaire = read(definition)
    by_code: dict[str, list[Fault]] = {}
    for fault in found:
        by_code.setdefault(fault.code, []).append(fault)
    return [
        SectionRow(
            part,
            _condition(part, questionnaire),
            by_code.get(part["code"], []),
            _rows(part, questionnaire, by_code),
        )
        for part in definition["sections"]
    ]


def _rows(part: Part, questionnaire: Questionnaire, found: dict[str, list[Fault]]) -> list[Row]:
    rows: list[Row] = []
    for block in structure.blocks(part):
        grid = block[0].get("grid", "")
        if grid and grid in part.get("grids", {}):
            label = {"code": grid, "label": part["grids"][grid]["label"]}
            rows.append(Row(label, _("Grid"), "", [], grid, True))
        rows += [
            Row(
                question,
                kind_label(question["type"]),
                _condition(question, questionnaire),
                found.get(question["code"], []),
                grid,
            )
            for question in block
        ]
    return rows


def _condition(part: Part, questionnaire: Questionnaire) -> str:
    return branching.one_line(part["show_if"], questionnaire) if "show_if" in part else ""


def about(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def look(definition: Definition) -> list:
        return [definition.get(name) for name in ("title", "intro", "basis", "agency")]

    page = Page(
        _("Title, introduction, agency"),
        "about",
        lambda definition, data: AboutForm(data, part=definition),
        look,
        lambda definition, _spent, form: form.apply(definition),
        reverse("build", args=[survey.pk]),
    )
    return edited(request, survey, page)


def section_new(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def save(definition: Definition, spent: dict, form: SectionForm) -> None:
        slug = new_slug(spent, form.cleaned_data["title_vi"])
        part: Part = {"code": new_code(spent, "S"), "slug": slug, "title": {}, "questions": []}
        form.apply(part)
        definition["sections"].append(part)

    page = Page(
        _("Add a section"),
        "section.add",
        lambda _definition, data: SectionForm(data),
        lambda _definition: None,
        save,
        reverse("build", args=[survey.pk]),
    )
    return edited(request, survey, page)


def section_edit(request: HttpRequest, survey_id: int, section_code: str) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def look(definition: Definition) -> list:
        part = structure.section(definition, section_code)
        return [part.get(name) for name in ("title", "scored", "shuffle")]

    def part_of(definition: Definition) -> Part:
        return structure.section(definition, section_code)

    page = Page(
        _("Section %(code)s") % {"code": section_code},
        f"section {section_code}",
        lambda definition, data: SectionForm(data, part=part_of(definition)),
        look,
        lambda definition, _spent, form: form.apply(part_of(definition)),
        reverse("build", args=[survey.pk]) + f"#phan-{section_code}",
    )
    return edited(request, survey, page)


def section_remove(request: HttpRequest, survey_id: int, section_code: str) -> HttpResponse:
    survey = survey_of(request, survey_id)
    draft = draft_of(survey)
    try:
        part = structure.section(draft.definition, section_code)
    except structure.Gone as gone:
        raise Http404 from gone
    if request.method == "POST":
        act(
            request,
            survey,
            lambda definition, _spent: structure.remove_section(definition, section_code),
            f"section.remove {section_code}",
            _("The section is removed from the draft."),
        )
        return redirect("build", survey.pk)
    context = {
        "survey": survey,
        "title": _("Remove the section “%(title)s”") % {"title": in_language(part["title"])},
        "lost": [in_language(row["label"]) for row in part["questions"]],
        "back": reverse("build", args=[survey.pk]),
    }
    return render(request, "satisfaction/building/remove.html", context)


@require_POST
def move(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Up or down: the button says "question:Q3:-1", "section:S1:1" or "grid:S1/G1:1"."""
    survey = survey_of(request, survey_id)
    what, _colon, rest = request.POST.get("move", "").partition(":")
    code, _colon, step = rest.rpartition(":")
    if what not in _MOVES or step not in ("1", "-1"):
        raise Http404
    act(
        request,
        survey,
        lambda definition, _spent: _MOVES[what](definition, code, int(step)),
        f"move {what} {code}"[:60],
        _("Moved."),
    )
    return redirect(
        reverse("build", args=[survey.pk]) + f"#{_ANCHORS[what]}-{code.rpartition('/')[2]}"
    )


def _move_grid(definition: Definition, code: str, step: int) -> None:
    section_code, _slash, grid_code = code.partition("/")
    structure.move_grid(definition, section_code, grid_code, step)


_MOVES = {
    "section": structure.move_section,
    "question": structure.move_question,
    "grid": _move_grid,
}
_ANCHORS = {"section": "phan", "question": "cau", "grid": "bang"}


@require_POST
def ready_made(request: HttpRequest, survey_id: int, section_code: str) -> HttpResponse:
    """Put a ready-made question about the person into a section; "*" puts in all."""
    survey = survey_of(request, survey_id)
    wanted = request.POST.get("ready", "")

    def edit(definition: Definition, spent: dict) -> None:
        part = structure.section(definition, section_code)
        offered = [code for code, _words in library.ready_for(definition)]
        codes = offered if wanted == "*" else [code for code in offered if code == wanted]
        structure.add_rows(part, [library.ready_copy(code, spent) for code in codes])

    act(request, survey, edit, f"ready {wanted}"[:40], _("The questions are in the section."))
    return redirect(reverse("build", args=[survey.pk]) + f"#phan-{section_code}")


def grid_new(request: HttpRequest, survey_id: int, section_code: str) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def save(definition: Definition, spent: dict, form: NewGridForm) -> None:
        told, part = form.cleaned_data, structure.section(definition, section_code)
        take_scale(definition, told["scale"])
        code = new_code(spent, "G")
        part.setdefault("grids", {})[code] = {"label": grid_rows.label_of(form)}
        rows = grid_rows.made(told["rows"], code, told["scale"], told["required"], spent)
        structure.add_rows(part, rows)

    page = Page(
        _("Add a grid of rows on one scale"),
        f"grid.add {section_code}",
        lambda definition, data: NewGridForm(data, definition=definition),
        lambda definition: structure.section(definition, section_code)["code"],
        save,
        reverse("build", args=[survey.pk]) + f"#phan-{section_code}",
    )
    return edited(request, survey, page)


def grid_edit(
    request: HttpRequest, survey_id: int, section_code: str, grid_code: str
) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def save(definition: Definition, spent: dict, form: GridForm) -> None:
        part = structure.section(definition, section_code)
        structure.grid(definition, section_code, grid_code)["label"] = grid_rows.label_of(form)
        like = next(row for row in part["questions"] if row.get("grid") == grid_code)
        rows = grid_rows.made(
            form.cleaned_data["rows"], grid_code, like["scale"], like["required"], spent
        )
        structure.add_rows(part, rows, grid_code)

    page = Page(
        _("Grid %(code)s") % {"code": grid_code},
        f"grid {grid_code}",
        lambda definition, data: GridForm(
            data, part=structure.grid(definition, section_code, grid_code)
        ),
        lambda definition: structure.grid(definition, section_code, grid_code),
        save,
        reverse("build", args=[survey.pk]) + f"#bang-{grid_code}",
    )
    return edited(request, survey, page)


def index(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)
    page = Page(
        _("Index"),
        "index",
        lambda definition, data: IndexForm(data, definition=definition),
        lambda definition: definition["index"],
        lambda definition, _spent, form: form.apply(definition),
        reverse("build", args=[survey.pk]),
    )
    return edited(request, survey, page)


def scales(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)
    definition = draft_of(survey).definition
    used = {row.get("scale") for _section, row in structure.questions(definition)}
    rows = [
        {
            "name": name,
            "levels": [in_language(choice["label"]) for choice in scale["choices"]],
            "is_used": name in used,
        }
        for name, scale in definition.get("scales", {}).items()
    ]
    context = {"survey": survey, "rows": rows}
    return render(request, "satisfaction/building/scales.html", context)


def scale_new(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def save(definition: Definition, spent: dict, form: NewScaleForm) -> None:
        name = new_code(spent, "T")
        definition.setdefault("scales", {})[name] = {"choices": form.choices(spent, name)}

    page = Page(
        _("Add a scale"),
        "scale.add",
        lambda _definition, data: NewScaleForm(data),
        lambda _definition: None,
        save,
        reverse("build_scales", args=[survey.pk]),
    )
    return edited(request, survey, page)


def scale_edit(request: HttpRequest, survey_id: int, scale_name: str) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def save(definition: Definition, spent: dict, form: ChoicesForm) -> None:
        choices = form.choices(spent, f"scale:{scale_name}")
        structure.scale(definition, scale_name)["choices"] = choices

    page = Page(
        _("Scale %(name)s") % {"name": scale_name},
        f"scale {scale_name}",
        lambda definition, data: ChoicesForm(
            data, part=structure.scale(definition, scale_name), kind=KINDS["scale"].kind
        ),
        lambda definition: structure.scale(definition, scale_name),
        save,
        reverse("build_scales", args=[survey.pk]),
    )
    return edited(request, survey, page)


@require_POST
def scale_remove(request: HttpRequest, survey_id: int, scale_name: str) -> HttpResponse:
    survey = survey_of(request, survey_id)
    act(
        request,
        survey,
        lambda definition, _spent: structure.remove_scale(definition, scale_name),
        f"scale.remove {scale_name}"[:60],
        _("The scale is removed from the draft."),
    )
    return redirect("build_scales", survey.pk)
