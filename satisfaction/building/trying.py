"""Trying a draft as a citizen meets it. Trial answers have a table of their own that no tally,
report or export reads; each person has one trial a survey."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from portal import clock
from portal.accounts.models import User
from portal.rules.values import value

from ..models import Survey, TrialAnswer
from ..paths import on_path
from ..questionnaires import Section, other_name, read
from ..reading import Answer
from ..shape import shape_problems
from .drafts import draft_of, require_builder
from .structure import Definition


def may_be_tried(definition: Definition) -> bool:
    """Whether there is anything to walk through; other faults may be found by walking."""
    return not shape_problems(definition) and any(
        section["questions"] for section in definition["sections"]
    )


def trial_of(survey_id: int, user: User) -> TrialAnswer | None:
    return TrialAnswer.objects.select_related("survey").filter(survey=survey_id, user=user).first()


@transaction.atomic
def begin(survey: Survey, *, by: User) -> TrialAnswer:
    """Try the draft as it stands now; an earlier trial of the same person is thrown away."""
    require_builder(by)
    draft = draft_of(survey)
    trial, _created = TrialAnswer.objects.update_or_create(
        survey=survey,
        user=by,
        defaults={
            "definition": draft.definition,
            "revision": draft.revision,
            "answers": {},
            "is_sent": False,
            "started_at": clock.now(),
        },
    )
    return trial


@transaction.atomic
def save_section(
    trial_id: int, section: Section, answers: dict[str, Answer], *, by: User
) -> TrialAnswer:
    """Keep a section's answers as `drafting.save_section` keeps a citizen's."""
    require_builder(by)
    trial = TrialAnswer.objects.select_for_update().get(pk=trial_id, user=by)
    fresh: dict[str, Answer | None] = {}
    for question in section.questions:
        fresh[question.code] = answers.get(question.code)
        fresh[other_name(question.code)] = answers.get(other_name(question.code))
    trial.answers = on_path(read(trial.definition), {**trial.answers, **fresh})
    trial.save(update_fields=["answers"])
    return trial


@transaction.atomic
def finish(trial_id: int, *, by: User) -> None:
    """The end of the way: the receipt is shown, the answers are thrown away."""
    require_builder(by)
    trial = TrialAnswer.objects.select_for_update().get(pk=trial_id, user=by)
    trial.answers, trial.is_sent = {}, True
    trial.save(update_fields=["answers", "is_sent"])


def purge() -> int:
    """Nightly chore: trials are kept no longer than the drafts of those who answer."""
    oldest = clock.now() - timedelta(days=value("survey.draft_days").integer)
    return TrialAnswer.objects.filter(started_at__lt=oldest).delete()[0]


def give_up(trial_id: int, *, by: User) -> None:
    require_builder(by)
    TrialAnswer.objects.filter(pk=trial_id, user=by).delete()
