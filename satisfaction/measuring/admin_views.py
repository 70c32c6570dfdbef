"""How a survey is measured, in the admin: definitions of the index, weightings."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import results
from ..intervals import Estimate
from ..models import Pooling, Survey, WeighingMethod, Weighting
from ..questionnaires import Questionnaire, read
from ..results import ALL, Wanted
from ..suppression import fewest_shown, hidden
from ..versions import current_version
from . import definitions, figures, indices, weighting
from .forms import ChooseForm, DefinitionForm, TargetsForm

CLEAN = Wanted(with_flagged=False)


def _survey(request: HttpRequest, survey_id: int, permission: str) -> tuple[Survey, Questionnaire]:
    if not request.user.has_perm(f"satisfaction.{permission}"):
        raise PermissionDenied
    survey = get_object_or_404(Survey, pk=survey_id)
    version = current_version(survey)
    if version is None:
        raise Http404
    return survey, read(version.definition)


def measures(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey, questionnaire = _survey(request, survey_id, "view_results")
    definition, k = definitions.current(survey, questionnaire), fewest_shown(request.user)
    alpha = figures.reliability(survey, questionnaire, definition.items)
    context = {
        "survey": survey,
        "definition": definition,
        "pooling": Pooling(definition.pooling).label,
        "rows": survey.index_definitions.select_related("made_by"),
        "weightings": survey.weightings.select_related("ordered_by"),
        "figures": _variants(survey, questionnaire, definition, k),
        "apart": _weighted_apart(survey, definition),
        "alpha": alpha if alpha.n >= k else None,
        "may_define": request.user.has_perm("satisfaction.define_measures"),
    }
    return render(request, "satisfaction/measuring/measures.html", context)


def _variants(
    survey: Survey, questionnaire: Questionnaire, definition: definitions.Definition, k: int
) -> list[dict[str, object]]:
    """The index as it stands, without flagged responses, and weighted, as a reader with this k
    sees them: the first two beside each other tell of the flagged."""
    every, clean = (
        indices.index(survey, questionnaire, definition, wanted) for wanted in (ALL, CLEAN)
    )
    n, clean_n = (found.n if found else 0 for found in (every, clean))
    if n < k:
        every = None
    if hidden({"clean": clean_n, "flagged": n - clean_n}, k):
        clean = None
    made: list[tuple[str, Estimate | None]] = [
        (_("All valid responses"), every),
        (_("Without flagged responses"), clean),
    ]
    latest = weighting.latest(survey)
    if latest and weighting.is_by(latest, definition):
        title = _("Weighted (weighting %(number)d)") % {"number": latest.number}
        weighed = weighting.by_scope(latest).get("")
        made.append((title, weighed if weighed and weighed.n >= k else None))
    return [_figure(title, found, definition) for title, found in made]


def _weighted_apart(survey: Survey, definition: definitions.Definition) -> Weighting | None:
    """The newest weighting, where another definition made its figures: not in one table."""
    latest = weighting.latest(survey)
    return latest if latest and not weighting.is_by(latest, definition) else None


def _figure(
    title: str, made: Estimate | None, definition: definitions.Definition
) -> dict[str, object]:
    if made is None:
        return {"title": title, "n": 0, "value": "–", "interval": "–"}
    low, high = (definition.in_words(end) for end in (made.low, made.high))
    return {
        "title": title,
        "n": made.n,
        "value": definition.in_words(made.value),
        "interval": f"{low} – {high}",
    }


def define(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey, questionnaire = _survey(request, survey_id, "define_measures")
    now = definitions.current(survey, questionnaire)
    form = DefinitionForm(questionnaire, now, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            definitions.define(survey, request.user, **form.asked())
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The index is computed this way from now on."))
            return redirect("survey_measures", survey_id)
    context = {
        "survey": survey,
        "form": form,
        "title": _("Define how the index is computed"),
        "intro": _("Reports that were made keep the definition they were made by."),
        "button": _("Lay down"),
    }
    return _form(request, context)


@require_POST
def withdraw(request: HttpRequest, survey_id: int, definition_id: int) -> HttpResponse:
    survey, _questionnaire = _survey(request, survey_id, "define_measures")
    row = get_object_or_404(survey.index_definitions, pk=definition_id)
    if definitions.withdraw(row.pk, request.user):
        messages.success(request, _("The definition is taken back."))
    else:
        messages.error(request, _("A report was made by it, or a newer one stands: it stays."))
    return redirect("survey_measures", survey_id)


def weigh(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Two steps: which questions, then the shares. The choice stands in the address."""
    survey, questionnaire = _survey(request, survey_id, "define_measures")
    chosen = ChooseForm(questionnaire, request.GET if "questions" in request.GET else None)
    context = {"survey": survey, "title": _("Have weights computed")}
    if not chosen.is_valid():
        context |= {
            "form": chosen,
            "intro": _("Weights give the respondents the make-up of the population."),
            "button": _("Continue"),
            "method": "get",
        }
        return _form(request, context)
    codes, method = chosen.cleaned_data["questions"], chosen.cleaned_data["method"]
    form = TargetsForm([chosen.people[code] for code in codes], method, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = weighting.order(
                survey,
                request.user,
                questions=codes,
                method=method,
                targets=form.targets,
                limits=form.limits,
                source=form.cleaned_data["source"],
            )
        except ValidationError as error:
            _tell(form, error)
        else:
            return redirect("survey_weighting", survey_id, row.pk)
    intro = (
        _("Write each group's share in the population; each question adds up to 100%.")
        if method == WeighingMethod.RAKING
        else _("Write each combination's share in the population; they add up to 100%.")
    )
    return _form(request, context | {"form": form, "intro": intro, "button": _("Compute")})


def _tell(form: Form, error: ValidationError) -> None:
    """The verb's objections, at the field where the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


def _form(request: HttpRequest, context: dict) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "satisfaction/measuring/form.html", context, status=status)


def weighting_detail(request: HttpRequest, survey_id: int, weighting_id: int) -> HttpResponse:
    survey, questionnaire = _survey(request, survey_id, "view_results")
    row = get_object_or_404(Weighting, survey=survey, pk=weighting_id)
    k = fewest_shown(request.user)
    groups = _groups(row, questionnaire, k)
    context = {
        "survey": survey,
        "has_hidden": any(group["n"] is None for group in groups),
        "weighting": row,
        "questions": [questionnaire.counted[code].label for code in row.questions],
        "groups": groups,
        "criteria": _beside(survey, questionnaire, row, k),
        "agencies": _agencies_beside(survey, row, k),
    }
    return render(request, "satisfaction/measuring/weighting.html", context)


def _groups(row: Weighting, questionnaire: Questionnaire, k: int) -> list[dict[str, object]]:
    """Groups with their weights. A weight tells how many share it: hidden with their number."""
    groups = list(row.groups.order_by("-n", "pk"))
    secret = hidden({group.pk: group.n for group in groups}, k)
    asked = [questionnaire.counted[code] for code in row.questions]
    return [
        {
            "names": [
                choice.label if (choice := question.choice(code)) else _("Not said")
                for question, code in zip(asked, group.profile, strict=True)
            ],
            "n": None if group.pk in secret else group.n,
            "weight": None if group.pk in secret else group.weight,
        }
        for group in groups
    ]


def _beside(
    survey: Survey, questionnaire: Questionnaire, row: Weighting, k: int
) -> list[dict[str, object]]:
    """Index and criteria with and without the weights: one definition, the same people."""
    titles = {section.code: section.title for section in questionnaire.sections}
    plain, weighted = weighting.plain_by_scope(row), weighting.by_scope(row)
    now = {scope: m.n for scope, m in results.moments_by_scope(survey).items()}
    secret = _small_scopes({scope: _people(made) for scope, made in plain.items()}, k)
    secret |= _small_scopes(now, k)
    return [
        _row(titles.get(scope) or _("Whole index"), plain.get(scope), made, scope in secret)
        for scope, made in sorted(weighted.items())
    ]


def _small_scopes(sizes: Mapping[str, int], k: int) -> set[str]:
    secret = hidden({scope: n for scope, n in sizes.items() if scope}, k)
    return secret | {""} if sizes.get("", 0) < k else secret


def _agencies_beside(survey: Survey, row: Weighting, k: int) -> list[dict[str, object]]:
    """What is hidden now stays hidden here, and so does what was small when it was weighed."""
    plain, weighted = weighting.plain_by_agency(row), weighting.by_agency(row)
    now = {agency: m.n for agency, m in results.moments_by_agency(survey).items()}
    secret = hidden(now, k) | hidden({agency: _people(made) for agency, made in plain.items()}, k)
    return [
        _row(agency.name, made, weighted.get(agency), agency in secret)
        for agency, made in plain.items()
    ]


def _people(made: Estimate | None) -> int:
    return made.n if made else 0


def _row(
    title: str, plain: Estimate | None, weighted: Estimate | None, is_hidden: bool
) -> dict[str, object]:
    if is_hidden:
        return {"title": title, "plain": None, "weighted": None}
    return {"title": title, "plain": plain, "weighted": weighted}
