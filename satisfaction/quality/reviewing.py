"""Looking over the quality of answers: flags set by comparison, and by people."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.rules.values import value

from .. import tallies
from ..models import (
    Audience,
    Channel,
    Flag,
    Response,
    ResponseStatus,
    Survey,
    SurveyVersion,
)

# The usual time of fewer answers than this says nothing.
FEWEST_TIMED = 30
STILL_REVIEWED = timedelta(days=7)
# Channels in which somebody was timed from the first question to the last.
TIMED = (Channel.WEB, Channel.QR, Channel.KIOSK)


@transaction.atomic
def doubt(response_id: int, user: User) -> bool:
    """Flag an answer after reading it. False if it was doubted before."""
    return _change(response_id, user, Flag.DOUBTED, is_set=True)


@transaction.atomic
def clear(response_id: int, flag: Flag, user: User) -> bool:
    """Take a flag off. False if it is not there."""
    return _change(response_id, user, flag, is_set=False)


def _change(response_id: int, user: User, flag: Flag, *, is_set: bool) -> bool:
    if not user.has_perm("satisfaction.review_responses"):
        raise PermissionDenied
    response = _locked(response_id)
    if (flag in response.flags) == is_set:
        return False
    put(response, flag, is_set=is_set)
    action = "satisfaction.response.flag" if is_set else "satisfaction.response.unflag"
    log(response, action, user=user, data={"flag": flag.value})
    return True


def put(response: Response, flag: Flag, *, is_set: bool) -> None:
    """Set or clear a flag of a locked answer; it moves in the tallies with it."""
    held = set(response.flags) | {flag.value} if is_set else set(response.flags) - {flag.value}
    with tallies.recounted([response]):
        response.flags = [known for known in Flag.values if known in held]
        response.is_flagged = bool(response.flags)
        response.save(update_fields=["flags", "is_flagged"])


def _locked(response_id: int) -> Response:
    rows = Response.objects.select_for_update(of=("self",)).select_related("version")
    return rows.get(pk=response_id)


def look_over_open_surveys() -> int:
    """The night's chore: compare what came in with the usual time."""
    now = clock.now()
    recent = Survey.objects.filter(opens_at__lte=now, audience=Audience.ANYONE)
    versions = SurveyVersion.objects.filter(
        survey__in=recent.filter(closes_at__gt=now - STILL_REVIEWED)
    )
    return sum(flag_speeding(version) for version in versions)


def flag_speeding(version: SurveyVersion) -> int:
    """Flag answers given in less than a share of the median time; how many are new.

    The median is of all valid timed answers of the version, in the database.
    """
    timed = Response.objects.filter(version=version, status=ResponseStatus.VALID, channel__in=TIMED)
    usual = _median(timed)
    if usual is None:
        return 0
    limit = usual * value("survey.speeding_percent").integer // 100
    return sum(_flag_as_fast(pk) for pk in _unflagged(timed, limit))


def _median(timed: QuerySet[Response]) -> int | None:
    n = timed.count()
    if n < FEWEST_TIMED:
        return None
    return timed.order_by("duration_s").values_list("duration_s", flat=True)[n // 2]


def _unflagged(timed: QuerySet[Response], limit: int) -> list[int]:
    rows = timed.filter(duration_s__lt=limit).values_list("pk", "flags")
    return [pk for pk, flags in rows.iterator() if Flag.SPEEDING not in flags]


@transaction.atomic
def _flag_as_fast(response_id: int) -> bool:
    response = _locked(response_id)
    if Flag.SPEEDING in response.flags:
        return False
    put(response, Flag.SPEEDING, is_set=True)
    return True
