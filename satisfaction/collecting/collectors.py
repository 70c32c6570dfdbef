"""Collectors: made, made for many agencies at once, and ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.codes import new_code, normalise

from ..models import Audience, Channel, Collector, SampleUnit, Survey
from ..pages import SurveyPage

CODE = (4, 4)


# How long a kiosk without a network may keep an answer before it is sent.
LONGEST_QUEUE = timedelta(days=3)


class CollectorState(Enum):
    UPCOMING = "upcoming"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True)
class Place:
    """What a collector is for; the same for each agency where many are made."""

    channel: Channel
    place: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    quota: int | None = None
    unit: SampleUnit | None = None


def _require(user: User) -> None:
    if not user.has_perm("satisfaction.run_fieldwork"):
        raise PermissionDenied


@transaction.atomic
def create(survey: Survey, agency: Agency, place: Place, user: User) -> Collector:
    """One collector; a code that people can type leads to it."""
    _require(user)
    _require_anyone(survey)
    collector = _made(survey, agency, place)
    collector.full_clean()
    collector.save(force_insert=True)
    log(collector, "satisfaction.collector.create", user=user)
    return collector


@transaction.atomic
def create_for_agencies(
    survey: Survey, agencies: Iterable[Agency], place: Place, user: User
) -> int:
    """One for each agency that has none of this channel and place yet; how many were made."""
    _require(user)
    _require_anyone(survey)
    Survey.objects.select_for_update().get(pk=survey.pk)
    held = set(
        Collector.objects.filter(
            survey=survey, channel=place.channel, place=place.place, ended_at__isnull=True
        ).values_list("agency", flat=True)
    )
    made = [_made(survey, agency, place) for agency in agencies if agency.pk not in held]
    Collector.objects.bulk_create(made)
    if made:
        data = {"count": len(made), "channel": place.channel}
        log(survey, "satisfaction.collectors.create", user=user, data=data)
    return len(made)


def _require_anyone(survey: Survey) -> None:
    if survey.audience != Audience.ANYONE:
        raise ValidationError(_("Only invited people answer this survey, by their own links."))


def _made(survey: Survey, agency: Agency, place: Place) -> Collector:
    return Collector(
        survey=survey,
        agency=agency,
        unit=place.unit,
        channel=place.channel,
        place=place.place,
        code=new_code(CODE),
        valid_from=place.valid_from,
        valid_to=place.valid_to,
        quota=place.quota,
        made_at=clock.now(),
    )


@transaction.atomic
def end(collector_id: int, user: User) -> bool:
    """Its code leads no further. False if it had ended."""
    _require(user)
    collector = Collector.objects.select_for_update().get(pk=collector_id)
    if collector.ended_at:
        return False
    collector.ended_at = clock.now()
    collector.save(update_fields=["ended_at"])
    log(collector, "satisfaction.collector.end", user=user)
    return True


def state(collector: Collector, now: datetime) -> CollectorState:
    day = clock.day_of(now)
    if collector.valid_from and day < collector.valid_from:
        return CollectorState.UPCOMING
    is_over = collector.valid_to is not None and collector.valid_to < day
    is_ended = collector.ended_at is not None and collector.ended_at <= now
    return CollectorState.ENDED if is_ended or is_over else CollectorState.OPEN


def usable(
    survey_id: int, code: str, channel: Channel | None = None, at: datetime | None = None
) -> Collector | None:
    """The collector behind a code, if it is of this survey and works now, or worked `at`."""
    collector = known(survey_id, code, channel)
    is_open = collector and state(collector, at or clock.now()) is CollectorState.OPEN
    return collector if is_open else None


def known(survey_id: int, code: str, channel: Channel | None = None) -> Collector | None:
    """The collector behind a code of this survey, whether it works or has ended."""
    canonical = normalise(code, CODE)
    if canonical is None:
        return None
    rows = Collector.objects.select_related("agency").filter(survey=survey_id, code=canonical)
    if channel:
        rows = rows.filter(channel=channel)
    return rows.first()


def still_sends(collector: Collector, now: datetime) -> bool:
    """Ended, and its device may yet hold answers that were given before."""
    return (
        state(collector, now) is CollectorState.ENDED
        and state(collector, now - LONGEST_QUEUE) is not CollectorState.ENDED
    )


def address_of(collector: Collector, page: SurveyPage) -> str:
    """What the QR code holds, or what a kiosk opens."""
    name = "kiosk" if collector.channel == Channel.KIOSK else "by_code"
    return settings.BASE_URL + page.url + page.reverse_subpage(name, args=[collector.code])
