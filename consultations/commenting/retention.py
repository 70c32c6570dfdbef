"""How to reach who sent an opinion goes in its time: once the answers have been out a while."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from portal import clock
from portal.rules.values import value

from ..models import OpinionContact


def erase_due() -> int:
    """Nightly chore."""
    oldest = clock.now() - timedelta(days=value("consultation.contact_days").integer)
    due = OpinionContact.objects.filter(opinion__consultation__answered_at__lt=oldest)
    return due.filter(~Q(email="") | ~Q(phone="")).update(email="", phone="")
