"""Rows in the admin: the table, one answer for many, and the screen of one answer."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from editorial.acting import add_error, history, listed
from portal.accounts.models import User

from ..models import Consultation, DraftText, RowState, SynthesisRow, SynthesisState
from . import answering, queries, rights, sorting
from .admin_forms import (
    AnswerForm,
    AssignForm,
    BulkAnswerForm,
    PlaceForm,
    RowFilter,
    TemplateForm,
)
from .admin_views import TEMPLATES, consultation_for, row_of
from .answering import Answer


def _final(consultation: Consultation) -> DraftText | None:
    synthesis = getattr(consultation, "synthesis", None)
    return synthesis.final_text if synthesis else None


def _is_open(consultation: Consultation) -> bool:
    synthesis = getattr(consultation, "synthesis", None)
    return synthesis is None or synthesis.state != SynthesisState.PUBLISHED


def _narrowed(request: HttpRequest, consultation: Consultation, form: RowFilter):
    found = queries.rows(consultation.pk)
    if not form.is_valid():
        return found
    told = form.cleaned_data
    if told["state"]:
        found = found.filter(state=told["state"], opinions__gt=0)
    if told["provision"]:
        found = found.filter(provision=told["provision"])
    if told["mine"]:
        found = found.filter(pk__in=rights.assigned_to(request.user).values("pk"))
    return found


def rows(
    request: HttpRequest, consultation_id: int, bound: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    consultation = consultation_for(request, consultation_id)
    form = RowFilter(request.GET or None, consultation=consultation)
    is_open = _is_open(consultation)
    context = {
        "consultation": consultation,
        "form": form,
        **listed(request, _narrowed(request, consultation, form)),
        "may_sort": is_open and rights.may_sort(request.user, consultation),
        "may_answer": is_open and rights.drafts(request.user, consultation),
        "answer_form": BulkAnswerForm(final_text=_final(consultation)),
        "assign_form": AssignForm(),
        "move_form": PlaceForm(consultation=consultation),
        "chosen": set(_chosen(request)),
    }
    if bound:
        context[bound[0]] = bound[1]
    return render(request, f"{TEMPLATES}/rows.html", context)


def _chosen(request: HttpRequest) -> list[int]:
    keys = request.POST.getlist("dong")
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 12]


def _answered(request: HttpRequest, form: forms.Form, keys: list[int], pk: int) -> int:
    return answering.answer_many(pk, keys, _given(form, is_ready=True), request.user)


def _given(form: forms.Form, is_ready: bool) -> Answer:
    told = form.cleaned_data
    place = told.get("final_provision")
    return Answer(
        told["result"], told["reasons"], told["changed_where"], place and place.pk, is_ready
    )


def _assigned(request: HttpRequest, form: forms.Form, keys: list[int], pk: int) -> int:
    name, person = form.cleaned_data["person"].strip(), None
    if name:
        person = User.objects.filter(username=name, is_active=True).first()
        if person is None:
            raise ValidationError({"person": _("There is no account of this name.")})
    return answering.assign(pk, keys, request.user, form.cleaned_data["agency"], person)


def _moved(request: HttpRequest, form: forms.Form, keys: list[int], pk: int) -> object:
    if form.cleaned_data["row"]:
        return sorting.merge(pk, keys, form.cleaned_data["row"], request.user)
    place = form.cleaned_data["provision"]
    return sorting.move(pk, keys, place.pk if place else None, request.user)


@require_POST
def rows_act(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """One act on all ticked rows: answer, assign, merge or move."""
    consultation = consultation_for(request, consultation_id)
    made = {
        "tra-loi": (
            "answer_form",
            lambda: BulkAnswerForm(request.POST, final_text=_final(consultation)),
            _answered,
            _("The rows are answered."),
        ),
        "giao": (
            "assign_form",
            lambda: AssignForm(request.POST),
            _assigned,
            _("The rows are assigned."),
        ),
        "gop": (
            "move_form",
            lambda: PlaceForm(request.POST, consultation=consultation),
            _moved,
            _("The rows are merged or moved."),
        ),
    }.get(request.POST.get("viec", ""))
    if made is None:
        raise Http404
    name, make, run, done = made
    form = make()
    if form.is_valid():
        try:
            run(request, form, _chosen(request), consultation_id)
        except ValidationError as error:
            add_error(form, error)
    if form.errors:
        return rows(request, consultation_id, (name, form))
    messages.success(request, done)
    return redirect("synthesis_rows", consultation_id)


# --- One answer -------------------------------------------------------------------------


def row(request: HttpRequest, answer_id: int) -> HttpResponse:
    found = row_of(answer_id)
    consultation = found.consultation
    rights.require(rights.may_read(request.user, consultation))
    form = AnswerForm(
        request.POST or None, initial=_initial(request, found), final_text=_final(consultation)
    )
    current = None
    if request.method == "POST" and form.is_valid():
        try:
            _saved(request, found, form)
        except ValidationError as error:
            add_error(form, error)
            # What stands now is shown beside what was typed, and may then be written over.
            now = SynthesisRow.objects.get(pk=answer_id)
            if form.cleaned_data["revision"] != now.revision:
                current = now
            form.data = form.data.copy()
            form.data["revision"] = str(now.revision)
        else:
            messages.success(request, _("The answer is saved."))
            return redirect("synthesis_row", answer_id)
    return render(request, f"{TEMPLATES}/row.html", _row_context(request, found, form, current))


def _initial(request: HttpRequest, row: SynthesisRow) -> dict:
    """The row as it stands, or the words of the template that was chosen."""
    told = {
        "revision": row.revision,
        "summary": row.summary,
        "result": row.result,
        "reasons": row.reasons,
        "changed_where": row.changed_where,
        "final_provision": row.final_provision_id,
    }
    key = request.GET.get("mau", "")
    if key.isascii() and key.isdecimal() and len(key) < 12:
        template = answering.templates_for(request.user, row).filter(pk=key).first()
        if template:
            told |= {"result": template.result, "reasons": template.reasons}
    return told


def _saved(request: HttpRequest, row: SynthesisRow, form: AnswerForm) -> None:
    is_ready = "xong" in request.POST
    told = form.cleaned_data
    answering.answer(
        row.pk, told["revision"], told["summary"], _given(form, is_ready), request.user
    )
    name = TemplateForm(request.POST)
    if request.POST.get("name") and name.is_valid():
        agency = row.consultation.agency
        if not rights.acts_for(request.user, agency):
            agency = row.agency
        answering.keep_template(
            agency, name.cleaned_data["name"], told["result"], told["reasons"], request.user
        )


def _row_context(
    request: HttpRequest, row: SynthesisRow, form: AnswerForm, current: SynthesisRow | None
) -> dict:
    consultation = row.consultation
    return {
        "consultation": consultation,
        "row": row,
        "form": form,
        "media": form.media,
        "words": queries.row_words(row),
        "may_answer": _is_open(consultation) and rights.may_answer(request.user, row),
        "is_drafter": rights.drafts(request.user, consultation),
        "templates": answering.templates_for(request.user, row),
        "template_form": TemplateForm(),
        "current": current,
        "is_answered": row.state == RowState.AGREED,
        "history": history(row),
    }
