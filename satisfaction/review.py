"""Looking over responses: rejecting one with a reason, taking a rejection back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from portal.accounts.models import User

from . import tallies
from .models import RejectionReason, Response, ResponseStatus
from .sampling import quotas


@transaction.atomic
def reject(response_id: int, reason: RejectionReason, user: User) -> bool:
    """Leave a response out of the figures. False if it was rejected before.

    Editions that were made keep their figures; the next one counts without it.
    """
    response = _locked(response_id, user)
    if response.status == ResponseStatus.REJECTED:
        return False
    quotas.release(response)
    with tallies.recounted([response]):
        response.status, response.reason = ResponseStatus.REJECTED, RejectionReason(reason)
        response.save(update_fields=["status", "reason"])
    log(response, "satisfaction.response.reject", user=user, data={"reason": response.reason})
    return True


@transaction.atomic
def restore(response_id: int, user: User) -> bool:
    """Count a rejected response again. False if it counts already."""
    response = _locked(response_id, user)
    is_empty = response.reason == RejectionReason.NOTHING_RATED and not response.rated
    if response.status == ResponseStatus.VALID or is_empty:
        return False
    quotas.retake(response)
    with tallies.recounted([response]):
        response.status, response.reason = ResponseStatus.VALID, ""
        response.save(update_fields=["status", "reason"])
    log(response, "satisfaction.response.restore", user=user)
    return True


def _locked(response_id: int, user: User) -> Response:
    if not user.has_perm("satisfaction.review_responses"):
        raise PermissionDenied
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=response_id)
    )
