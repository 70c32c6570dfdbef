"""Telling who left an e-mail that something was decided: where to look, nothing of what."""

from __future__ import annotations

from portal.outbox.draining import Refused
from portal.outbox.mail import post
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send

from ..models import Opinion, OpinionContact

KIND = "consultations.opinion-letter"
TEMPLATE = "consultations/letters/opinion.txt"


def tell(opinion: Opinion, occasion: str) -> None:
    """Call for a letter; the same occasion of an opinion is told once."""
    if OpinionContact.objects.filter(opinion=opinion).exclude(email="").exists():
        send(KIND, f"{opinion.pk}:{occasion}", opinion_id=opinion.pk)


def deliver(effect: OutboxRow) -> None:
    contact = OpinionContact.objects.filter(opinion=effect.payload["opinion_id"]).first()
    if contact is None or not contact.email:
        raise Refused("nobody to write to")
    post(effect, TEMPLATE, contact.email)
