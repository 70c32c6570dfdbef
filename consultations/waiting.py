"""What waits for the working group: drafts to be finished, windows that run."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from site_pages.work_queue import EACH, Waiting, register_work

from . import queries, wording
from .access import may_run
from .models import Consultation, DraftText, ReadingState, TextState


@register_work
def drafts(user: User) -> Iterator[Waiting]:
    """Versions that are begun and not published."""
    if not may_run(user):
        return
    rows = DraftText.objects.filter(state=TextState.PREPARING).select_related(
        "consultation__agency"
    )
    for text in rows.order_by("pk")[:EACH]:
        yield Waiting(
            text.consultation.title,
            _task(text),
            reverse("draft_text", args=[text.pk]),
            text.consultation.agency.name,
        )


def _task(text: DraftText) -> str:
    if text.reading == ReadingState.FAILED:
        return _("The draft could not be read: hand it in again")
    if text.reading == ReadingState.READ:
        return _("Look over the provisions and publish the version")
    return _("Hand in the draft")


@register_work
def windows(user: User) -> Iterator[Waiting]:
    """Consultations that take opinions now, the next to close first."""
    if not may_run(user):
        return
    now = clock.now()
    ahead = Q(records__closes_at__gt=now)
    rows = Consultation.objects.filter(ahead).select_related("agency").distinct()
    found = {row.pk: row for row in rows}
    told = queries.windows(list(found), now)
    running = [(pk, window) for pk, window in told.items() if window.is_open]
    for pk, window in sorted(running, key=lambda item: item[1].closes_at)[:EACH]:
        yield Waiting(
            found[pk].title,
            _("Follow the consultation"),
            reverse("consultation", args=[pk]),
            found[pk].agency.name,
            due=wording.countdown(window),
            due_at=window.last_moment,
        )
