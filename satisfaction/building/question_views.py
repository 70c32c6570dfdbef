"""Questions and their conditions in the builder, one at a time."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Survey
from ..questionnaires import Kind, Question, in_language, read
from . import branching, structure
from .codes import new_code
from .condition_forms import LineForm
from .drafts import draft_of
from .editing import Page, act, edited, survey_of
from .kinds import KINDS, kind_label
from .question_forms import QuestionForm
from .structure import Definition, Gone, Part

FORM = "satisfaction/building/question.html"


def question_new(request: HttpRequest, survey_id: int, section_code: str) -> HttpResponse:
    """First the kind, then its form: the kind of a question never changes."""
    survey = survey_of(request, survey_id)
    kind = request.GET.get("loai", "")
    if kind not in KINDS:
        return _choose_kind(request, survey, section_code)

    def save(definition: Definition, spent: dict, form: QuestionForm) -> None:
        part = structure.section(definition, section_code)
        if kind == Kind.AGENCY:
            _require_one_agency(definition)
            code = "agency"
        else:
            code = new_code(spent, "Q")
        structure.add_rows(part, [form.entries(code, definition, spent)])

    page = Page(
        _("Add a question: %(kind)s") % {"kind": kind_label(kind)},
        f"question.add {section_code}",
        lambda definition, data: QuestionForm(data, kind=Kind(kind), definition=definition),
        lambda definition: structure.section(definition, section_code)["code"],
        save,
        reverse("build", args=[survey.pk]) + f"#phan-{section_code}",
        FORM,
    )
    return edited(request, survey, page)


def _choose_kind(request: HttpRequest, survey: Survey, section_code: str) -> HttpResponse:
    try:
        part = structure.section(draft_of(survey).definition, section_code)
    except Gone as gone:
        raise Http404 from gone
    context = {"survey": survey, "section": part, "kinds": KINDS.values()}
    return render(request, "satisfaction/building/kinds.html", context)


def _require_one_agency(definition: Definition) -> None:
    if any(row["type"] == Kind.AGENCY for _section, row in structure.questions(definition)):
        raise ValidationError(_("The questionnaire asks for the agency already."))


def question_edit(request: HttpRequest, survey_id: int, question_code: str) -> HttpResponse:
    survey = survey_of(request, survey_id)

    def part_of(definition: Definition) -> Part:
        return structure.question(definition, question_code)

    def look(definition: Definition) -> dict:
        """Without its condition, which has a page of its own."""
        return {name: entry for name, entry in part_of(definition).items() if name != "show_if"}

    def make(definition: Definition, data) -> QuestionForm:
        part = part_of(definition)
        return QuestionForm(data, kind=Kind(part["type"]), definition=definition, part=part)

    def save(definition: Definition, spent: dict, form: QuestionForm) -> None:
        part = part_of(definition)
        made = form.entries(question_code, definition, spent)
        if "show_if" in part:
            made["show_if"] = part["show_if"]
        part.clear()
        part.update(made)

    page = Page(
        _("Question %(code)s") % {"code": question_code},
        f"question {question_code}",
        make,
        look,
        save,
        reverse("build", args=[survey.pk]) + f"#cau-{question_code}",
        FORM,
        {"question_code": question_code},
    )
    return edited(request, survey, page)


def question_remove(request: HttpRequest, survey_id: int, question_code: str) -> HttpResponse:
    survey = survey_of(request, survey_id)
    definition = draft_of(survey).definition
    try:
        part = structure.question(definition, question_code)
    except Gone as gone:
        raise Http404 from gone
    if request.method == "POST":
        act(
            request,
            survey,
            lambda definition, _spent: structure.remove_question(definition, question_code),
            f"question.remove {question_code}",
            _("The question is removed from the draft; its code is not given out again."),
        )
        return redirect("build", survey.pk)
    context = {
        "survey": survey,
        "title": _("Remove question %(code)s") % {"code": question_code},
        "lost": [in_language(part["label"])],
        "asked_by": _asked_by(definition, question_code),
        "back": reverse("build", args=[survey.pk]) + f"#cau-{question_code}",
    }
    return render(request, "satisfaction/building/remove.html", context)


def _asked_by(definition: Definition, code: str) -> list[str]:
    """What has a condition that asks for this question."""
    found = []
    for part in definition["sections"]:
        for owner in (part, *part["questions"]):
            if any(leaf["question"] == code for leaf in branching.leaves(owner.get("show_if"))):
                found.append(in_language(owner.get("title") or owner["label"]))
    return found


def condition(request: HttpRequest, survey_id: int, owner: str, owner_code: str) -> HttpResponse:
    """When a section ("phan") or a question ("cau") is shown: the tree, and acts on it."""
    survey = survey_of(request, survey_id)
    draft = draft_of(survey)
    try:
        part = branching.owner(draft.definition, owner, owner_code)
        questionnaire = read(draft.definition)
        askable = branching.askable(questionnaire, owner, owner_code)
    except Gone as gone:
        raise Http404 from gone
    if request.method == "POST":
        _act_on_condition(request, survey, owner, owner_code)
        return redirect("build_condition", survey.pk, owner, owner_code)
    node = part.get("show_if")
    context = {
        "survey": survey,
        "owner": owner,
        "owner_code": owner_code,
        "owner_name": in_language(part.get("title") or part["label"]),
        "tree": branching.described(node, questionnaire) if node else None,
        "askable": askable,
        "seen": structure.fingerprint(node),
        "back": reverse("build", args=[survey.pk]) + f"#{owner}-{owner_code}",
    }
    return render(request, "satisfaction/building/condition.html", context)


_ACTS = {
    "xoa": branching.remove,
    "doi": branching.turn,
    "dao": branching.deny,
    "nhom": branching.group,
}


def _act_on_condition(request: HttpRequest, survey: Survey, owner: str, owner_code: str) -> None:
    name, _colon, path = request.POST.get("act", "").partition(":")
    if name not in _ACTS:
        raise Http404
    seen = request.POST.get("seen", "")

    def edit(definition: Definition, _spent: dict) -> None:
        held = branching.owner(definition, owner, owner_code)
        if seen != structure.fingerprint(held.get("show_if")):
            raise ValidationError(
                _("Somebody changed the condition meanwhile; it is shown as it stands now.")
            )
        _ACTS[name](held, path)
        branching.require_readable(held)

    act(request, survey, edit, f"condition {owner_code}", _("The condition is changed."))


def condition_line(
    request: HttpRequest, survey_id: int, owner: str, owner_code: str
) -> HttpResponse:
    """One line: `cau` names the question it asks for, `nhom` the group it joins, or `dong` the
    line that it replaces."""
    survey = survey_of(request, survey_id)
    line, group = request.GET.get("dong"), request.GET.get("nhom", "")
    definition = draft_of(survey).definition
    try:
        node = _line(definition, owner, owner_code, line) if line is not None else None
        asked = _asked(definition, owner, owner_code, node, request.GET.get("cau", ""))
    except Gone as gone:
        raise Http404 from gone

    def look(definition: Definition) -> object:
        return branching.owner(definition, owner, owner_code).get("show_if")

    def save(definition: Definition, _spent: dict, form: LineForm) -> None:
        held = branching.owner(definition, owner, owner_code)
        if line is not None:
            branching.put(held, line, form.node())
        else:
            branching.add(held, group, form.node())
        branching.require_readable(held)

    page = Page(
        _("%(code)s “%(label)s”") % {"code": asked.code, "label": asked.label},
        f"condition {owner_code}",
        lambda _definition, data: LineForm(data, question=asked, node=node),
        look,
        save,
        reverse("build_condition", args=[survey.pk, owner, owner_code]),
    )
    return edited(request, survey, page)


def _line(definition: Definition, owner: str, owner_code: str, path: str) -> Part:
    node = branching.at(branching.owner(definition, owner, owner_code).get("show_if"), path)
    if branching.is_group(node):
        raise Gone(path)
    return node


def _asked(
    definition: Definition, owner: str, owner_code: str, node: Part | None, code: str
) -> Question:
    if node is not None:
        code = next(branching.leaves(node))["question"]
    for question in branching.askable(read(definition), owner, owner_code):
        if question.code == code:
            return question
    raise Gone(code)
