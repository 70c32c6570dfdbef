"""Refusing an item of the public: grounds of Article 3.9 and a note to the sender."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.text import clean

from . import contribution_letters
from .contributions import require_screener, taken
from .models import Contribution, ContributionGround, ContributionState, Ground


@transaction.atomic
def turn_down(contribution_id: int, grounds: Iterable[str], note: str, by: User) -> Contribution:
    require_screener(by)
    row = taken(contribution_id)
    chosen = [ground for ground in Ground.values if ground in set(grounds)]
    problems = {}
    if not chosen:
        problems["grounds"] = _("Choose at least one ground of Article 3.9.")
    if not clean(note):
        problems["note"] = _("Say what led to the refusal, so that the sender can mend it.")
    if problems:
        raise ValidationError(problems)
    row.state, row.note = ContributionState.REFUSED, clean(note)
    row.decided_by, row.decided_at = by, clock.now()
    row.save(update_fields=["state", "note", "decided_by", "decided_at"])
    ContributionGround.objects.bulk_create(
        ContributionGround(contribution=row, ground=name) for name in chosen
    )
    log(row, "editorial.contribution.refuse", user=by)
    contribution_letters.tell(row)
    return row
