"""Writing one answer down, whichever way it came: response, free texts, quota, tallies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from portal import clock
from portal.agencies.models import Agency
from portal.codes import new_code
from portal.rules.values import value

from . import tallies
from .models import (
    Channel,
    Collector,
    RejectionReason,
    Response,
    ResponseStatus,
    SampleUnit,
    SurveyVersion,
    TextAnswer,
)
from .periods import period_of
from .quality.flags import NO_SIGNALS, Signals, flags_of
from .questionnaires import WRITTEN, Questionnaire, other_name
from .sampling import quotas


@dataclass(frozen=True)
class Answered:
    """A finished answer: `given` are the answers on the path `path`.

    `duration_s` is None where nobody was timed. The same `key` is the same answer.
    """

    version: SurveyVersion
    path: Questionnaire
    agency: Agency
    given: dict
    key: uuid.UUID
    channel: Channel
    duration_s: int | None = None
    collector: Collector | None = None
    unit: SampleUnit | None = None
    signals: Signals = NO_SIGNALS
    day: date | None = None

    @property
    def counted(self) -> dict:
        """The answers that are counted, by code; free texts stand apart."""
        return {
            code: answer
            for code, answer in self.given.items()
            if code in self.path.counted and answer is not None
        }


@transaction.atomic
def record(answered: Answered) -> Response:
    """Write an answer once; QuotaFull, and nothing written, where no place is left for it."""
    return write(answered)


def write(answered: Answered) -> Response:
    """`record` inside the caller's transaction, without a savepoint of its own.

    PostgreSQL numbers savepoints as it numbers transactions: rows written under many of them
    would tell an order (collecting.closed).
    """
    response = _made(answered)
    # What comes out of an urn was accepted before: no quota turns it away.
    if response.status == ResponseStatus.VALID and answered.channel != Channel.INVITATION:
        survey_id = answered.version.survey_id
        response.unit = answered.unit or quotas.unit_of(
            survey_id, answered.agency.pk, answered.collector
        )
        quotas.take(answered.collector, response.unit)
    response.save(force_insert=True)
    _write_texts(response, answered.path, answered.given)
    if response.status == ResponseStatus.VALID:
        tallies.count(response)
    return response


def _made(answered: Answered) -> Response:
    path, answers = answered.path, answered.counted
    satisfied, rated = tallies.moments_of(path, answers, path.index.items)
    is_asked_to_rate = not path.counted.keys().isdisjoint(path.index.items)
    reason = _rejection(is_asked_to_rate and not rated, answered.duration_s)
    flags = flags_of(path, answers, answered.agency.pk, answered.duration_s, answered.signals)
    survey, day = answered.version.survey, answered.day or clock.today()
    return Response(
        survey=survey,
        version=answered.version,
        agency=answered.agency,
        channel=answered.channel,
        collector=answered.collector,
        day=day,
        period=period_of(survey.period_kind, day),
        is_flagged=bool(flags),
        flags=flags,
        duration_s=answered.duration_s or 0,
        status=ResponseStatus.REJECTED if reason else ResponseStatus.VALID,
        reason=reason,
        answers=answers,
        satisfied=satisfied,
        rated=rated,
        idempotency_key=answered.key,
        receipt_code=new_code(),
    )


def _rejection(is_empty: bool, duration_s: int | None) -> str:
    if is_empty:
        return RejectionReason.NOTHING_RATED
    shortest = value("survey.min_duration_seconds").integer
    if duration_s is not None and duration_s < shortest:
        return RejectionReason.TOO_FAST
    return ""


def _write_texts(response: Response, path: Questionnaire, given: dict) -> None:
    """Free texts and the words beside a choice."""
    names = [
        question.code if question.type in WRITTEN else other_name(question.code)
        for question in path.questions()
    ]
    TextAnswer.objects.bulk_create(
        TextAnswer(response=response, question=name, text=given[name])
        for name in names
        if given.get(name)
    )
