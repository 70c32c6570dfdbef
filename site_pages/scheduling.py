"""Publishing what was approved for a time that has come, each page by itself.

Wagtail's own command stops at the first page that is refused, and takes down what has an
expiry date; here a refusal is told in the page's history and the others go on.
"""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

from portal import clock

logger = logging.getLogger(__name__)
REFUSED = "site_pages.schedule_refused"


def publish_due() -> int:
    """Publish every revision whose time has come; how many went public."""
    due = Revision.objects.filter(approved_go_live_at__lte=clock.now())
    return sum(
        _publish(pk)
        for pk in list(due.order_by("approved_go_live_at").values_list("pk", flat=True))
    )


def _publish(revision_id: int) -> bool:
    try:
        with transaction.atomic():
            revision = Revision.objects.select_for_update().get(pk=revision_id)
            if revision.approved_go_live_at is None:
                return False
            revision.publish(log_action="wagtail.publish.scheduled")
    except ValidationError as refusal:
        _tell(revision_id, " ".join(refusal.messages))
        return False
    except PermissionDenied as refusal:
        _tell(revision_id, str(refusal))
        return False
    return True


def _tell(revision_id: int, reason: str) -> None:
    """The page stays a draft and its history says why."""
    with transaction.atomic():
        revision = Revision.objects.select_for_update().get(pk=revision_id)
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        page = revision.content_object
        log(page, REFUSED, data={"reason": reason}, revision=revision)
    logger.warning("page %s was not published at its time: refused", page.pk)
