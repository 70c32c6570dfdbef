"""Sending an answer: one transaction, counted once however often it is sent."""

from __future__ import annotations

from django.db import transaction

from portal import clock
from portal.agencies.models import Agency
from portal.agencies.queries import by_code
from portal.codes import new_code
from portal.rules.values import value

from . import tallies
from .models import Draft, RejectionReason, Response, ResponseStatus, TextAnswer
from .paths import first_unfinished, on_path, shown
from .periods import period_of
from .questionnaires import WRITTEN, Kind, Questionnaire, Section, other_name, read
from .window import require_open


class IncompleteDraft(Exception):
    """Something required is missing; `section` is the first place to go back to."""

    def __init__(self, section: Section) -> None:
        super().__init__(section.code)
        self.section = section


@transaction.atomic
def submit(draft_id: int) -> str:
    """Turn a draft into a response and return its receipt code.

    A second call, a second tab or a second click returns the first receipt. Raises
    SurveyClosed outside the window, IncompleteDraft when an answer is missing, and
    Draft.DoesNotExist when the draft was deleted meanwhile.
    """
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version__survey")
        .get(pk=draft_id)
    )
    if draft.receipt_code:
        return draft.receipt_code
    now = clock.now()
    require_open(draft.version.survey, now)
    questionnaire = read(draft.version.definition)
    answers = on_path(questionnaire, draft.answers)
    path = shown(questionnaire, answers)
    response = _write(draft, path, _require_complete(path, answers), answers)
    _keep_receipt_only(draft, response.receipt_code)
    return response.receipt_code


def _keep_receipt_only(draft: Draft, receipt_code: str) -> None:
    """The receipt ties a draft to its response, so the draft keeps the day only, as that does."""
    draft.answers, draft.receipt_code = {}, receipt_code
    draft.started_at = draft.updated_at = clock.start_of_day()
    draft.save(update_fields=["answers", "receipt_code", "started_at", "updated_at"])


def _require_complete(path: Questionnaire, answers: dict) -> Agency:
    """The agency that the answer is about."""
    section = first_unfinished(path, answers)
    if section:
        raise IncompleteDraft(section)
    if path.agency:
        return Agency.objects.get(code=path.agency)
    agency = by_code(str(answers["agency"]))
    if agency is None:
        asking = (
            part for part in path.sections if any(q.type is Kind.AGENCY for q in part.questions)
        )
        raise IncompleteDraft(next(asking))
    return agency


def _write(draft: Draft, path: Questionnaire, agency: Agency, given: dict) -> Response:
    now = clock.now()
    answers = {
        code: answer
        for code, answer in given.items()
        if code in path.counted and answer is not None
    }
    satisfied, rated = tallies.moments_of(path, answers, path.index.items)
    duration = max(0, int((now - draft.started_at).total_seconds()))
    is_asked_to_rate = not path.counted.keys().isdisjoint(path.index.items)
    reason = _rejection(is_asked_to_rate and not rated, duration)
    survey, day = draft.version.survey, clock.today()
    response = Response.objects.create(
        survey=survey,
        version=draft.version,
        agency=agency,
        day=day,
        period=period_of(survey.period_kind, day),
        duration_s=duration,
        status=ResponseStatus.REJECTED if reason else ResponseStatus.VALID,
        reason=reason,
        answers=answers,
        satisfied=satisfied,
        rated=rated,
        idempotency_key=draft.submission_token,
        receipt_code=new_code(),
    )
    _write_texts(response, path, given)
    if response.status == ResponseStatus.VALID:
        tallies.count(response)
    return response


def _rejection(is_empty: bool, duration: int) -> str:
    if is_empty:
        return RejectionReason.NOTHING_RATED
    if duration < value("survey.min_duration_seconds").integer:
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
