"""The network of collaborators: contracts and assignments, begun and ended (Art. 12.2, 13.3.a)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.text import clean

from . import handing_over
from .access import settle, sync
from .models import Collaborator, CollaboratorKind
from .papers import cut, may_record, period_problems, require


@transaction.atomic
def start(
    user: User,
    kind: CollaboratorKind,
    paper: str,
    valid_from: date,
    by: User,
    agency: Agency | None = None,
    valid_to: date | None = None,
    sections: Iterable[Page] = (),
) -> Collaborator:
    """Begin a contract, or take in whom an agency sends; the access comes with it."""
    require(may_record(by))
    # Two contracts of one person begun at once wait in line here.
    User.objects.select_for_update().get(pk=user.pk)
    problems = period_problems(valid_from, valid_to)
    if not clean(paper):
        problems["paper"] = _("Fill this in.")
    if kind == CollaboratorKind.OFFICIAL and agency is None:
        problems["agency"] = _("An official is sent by an agency (Art. 13.3.a). Choose it.")
    rows = Collaborator.objects.filter(user=user)
    if (rows.running_in(valid_from, valid_to) | rows.filter(valid_from=valid_from)).exists():
        problems["user"] = _("This person has a contract for this time already. End it first.")
    if problems:
        raise ValidationError(problems)
    made = Collaborator.objects.create(
        user=user,
        kind=kind,
        agency=agency,
        paper=clean(paper),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    made.sections.set(sections)
    log(made, "editorial.collaboration", user=by)
    handing_over.forget(user)
    sync(user)
    return made


@transaction.atomic
def end(
    collaborator_id: int, last_day: date, by: User, successor: User | None = None
) -> Collaborator:
    """End a contract with the day; a last day of yesterday withdraws the access at once."""
    require(may_record(by))
    row = Collaborator.objects.select_for_update().get(pk=collaborator_id)
    if not cut(row, last_day):
        raise ValidationError({"last_day": _("This contract ends by then already.")})
    data = {"last_day": f"{last_day:%d/%m/%Y}"}
    log(row, "editorial.collaboration_end", user=by, data=data)
    settle(row.user, last_day, by, successor)
    return row
