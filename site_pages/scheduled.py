"""Pages whose editors named a moment for them: public when it comes."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError
from wagtail.models import Revision

from portal import clock

logger = logging.getLogger(__name__)


def publish_due() -> int:
    """Publish every approved revision whose moment has come; returns how many.

    Wagtail's own command stops at the first page that refuses, and the rest would wait.
    """
    due = Revision.objects.filter(approved_go_live_at__lt=clock.now())
    published = 0
    for revision in due.order_by("approved_go_live_at", "pk"):
        try:
            revision.publish(log_action="wagtail.publish.scheduled")
        except ValidationError as error:
            refused = ", ".join(sorted(getattr(error, "error_dict", {})))
            logger.warning("revision %s is due and not fit to publish: %s", revision.pk, refused)
        else:
            published += 1
    return published
