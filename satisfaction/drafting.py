"""An answer being written: begun, saved section by section, resumed, given up."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction

from portal import clock
from portal.protection import form_tokens
from portal.protection.draft_keys import hash_of, key_of
from portal.rules.values import value

from .models import Draft, Survey
from .paths import on_path
from .questionnaires import Section, other_name, read
from .reading import Answer
from .versions import current_version
from .window import require_open

# Of the form that begins an answer. One token serves the whole answer: it is spent when the
# draft begins, and its id is what the response counts once by.
PURPOSE = "satisfaction.answer"
KEY = "satisfaction.draft"


@transaction.atomic
def start(survey: Survey, token: uuid.UUID) -> tuple[str, Draft]:
    """Begin an answer, once a form. Returns the secret key, of which only the hash is kept,
    and the draft.

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
    )
    return key, draft


def resume(key: str, survey_id: int) -> Draft | None:
    """The draft of this key, if it is of this survey and has not expired."""
    if not key:
        return None
    oldest = clock.now() - timedelta(days=value("survey.draft_days").integer)
    return (
        Draft.objects.select_related("version__survey")
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
        .select_related("version__survey")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None or draft.receipt_code:
        return draft
    require_open(draft.version.survey, clock.now())
    fresh: dict[str, Answer | None] = {}
    for question in section.questions:
        fresh[question.code] = answers.get(question.code)
        fresh[other_name(question.code)] = answers.get(other_name(question.code))
    draft.answers = on_path(read(draft.version.definition), {**draft.answers, **fresh})
    draft.updated_at = clock.now()
    draft.save(update_fields=["answers", "updated_at"])
    return draft


def give_up(draft_id: int) -> None:
    """Delete a draft at its writer's wish."""
    Draft.objects.filter(pk=draft_id).delete()


def purge() -> int:
    """Delete drafts that nobody touched for longer than they are kept."""
    oldest = clock.now() - timedelta(days=value("survey.draft_days").integer)
    return Draft.objects.filter(updated_at__lt=oldest).delete()[0]
