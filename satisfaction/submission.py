"""Sending an answer: one transaction, counted once however often it is sent."""

from __future__ import annotations

from django.db import transaction

from portal import clock
from portal.agencies.models import Agency
from portal.agencies.queries import by_code

from .drafting import questionnaire_of
from .models import Audience, Channel, Draft
from .paths import first_unfinished, on_path, shown
from .quality.flags import NO_SIGNALS, Signals
from .questionnaires import Kind, Questionnaire, Section
from .recording import Answered, write
from .window import SurveyClosed, require_open


class IncompleteDraft(Exception):
    """Something required is missing; `section` is the first place to go back to."""

    def __init__(self, section: Section) -> None:
        super().__init__(section.code)
        self.section = section


@transaction.atomic
def submit(draft_id: int, signals: Signals = NO_SIGNALS) -> str:
    """Turn a draft into a response and return its receipt code.

    A second call, a second tab or a second click returns the first receipt. Raises
    SurveyClosed outside the window and its grace, IncompleteDraft when an answer is missing,
    QuotaFull when enough people have answered, and Draft.DoesNotExist when the draft was
    deleted meanwhile; the draft stays as it is.
    """
    draft = locked(draft_id)
    if draft.receipt_code:
        return draft.receipt_code
    if draft.version.survey.audience != Audience.ANYONE:
        # Its answers go through the urn (collecting.closed).
        raise SurveyClosed(draft.version.survey.code)
    answered = finished(draft, signals)
    receipt_code = write(answered).receipt_code
    _keep_receipt_only(draft, receipt_code)
    return receipt_code


def locked(draft_id: int) -> Draft:
    rows = Draft.objects.select_for_update(of=("self",))
    return rows.select_related("version__survey", "collector__agency").get(pk=draft_id)


def finished(draft: Draft, signals: Signals = NO_SIGNALS) -> Answered:
    """A locked draft as an answer, if it may be sent now and nothing is missing."""
    now = clock.now()
    require_open(draft.version.survey, now, draft.started_at)
    questionnaire = questionnaire_of(draft)
    given = on_path(questionnaire, draft.answers)
    path = shown(questionnaire, given)
    return Answered(
        version=draft.version,
        path=path,
        agency=require_complete(path, given),
        given=given,
        key=draft.submission_token,
        channel=Channel(draft.collector.channel) if draft.collector else Channel.WEB,
        duration_s=max(0, int((now - draft.started_at).total_seconds())),
        collector=draft.collector,
        signals=signals,
    )


def _keep_receipt_only(draft: Draft, receipt_code: str) -> None:
    """The receipt ties a draft to its response, so the draft keeps the day only, as that does."""
    draft.answers, draft.receipt_code, draft.resume_hash = {}, receipt_code, ""
    draft.started_at = draft.updated_at = clock.start_of_day()
    draft.save(update_fields=["answers", "receipt_code", "resume_hash", "started_at", "updated_at"])


def require_complete(path: Questionnaire, answers: dict) -> Agency:
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
