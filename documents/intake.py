"""The 72 hours of documents (Art. 8.1.a), for lists and for the editorial room."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils import timezone

from editorial import clocks
from portal import clock

from .models import LegalDocumentPage

RULE = "documents.intake_hours"


def issue_day_ends() -> Combinable:
    """The clock starts when the day of issue ends in Hanoi."""
    offset = timezone.localtime(clock.now()).utcoffset() or timedelta()
    midnight = Cast("issued_on", DateTimeField())
    return ExpressionWrapper(
        midnight + Value(timedelta(days=1) - offset), output_field=DateTimeField()
    )


clocks.register(LegalDocumentPage, RULE, issue_day_ends, lambda: F("issuer"))
