"""What the public entrusted goes in its time: nothing is kept longer than it is needed.

- who sent an item, some days after the decision;
- of a refused item its text and files with it: the refusal, its grounds and note remain;
- of an item taken up what the libraries did not take: its text is the supplier's original.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from wagtail.log_actions import log

from portal import clock
from portal.protection import quarantine
from portal.rules.values import value

from .models import Contribution, ContributionState


def erase_due() -> int:
    """Nightly chore."""
    oldest = clock.now() - timedelta(days=value("contribution.personal_days").integer)
    due = Contribution.objects.filter(decided_at__lt=oldest, erased_at=None)
    due = list(due.values_list("pk", flat=True))
    for contribution_id in due:
        _erase(contribution_id)
    return len(due)


@transaction.atomic
def _erase(contribution_id: int) -> None:
    row = Contribution.objects.select_for_update().get(pk=contribution_id)
    row.sender_name = row.email = row.phone = ""
    if row.state == ContributionState.REFUSED:
        row.title = row.text = ""
    row.erased_at = clock.now()
    row.save(update_fields=["sender_name", "email", "phone", "title", "text", "erased_at"])
    for item in row.files.select_related("file").filter(file__emptied_at=None):
        quarantine.empty(item.file)
    log(row, "editorial.contribution.erase")
