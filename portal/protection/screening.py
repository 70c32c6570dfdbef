"""Who fills in this form: a person, or something worth a question? Never a closed door."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from portal.rules.values import value

from . import throttle
from .form_tokens import FormToken

HONEYPOT = "website"


@dataclass(frozen=True)
class Verdict:
    """`reasons` is empty when the form may pass without a challenge."""

    reasons: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        return not self.reasons


def assess(request: HttpRequest, purpose: str, token: FormToken | None) -> Verdict:
    """Weigh honeypot, time on the form, and the caller's count of this hour."""
    reasons = []
    if request.POST.get(HONEYPOT):
        reasons.append("honeypot")
    if token is None or token.age_s < value("protection.form_min_seconds").integer:
        reasons.append("too_fast")
    if not throttle.hit(purpose, request, value("protection.throttle_per_hour").integer):
        reasons.append("throttle")
    return Verdict(tuple(reasons))
