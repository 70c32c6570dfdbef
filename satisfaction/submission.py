"""Sending an answer: one transaction, counted once however often it is sent."""

from __future__ import annotations

from django.db import transaction

from portal import clock
from portal.agencies.queries import by_code
from portal.codes import new_code
from portal.rules.values import value

from . import tallies
from .models import Draft, RejectionReason, Response, ResponseStatus, TextAnswer
from .questionnaires import Questionnaire, Section, read
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
    _require_complete(questionnaire, draft)
    response = _write(draft, questionnaire)
    _keep_receipt_only(draft, response.receipt_code)
    return response.receipt_code


def _keep_receipt_only(draft: Draft, receipt_code: str) -> None:
    """The receipt ties a draft to its response, so the draft keeps the day only, as that does."""
    draft.answers, draft.receipt_code = {}, receipt_code
    draft.started_at = draft.updated_at = clock.start_of_day()
    draft.save(update_fields=["answers", "receipt_code", "started_at", "updated_at"])


def first_incomplete(questionnaire: Questionnaire, answers: dict) -> Section | None:
    """The first section in which a required answer is missing."""
    for section in questionnaire.sections:
        if any(
            question.required and question.code not in answers for question in section.questions
        ):
            return section
    return None


def _require_complete(questionnaire: Questionnaire, draft: Draft) -> None:
    section = first_incomplete(questionnaire, draft.answers)
    if section:
        raise IncompleteDraft(section)
    if by_code(str(draft.answers["agency"])) is None:
        raise IncompleteDraft(questionnaire.sections[0])


def _write(draft: Draft, questionnaire: Questionnaire) -> Response:
    now = clock.now()
    coded = {question.code for question in questionnaire.coded_questions()}
    answers = {code: answer for code, answer in draft.answers.items() if code in coded}
    satisfied, rated = tallies.moments_of(questionnaire, answers, questionnaire.index.items)
    duration = max(0, int((now - draft.started_at).total_seconds()))
    reason = _rejection(rated, duration)
    response = Response.objects.create(
        survey=draft.version.survey,
        version=draft.version,
        agency=by_code(str(draft.answers["agency"])),
        day=clock.today(),
        duration_s=duration,
        status=ResponseStatus.REJECTED if reason else ResponseStatus.VALID,
        reason=reason,
        answers=answers,
        satisfied=satisfied,
        rated=rated,
        idempotency_key=draft.submission_token,
        receipt_code=new_code(),
    )
    _write_texts(response, questionnaire, draft.answers)
    if response.status == ResponseStatus.VALID:
        tallies.count(response)
    return response


def _rejection(rated: int, duration: int) -> str:
    if not rated:
        return RejectionReason.NOTHING_RATED
    if duration < value("survey.min_duration_seconds").integer:
        return RejectionReason.TOO_FAST
    return ""


def _write_texts(response: Response, questionnaire: Questionnaire, answers: dict) -> None:
    TextAnswer.objects.bulk_create(
        TextAnswer(response=response, question=question.code, text=answers[question.code])
        for question in questionnaire.questions()
        if question.type == "text" and answers.get(question.code)
    )
