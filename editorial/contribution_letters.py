"""Telling the sender that something was decided: where to look, and nothing of what.

Like every letter of the portal it goes through the outbox; it is apart from the others
because its reader has no account.
"""

from __future__ import annotations

from portal.outbox.draining import Refused
from portal.outbox.mail import post
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send

from .models import Contribution

KIND = "editorial.contribution-letter"
TEMPLATE = "editorial/letters/contribution.txt"


def tell(row: Contribution) -> None:
    """Call for the letter where the sender left an address."""
    if row.email:
        send(KIND, f"{row.pk}:{row.state}", contribution_id=row.pk)


def deliver(effect: OutboxRow) -> None:
    row = Contribution.objects.filter(pk=effect.payload["contribution_id"]).first()
    if row is None or not row.email:
        raise Refused("nobody to write to")
    post(effect, TEMPLATE, row.email)
