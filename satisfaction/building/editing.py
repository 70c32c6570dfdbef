"""One page of the builder: a form for one part of the draft, saved without losing anything.

Two people may work at once. Where the part changed since the form was shown, the form comes
back with what was typed, beside what stands now; the second press writes over it knowingly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from editorial.acting import add_error
from portal.protection import form_tokens
from portal.protection.form_tokens import AlreadySpent
from portal.text import clean

from ..models import QuestionnaireDraft, Survey
from .drafts import Conflict, Look, change, draft_of, require_builder
from .structure import Definition, Gone, fingerprint

OURS = {"csrfmiddlewaretoken", "seen", "form_token"}
PURPOSE = "satisfaction.build"
MakeForm = Callable[[Definition, QueryDict | None], forms.Form]
Save = Callable[[Definition, dict, forms.Form], object]


@dataclass(frozen=True)
class Page:
    """`what` names the change in the log; `look` gives the part that the form shows."""

    title: str
    what: str
    form: MakeForm
    look: Look
    save: Save
    back: str
    template: str = "satisfaction/building/form.html"
    extra: dict = field(default_factory=dict)


def survey_of(request: HttpRequest, survey_id: int) -> Survey:
    """The survey, for who may build it."""
    require_builder(request.user)
    return get_object_or_404(Survey, pk=survey_id)


def edited(request: HttpRequest, survey: Survey, page: Page) -> HttpResponse:
    draft = draft_of(survey)
    try:
        seen = fingerprint(page.look(draft.definition))
    except Gone as gone:
        if request.method != "POST":
            raise Http404 from gone
        return _gone(request, survey, draft, page)
    if request.method != "POST":
        return _show(request, survey, draft, page, page.form(draft.definition, None), seen)
    if request.POST.get("seen", seen) != seen:
        return _conflict(request, survey, draft, page)
    form = page.form(draft.definition, request.POST)
    if form.is_valid():
        answer = _saved(request, survey, page, form, seen)
        if answer:
            return answer
    return _show(request, survey, draft, page, form, seen, status=422)


def _saved(
    request: HttpRequest, survey: Survey, page: Page, form: forms.Form, seen: str
) -> HttpResponse | None:
    """None where the form has to be shown again with its errors."""

    def save(definition: Definition, spent: dict) -> None:
        spend(request)
        page.save(definition, spent, form)

    try:
        change(survey.pk, save, by=request.user, what=page.what, look=page.look, seen=seen)
    except AlreadySpent:
        # The second click of one form: the first one saved it.
        return redirect(page.back)
    except Conflict as conflict:
        return _conflict(request, survey, conflict.draft, page)
    except Gone:
        return _gone(request, survey, draft_of(survey), page)
    except ValidationError as error:
        add_error(form, error)
        return None
    messages.success(request, _("Saved in the draft; nothing is public yet."))
    return redirect(page.back)


def spend(request: HttpRequest) -> None:
    """One form counts once, inside the transaction that it changes something in."""
    try:
        token = form_tokens.read(request.POST.get("form_token", ""), PURPOSE)
    except form_tokens.BadToken:
        return  # left open over night: who is signed in may still save
    form_tokens.spend(token.id, PURPOSE, "")


def _show(
    request: HttpRequest,
    survey: Survey,
    draft: QuestionnaireDraft,
    page: Page,
    form: forms.Form,
    seen: str,
    status: int = 200,
    **more,
) -> HttpResponse:
    context = {
        "survey": survey,
        "draft": draft,
        "title": page.title,
        "form": form,
        "media": form.media,
        "seen": seen,
        "form_token": form_tokens.issue(PURPOSE),
        "back": page.back,
        **page.extra,
        **more,
    }
    return render(request, page.template, context, status=status)


def _conflict(
    request: HttpRequest, survey: Survey, draft: QuestionnaireDraft, page: Page
) -> HttpResponse:
    """What was typed stays in the form; what stands now is told field by field."""
    theirs = page.form(draft.definition, None)
    typed = request.POST.copy()
    for name in theirs.fields:
        bound = theirs[name]
        is_box = isinstance(bound.field, forms.BooleanField | forms.MultipleChoiceField)
        if name not in typed and not is_box and bound.value() is not None:
            typed[name] = str(bound.value())
    form = page.form(draft.definition, typed)
    form.is_valid()
    seen = fingerprint(page.look(draft.definition))
    return _show(
        request,
        survey,
        draft,
        page,
        form,
        seen,
        status=409,
        conflict={"theirs": _differing(form, theirs), "lost": _left_over(request, form)},
    )


def _differing(form: forms.Form, theirs: forms.Form) -> list[tuple[str, str]]:
    """Label and value as it stands now, of the fields where something else was typed."""
    return [
        (str(theirs[name].label), _shown(theirs[name].value()))
        for name in theirs.fields
        if _shown(theirs[name].value()) != _shown(form[name].value())
    ]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _left_over(request: HttpRequest, form: forms.Form) -> list[str]:
    """What was typed into fields that the form no longer has."""
    return [
        clean(text)
        for name, texts in request.POST.lists()
        if name not in form.fields and name not in OURS and name.startswith(("vi_", "en_"))
        for text in texts
        if clean(text)
    ]


def _gone(
    request: HttpRequest, survey: Survey, draft: QuestionnaireDraft, page: Page
) -> HttpResponse:
    typed = [
        clean(text)
        for name, texts in request.POST.lists()
        if name not in OURS
        for text in texts
        if clean(text)
    ]
    context = {"survey": survey, "draft": draft, "title": page.title, "typed": typed}
    return render(request, "satisfaction/building/gone.html", context, status=409)


def act(request: HttpRequest, survey: Survey, edit: Callable, what: str, done: str) -> None:
    """A change that one button makes."""
    try:
        change(survey.pk, edit, by=request.user, what=what)
    except Gone:
        messages.error(request, _("Somebody removed this meanwhile."))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, done)
