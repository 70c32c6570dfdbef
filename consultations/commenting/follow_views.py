"""Following one's opinion by its receipt's code, which stands in no address and no log."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.protection import challenge, guard
from portal.text import clean

from ..models import Opinion
from ..moderation import deciding
from ..window import NotOpen
from . import following, sending
from .forms import WordsForm
from .shared import TEMPLATES, errors_of, posted

SCOPE = "consultations.opinion-follow"
Act = Callable[[HttpRequest, Opinion], HttpResponse]


@sensitive_post_parameters("ma")
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code; past an hour's count, for an answer to the challenge with it."""
    if request.method == "GET":
        return _ask(request)
    asked = guard.ask_often(request, SCOPE)
    if asked:
        return _ask(request, asked.error, asked)
    opinion = following.of_code(_typed(request))
    if opinion is None:
        return _ask(
            request,
            _("There is no opinion with this code. Check each character; the code has 12 of them."),
        )
    return _show(request, opinion)


def _typed(request: HttpRequest) -> str:
    return clean(request.POST.get("ma", ""))[:60]


def _ask(
    request: HttpRequest,
    told: str = "",
    asked: challenge.Challenge | None = None,
    said: str = "",
) -> HttpResponse:
    context = {
        "typed": _typed(request),
        "told": "" if asked else told,
        "said": said,
        "errors": [("id_captcha_text" if asked else "ma", told)] if told else [],
        "has_errors": bool(told),
        "guard": guard.Guard("", challenge=asked) if asked else None,
        "extra_crumbs": [(_("Follow an opinion"), "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/follow.html", context, status=status)


def _show(
    request: HttpRequest, opinion: Opinion, done: str = "", told: list[str] | None = None
) -> HttpResponse:
    context = {
        "told": following.told(opinion),
        "opinion": opinion,
        "consultation_url": _page_url(opinion),
        "pass": following.pass_of(opinion),
        "done": done,
        "appeal_typed": clean(request.POST.get("khieu-nai", "")),
        "errors": [("khieu-nai", message) for message in told or []],
        "has_errors": bool(told),
        "extra_crumbs": [(_("Follow an opinion"), "")],
    }
    return render(request, f"{TEMPLATES}/state.html", context, status=422 if told else 200)


def _page_url(opinion: Opinion) -> str:
    page = opinion.consultation.pages.filter(live=True).order_by("pk").first()
    return page.url if page else ""


def _acting(act: Act) -> Callable[[HttpRequest], HttpResponse]:
    """For who has shown the code: the pass in the form says which opinion."""

    @sensitive_post_parameters("luot", "text", "suggested_text")
    @never_cache
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "GET":
            return redirect("opinion_follow")
        opinion = following.of_pass(request.POST.get("luot", ""))
        if opinion is None:
            said = clean(request.POST.get("text", "") or request.POST.get("khieu-nai", ""))
            return _ask(request, _("Please enter the receipt code again."), said=said)
        return act(request, opinion)

    return view


def _correct(request: HttpRequest, opinion: Opinion) -> HttpResponse:
    if not following.told(opinion).may_correct:
        return _too_late(request, opinion)
    if "luu" not in request.POST:
        return _correcting(request, opinion, WordsForm.of(opinion))
    form = WordsForm(posted(request), consultation=opinion.consultation, quoted=opinion.quoted_text)
    if not form.is_valid():
        return _correcting(request, opinion, form)
    found = form.cleaned_data
    try:
        row = sending.correct(
            opinion,
            text=found["text"],
            suggested_text=found.get("suggested_text", ""),
            answers=form.answers(),
        )
    except NotOpen:
        return _too_late(request, opinion)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _correcting(request, opinion, form)
    return _show(request, row, _("Your correction has been received."))


def _too_late(request: HttpRequest, opinion: Opinion) -> HttpResponse:
    """Nothing is changed; what was written goes back to its writer."""
    context = {
        "opinion": opinion,
        "window": following.told(opinion).window,
        "subject_name": str(opinion.provision or opinion.consultation),
        "said": [(_("Your opinion"), clean(request.POST.get("text", "")))],
        "back": _page_url(opinion),
    }
    return render(request, f"{TEMPLATES}/closed.html", context, status=403)


def _correcting(request: HttpRequest, opinion: Opinion, form: WordsForm) -> HttpResponse:
    errors = errors_of(form)
    context = {
        "opinion": opinion,
        "form": form,
        "pass": following.pass_of(opinion),
        "errors": errors,
        "has_errors": bool(errors),
        "extra_crumbs": [(_("Correct an opinion"), "")],
    }
    return render(request, f"{TEMPLATES}/correct.html", context, status=422 if errors else 200)


def _withdraw(request: HttpRequest, opinion: Opinion) -> HttpResponse:
    if "rut" not in request.POST:
        context = {
            "opinion": opinion,
            "pass": following.pass_of(opinion),
            "extra_crumbs": [(_("Withdraw an opinion"), "")],
        }
        return render(request, f"{TEMPLATES}/withdraw.html", context)
    try:
        row = sending.withdraw(opinion)
    except ValidationError:
        # The second click: withdrawn is withdrawn.
        row = opinion
    return _show(request, row, _("Your opinion has been withdrawn."))


def _appeal(request: HttpRequest, opinion: Opinion) -> HttpResponse:
    try:
        deciding.appeal(opinion, posted(request).get("khieu-nai", ""))
    except ValidationError as error:
        return _show(request, opinion, told=error.messages)
    return _show(request, opinion, _("Your appeal has been received."))


correct = _acting(_correct)
withdraw = _acting(_withdraw)
appeal = _acting(_appeal)
