"""Items of the public: who may see them, what waits, what the sender may know."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.codes import normalise
from portal.protection.models import UNKNOWN, FileState

from .authority import may_screen
from .models import Contribution, ContributionFile, ContributionState


def require_screener(user: User) -> None:
    """The working group alone: an item names people (Art. 5.5.c, 8.2)."""
    if not may_screen(user):
        raise PermissionDenied(_("Only the working group screens (Art. 5.5.c)."))


def with_files(rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    files = ContributionFile.objects.select_related("file", "image", "document")
    return rows.prefetch_related(Prefetch("files", files))


def waiting() -> QuerySet[Contribution]:
    """Nobody has decided on these; the oldest first."""
    return Contribution.objects.filter(state=ContributionState.RECEIVED).order_by("sent_at", "pk")


def of_code(typed: str) -> Contribution | None:
    """The item of a receipt's code as a person types it."""
    code = normalise(typed)
    rows = Contribution.objects.select_related("page")
    return rows.filter(code=code).first() if code else None


def taken(contribution_id: int) -> Contribution:
    """The item, locked; ValidationError when somebody has decided on it meanwhile."""
    rows = Contribution.objects.select_for_update(of=("self",))
    row = rows.get(pk=contribution_id)
    if row.state != ContributionState.RECEIVED:
        raise ValidationError(
            _("The item has moved on meanwhile: %(state)s."),
            params={"state": row.get_state_display()},
        )
    return row


def files_in_words(row: Contribution) -> str:
    """How many files, and what stands against them."""
    states = [item.file.state for item in row.files.all()]
    if not states:
        return _("No files")
    words = [_("%(n)d files") % {"n": len(states)}]
    found = [
        (sum(state in UNKNOWN for state in states), _("%(n)d not checked yet")),
        (states.count(FileState.INFECTED), _("%(n)d infected")),
        (states.count(FileState.DAMAGED), _("%(n)d cannot be read")),
    ]
    words += [text % {"n": count} for count, text in found if count]
    return "; ".join(words)
