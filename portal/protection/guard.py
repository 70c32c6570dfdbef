"""What a public form does before it writes: one call that reads token, screens and challenges."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.rules.values import value

from . import challenge, form_tokens, screening, throttle
from .form_tokens import BadToken, FormToken


@dataclass(frozen=True)
class Guard:
    """What `protection/guard_fields.html` shows in a form."""

    token: str
    honeypot: str = screening.HONEYPOT
    challenge: challenge.Challenge | None = None


@dataclass(frozen=True)
class Passage:
    """Outcome of a guarded POST: `token` to be spent, or the `guard` of the form shown again."""

    token: FormToken | None
    guard: Guard | None = None
    error: str = ""
    wants_new_picture: bool = False


def fresh(purpose: str) -> Guard:
    """The guard of a form that is shown for the first time."""
    return Guard(form_tokens.issue(purpose))


def check(request: HttpRequest, purpose: str) -> Passage:
    """Let a person's form pass; ask anything else a question, keeping the form's token.

    A forged or expired token is replaced by a fresh one and the challenge is asked:
    what was typed is never lost to a clock.
    """
    posted = request.POST.get("form_token", "")
    try:
        token: FormToken | None = form_tokens.read(posted, purpose)
    except BadToken:
        token = None
    verdict = screening.assess(request, purpose, token)
    kept = posted if token else form_tokens.issue(purpose)
    if challenge.NEW_PICTURE in request.POST:
        challenge.drop(request)
        return Passage(None, Guard(kept, challenge=challenge.pose()), wants_new_picture=True)
    if verdict.is_clear and token:
        return Passage(token)
    if "captcha_key" in request.POST or "question_key" in request.POST:
        if token and challenge.is_met(request):
            return Passage(token)
        error = _("The code is not right. Enter the new code, or answer the question.")
    else:
        error = _("Please answer one of the two checks below, then send again.")
    return Passage(None, Guard(kept, challenge=challenge.pose(error)), error)


def ask_often(request: HttpRequest, scope: str) -> challenge.Challenge | None:
    """For a form that only asks, such as one for a receipt's code; None lets the request pass.

    An office behind one address is asked a question, never shut out.
    """
    if challenge.NEW_PICTURE in request.POST:
        challenge.drop(request)
        return challenge.pose()
    if throttle.hit(scope, request, value("protection.throttle_per_hour").integer):
        return None
    if "captcha_key" not in request.POST:
        return challenge.pose(_("Please answer one of the two checks below, then send again."))
    if challenge.is_met(request):
        return None
    return challenge.pose(_("The code is not right. Enter the new code, or answer the question."))
