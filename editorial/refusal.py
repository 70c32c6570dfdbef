"""Từ chối: at least one of the nine grounds of Article 3.9, and a note."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User

from . import notices
from .authority import Authority, authority, may_screen
from .models import Action, ApprovalTask, Ground, RefusalGround, ReviewStep, ScreeningTask
from .notices import Occasion
from .workflow import Item, back_to_screening, find, record, require_text, take


@transaction.atomic
def refuse(task_state_id: int, user: User, grounds: Iterable[str], note: str) -> ReviewStep:
    """Refuse an item; the sender and who reviewed it before are told."""
    item = take(task_state_id, type(find(task_state_id).task))
    right = _right(item, user)
    chosen = [ground for ground in Ground.values if ground in set(grounds)]
    problems = {}
    if not chosen:
        problems["grounds"] = _("Choose at least one ground of Article 3.9.")
    if not note.strip():
        problems["note"] = _("Say what led to the refusal, so that the sender can mend it.")
    if problems:
        raise ValidationError(problems)
    note = require_text(note)
    step = record(item, Action.REFUSED, user, right, note=note)
    RefusalGround.objects.bulk_create(RefusalGround(step=step, ground=name) for name in chosen)
    item.state.reject(user=user, comment=note)
    back_to_screening(item)
    notices.tell_sender(item, Occasion.REFUSED, step)
    notices.tell_earlier_reviewers(item, Occasion.REFUSED, step)
    return step


def _right(item: Item, user: User) -> Authority | None:
    if isinstance(item.task, ScreeningTask) and may_screen(user):
        return None
    right = authority(user, item.page)
    if not isinstance(item.task, ApprovalTask) or right is None:
        raise PermissionDenied(_("You are not in charge of this section today."))
    return right
