"""What the pages of an opinion share: who writes on which draft, the closed door, the errors."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.protection import guard
from portal.rules.values import value
from portal.text import clean

from .. import window
from ..models import ConsultationPage, OpinionDraft
from . import drafting
from .subjects import Subject

COOKIE = "gop-y"
DAY_SECONDS = 86_400
TEMPLATES = "consultations/commenting"
GROUPS = {"respondent_kind", "is_name_shown", "kind"}


def address(page: ConsultationPage, subject: Subject, step: str = "") -> str:
    rest = page.reverse_subpage("opinion_step" if step else "opinion", args=_args(subject, step))
    return page.url + rest


def _args(subject: Subject, step: str) -> tuple[str, ...]:
    return (subject.target, step) if step else (subject.target,)


def draft_of(request: HttpRequest, subject: Subject) -> OpinionDraft | None:
    """The draft on this subject that this browser began."""
    draft = drafting.resume(request.COOKIES.get(COOKIE, ""))
    provision_id = subject.provision.pk if subject.provision else None
    wanted = (subject.consultation.pk, provision_id)
    return draft if draft and (draft.consultation_id, draft.provision_id) == wanted else None


def remember(response: HttpResponse, page: ConsultationPage, subject: Subject, key: str) -> None:
    """Hand out the draft's key, on the addresses of this subject only."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=value("consultation.draft_days").integer * DAY_SECONDS,
        path=address(page, subject),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, page: ConsultationPage, subject: Subject) -> None:
    response.delete_cookie(COOKIE, path=address(page, subject), samesite="Lax")


def posted(request: HttpRequest) -> dict[str, str]:
    """As it is stored and shown again: NFC, without control characters."""
    return {name: clean(text) for name, text in request.POST.items()}


def errors_of(
    form: forms.Form, form_guard: guard.Guard | None = None, told: str = ""
) -> list[tuple[str, str]]:
    """For the summary: where each is mended, and what to do."""
    errors = []
    if told:
        asked = form_guard is not None and form_guard.challenge is not None
        errors.append(("id_captcha_text" if asked else "form", told))
    for field in form:
        # A group of radio buttons is reached at its first.
        target = f"{field.auto_id}_0" if field.name in GROUPS else field.auto_id
        errors += [(target, message) for message in field.errors]
    return errors


def closed(
    request: HttpRequest,
    page: ConsultationPage,
    subject_name: str,
    said: Iterable[tuple[str, str]] = (),
) -> HttpResponse:
    """Opinions are not taken now; what was written goes back to its writer, and nowhere else."""
    context = {
        "page": page,
        "back": page.url,
        "window": window.of(page.consultation),
        "subject_name": subject_name,
        "said": [(label, words) for label, words in said if words],
    }
    return render(request, f"{TEMPLATES}/closed.html", context, status=403)
