"""Going on with an answer on another device, by a code that its writer notes down."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from portal import clock
from portal.codes import new_code, normalise
from portal.protection.draft_keys import key_of
from portal.rules.values import value

from ..drafting import KEY
from ..models import Draft

# Ten characters carry 45 random bits; the throttle and the captcha stand before guessing.
CODE = (5, 5)
SALT = "satisfaction.resume"


def _hash(code: str) -> str:
    """Keyed: the short codes cannot be found again from a copy of the table."""
    return salted_hmac(SALT, code, algorithm="sha256").hexdigest()


@transaction.atomic
def give_code(draft_id: int) -> str | None:
    """A code for the draft, told once; an earlier one stops working. None if it was sent."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id, receipt_code="").first()
    if draft is None:
        return None
    code = new_code(CODE)
    draft.resume_hash, draft.updated_at = _hash(code), clock.now()
    draft.save(update_fields=["resume_hash", "updated_at"])
    return code


def key_by_code(code: str, survey_id: int) -> str | None:
    """The key of the draft that a code leads to, for this device to carry from now on."""
    canonical = normalise(code, CODE)
    if canonical is None:
        return None
    oldest = clock.now() - timedelta(days=value("survey.draft_days").integer)
    draft = Draft.objects.filter(
        resume_hash=_hash(canonical), version__survey=survey_id, updated_at__gte=oldest
    ).first()
    return key_of(KEY, draft.submission_token) if draft else None
