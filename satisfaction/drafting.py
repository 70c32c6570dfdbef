"""An answer being written: begun, saved section by section, resumed, given up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.agencies.queries import by_code
from portal.protection import form_tokens
from portal.protection.draft_keys import hash_of, key_of
from portal.rules.values import value
from portal.text import clean

from .models import Draft, Survey
from .questionnaires import Question, Section, current_version
from .window import require_open

# Of the form that begins an answer. One token serves the whole answer: it is spent when the
# draft begins, and its id is what the response counts once by.
PURPOSE = "satisfaction.answer"
KEY = "satisfaction.draft"
_DIGITS = 3  # of the longest choice code


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


@dataclass(frozen=True)
class Reading:
    """What a section's form said: answers that hold, faults by question, and what was typed."""

    answers: dict[str, int | str]
    errors: dict[str, str]
    typed: dict[str, str] = field(default_factory=dict)


def read_section(section: Section, data: Mapping[str, str]) -> Reading:
    """Check a section's form against its questions; anything else in `data` is ignored."""
    answers: dict[str, int | str] = {}
    errors: dict[str, str] = {}
    typed: dict[str, str] = {}
    for question in section.questions:
        raw = data.get(question.code, "")
        text = clean(raw if isinstance(raw, str) else "")
        typed[question.code] = text
        answer, error = _read_answer(question, text)
        if error:
            errors[question.code] = error
        elif answer is not None:
            answers[question.code] = answer
    return Reading(answers, errors, typed)


def _read_answer(question: Question, text: str) -> tuple[int | str | None, str]:
    if not text:
        return None, _missing(question) if question.required else ""
    if question.type == "agency":
        known = by_code(text[:16]) is not None
        return (text, "") if known else (None, _("Choose an agency from the list."))
    if question.type == "text":
        return _read_text(question, text)
    is_code = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    choice = question.choice(int(text)) if is_code else None
    if choice is None:
        return None, _missing(question)
    return choice.code, ""


def _read_text(question: Question, text: str) -> tuple[str | None, str]:
    over = len(text) - question.max_length
    if over > 0:
        message = _("The text is %(over)d characters too long; at most %(limit)d fit.")
        return None, message % {"over": over, "limit": question.max_length}
    return text, ""


def _missing(question: Question) -> str:
    if question.type == "agency":
        return _("Choose the agency that you rate.")
    if question.type == "scale":
        return _("Choose a level for “%(item)s”, or “Not applicable”.") % {"item": question.label}
    return _("Choose one of the answers to “%(item)s”.") % {"item": question.label}


@transaction.atomic
def save_section(draft_id: int, section: Section, answers: dict[str, int | str]) -> Draft | None:
    """Keep a section's answers, replacing what it held before: saving twice is saving once.

    None if the draft was deleted meanwhile; SurveyClosed outside the window.
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
    codes = {question.code for question in section.questions}
    kept = {code: answer for code, answer in draft.answers.items() if code not in codes}
    draft.answers = {**kept, **{code: answers[code] for code in codes if code in answers}}
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
