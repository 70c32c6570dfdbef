"""An answer being written: begun, saved section by section, resumed, given up."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction

from portal import clock
from portal.protection import form_tokens
from portal.protection.draft_keys import hash_of, key_of
from portal.rules.values import value

from .collecting.counting import count_step
from .models import Audience, Channel, Collector, Draft, Step, Survey
from .paths import about, on_path
from .questionnaires import Questionnaire, Section, other_name, read
from .reading import Answer
from .versions import current_version
from .window import require_open

# Of the form that begins an answer. One token serves the whole answer: it is spent when the
# draft begins, and its id is what the response counts once by.
PURPOSE = "satisfaction.answer"
KEY = "satisfaction.draft"


@transaction.atomic
def start(
    survey: Survey, token: uuid.UUID, collector: Collector | None = None
) -> tuple[str, Draft]:
    """Begin an answer, once a form. Returns the secret key, of which only the hash is kept,
    and the draft. Who came by a collector answers about its agency.

    The second click on the form gets the first one's draft; AlreadySpent if that is gone.
    """
    now = clock.now()
    require_open(survey, now)
    key = key_of(KEY, token)
    try:
        form_tokens.spend(token, PURPOSE, "")
    except form_tokens.AlreadySpent:
        draft = resume(key, survey.pk)
        if draft is None:
            raise
        return key, draft
    draft = Draft.objects.create(
        key_hash=hash_of(key),
        version=current_version(survey),
        submission_token=token,
        started_at=now,
        updated_at=now,
        collector=collector,
    )
    count_step(survey.pk, channel_of(survey, collector), Step.BEGUN)
    return key, draft


def channel_of(survey: Survey, collector: Collector | None) -> Channel:
    if survey.audience == Audience.INVITED:
        return Channel.INVITATION
    return Channel(collector.channel) if collector else Channel.WEB


def questionnaire_of(draft: Draft) -> Questionnaire:
    """What this person is asked: their version, without what their collector says already."""
    questionnaire = read(draft.version.definition)
    return about(questionnaire, draft.collector.agency.code) if draft.collector else questionnaire


def resume(key: str, survey_id: int) -> Draft | None:
    """The draft of this key, if it is of this survey and has not expired."""
    if not key:
        return None
    oldest = clock.now() - timedelta(days=value("survey.draft_days").integer)
    return (
        Draft.objects.select_related("version__survey", "collector__agency")
        .filter(key_hash=hash_of(key), version__survey=survey_id, updated_at__gte=oldest)
        .first()
    )


@transaction.atomic
def save_section(draft_id: int, section: Section, answers: dict[str, Answer]) -> Draft | None:
    """Keep a section's answers, replacing what it held before: saving twice is saving once.

    What was shown and skipped is kept as None; what these answers put off the path is
    dropped. None if the draft was deleted meanwhile; SurveyClosed outside the window.
    """
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version__survey", "collector__agency")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None or draft.receipt_code:
        return draft
    require_open(draft.version.survey, clock.now(), draft.started_at)
    fresh: dict[str, Answer | None] = {}
    for question in section.questions:
        fresh[question.code] = answers.get(question.code)
        fresh[other_name(question.code)] = answers.get(other_name(question.code))
    draft.answers = on_path(questionnaire_of(draft), {**draft.answers, **fresh})
    draft.updated_at = clock.now()
    draft.save(update_fields=["answers", "updated_at"])
    return draft


def give_up(draft_id: int) -> None:
    """Delete a draft at its writer's wish."""
    unsent = Draft.objects.select_related("version__survey", "collector").filter(receipt_code="")
    draft = unsent.filter(pk=draft_id).first()
    if draft:
        survey = draft.version.survey
        count_step(survey.pk, channel_of(survey, draft.collector), Step.REFUSED)
    Draft.objects.filter(pk=draft_id).delete()


def purge() -> int:
    """Delete drafts that nobody touched for longer than they are kept."""
    oldest = clock.now() - timedelta(days=value("survey.draft_days").integer)
    return Draft.objects.filter(updated_at__lt=oldest).delete()[0]
