"""Telling who took part that the answers are out: where to look, and nothing of what."""

from __future__ import annotations

from django.db import transaction

from portal.outbox.draining import Refused
from portal.outbox.mail import post
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send, send_many

from ..models import COUNTED, OpinionContact, Publication

ALL = "consultations.answers-letters"
ONE = "consultations.answers-letter"
TEMPLATE = "consultations/letters/answered.txt"


def call_for_all(publication: Publication) -> None:
    """One row now, in the transaction that publishes; the letters themselves in the queue."""
    send(ALL, f"{publication.pk}", publication_id=publication.pk)


def call_for_each(effect: OutboxRow) -> None:
    """Outbox handler: a letter for every participant who left an address, each once."""
    publication = Publication.objects.get(pk=effect.payload["publication_id"])
    contacts = OpinionContact.objects.filter(
        opinion__consultation=publication.consultation_id, opinion__state__in=COUNTED
    )
    keys = contacts.exclude(email="").order_by("opinion").values_list("opinion", flat=True)
    with transaction.atomic():
        send_many(
            ONE,
            (
                (f"{publication.pk}:{key}", {"opinion_id": key, "publication_id": publication.pk})
                for key in keys.iterator()
            ),
        )


def deliver(effect: OutboxRow) -> None:
    """Outbox handler: who withdrew meanwhile, or whose address is erased, hears nothing."""
    contact = (
        OpinionContact.objects.filter(
            opinion=effect.payload["opinion_id"], opinion__state__in=COUNTED
        )
        .exclude(email="")
        .first()
    )
    if contact is None:
        raise Refused("nobody to write to")
    post(effect, TEMPLATE, contact.email)
