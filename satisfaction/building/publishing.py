"""A draft becomes the next version: corrections logged, changes of meaning mapped."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User

from ..models import (
    Correction,
    QuestionnaireDraft,
    Survey,
    SurveyVersion,
    VersionMapping,
)
from ..questionnaires import COUNTED, Question, Questionnaire, read
from ..versions import InvalidDefinition, changes_meaning, current_version, publish_version
from .changes import rewordings
from .drafts import locked, require_builder
from .mapping import is_same
from .structure import Definition


@dataclass(frozen=True)
class Mapping:
    """How an earlier questionnaire's answers are read in a later one; see VersionMapping."""

    questions: dict[str, dict]
    is_break: bool
    note: str


@dataclass(frozen=True)
class Asked:
    """A question of the earlier version that somebody has to map, and what it may become."""

    question: Question
    candidates: list[Question]

    @property
    def proposed(self) -> Question | None:
        return next((q for q in self.candidates if q.code == self.question.code), None)


def to_map(earlier: Definition, later: Definition) -> list[Asked]:
    """Counted questions that are gone or of another meaning; the others compare as they are."""
    before, after = read(earlier), read(later)
    new = {question.code: question for question in after.questions()}
    kept = {q.code for q in before.questions() if q.code in new and is_same(q, new[q.code])}
    return [
        Asked(
            question,
            [q for q in new.values() if q.type is question.type and q.code not in kept],
        )
        for question in before.questions()
        if question.type in COUNTED and question.code not in kept
    ]


def completed(earlier: Definition, later: Definition, mapping: Mapping) -> Mapping:
    """The mapping with what stayed the same; ValidationError where it cannot hold.

    A change of what makes the index always breaks its series.
    """
    before, after = read(earlier), read(later)
    new = {question.code: question for question in after.questions()}
    asked = {row.question.code: row for row in to_map(earlier, later)}
    questions: dict[str, dict] = {}
    for question in before.questions():
        row = asked.get(question.code)
        if row is None and question.type in COUNTED:
            questions[question.code] = _as_it_is(question)
        elif row is not None:
            questions[question.code] = _checked(row, mapping.questions, new)
    _require_one_to_one(questions)
    is_break = mapping.is_break or not _is_one_index(before, after, questions)
    return Mapping(questions, is_break, mapping.note)


def _as_it_is(question: Question) -> dict:
    return {
        "to": question.code,
        "choices": {str(choice.code): choice.code for choice in question.choices},
    }


def _checked(row: Asked, given: dict[str, dict], new: dict[str, Question]) -> dict:
    code = row.question.code
    if code not in given:
        raise ValidationError(
            _("Say what the answers to %(code)s are compared with, or “nothing”.") % {"code": code}
        )
    to = given[code].get("to", "")
    if not to:
        return {"to": "", "choices": {}}
    if to not in {question.code for question in row.candidates}:
        raise ValidationError(
            _("%(code)s cannot be compared with %(other)s.") % {"code": code, "other": to}
        )
    known = {choice.code for choice in new[to].choices}
    old = {str(choice.code) for choice in row.question.choices}
    choices = {
        choice: target if target in known else None
        for choice, target in given[code].get("choices", {}).items()
        if choice in old
    }
    return {"to": to, "choices": {choice: choices.get(choice) for choice in sorted(old, key=int)}}


def _require_one_to_one(questions: dict[str, dict]) -> None:
    targets = [row["to"] for row in questions.values() if row["to"]]
    twice = sorted({target for target in targets if targets.count(target) > 1})
    if twice:
        raise ValidationError(
            _("Two earlier questions cannot both be compared with %(codes)s.")
            % {"codes": ", ".join(twice)}
        )


def _is_one_index(before: Questionnaire, after: Questionnaire, questions: dict[str, dict]) -> bool:
    """Whether the index counts the same levels of the same items in both."""
    if before.index.satisfied != after.index.satisfied:
        return False
    if tuple(questions[item]["to"] for item in before.index.items) != after.index.items:
        return False
    return all(
        questions[item]["choices"]
        == {str(code): code for code in map(int, questions[item]["choices"])}
        and len(questions[item]["choices"]) == _levels(after, questions[item]["to"])
        for item in before.index.items
    )


def _levels(questionnaire: Questionnaire, code: str) -> int:
    return next(len(q.choices) for q in questionnaire.questions() if q.code == code)


@transaction.atomic
def publish(
    survey_id: int, *, by: User, revision: int, mapping: Mapping | None = None
) -> SurveyVersion:
    """Freeze the draft as the next version of the survey.

    `revision` is the one that the person looked at. After the opening every corrected text
    leaves a row; a change of meaning wants a mapping with a note. Raises InvalidDefinition
    with the draft's faults.
    """
    require_builder(by)
    draft = locked(survey_id)
    if not draft.pk or draft.revision != revision:
        raise ValidationError(
            _("The draft was changed meanwhile; nothing is published. Look it over again.")
        )
    survey, now = draft.survey, clock.now()
    current = current_version(survey)
    is_new_meaning = bool(current) and changes_meaning_of(draft, current)
    if is_new_meaning:
        mapping = _required(mapping, current, draft.definition)
    version = publish_version(survey, draft.definition, now, is_mapped=is_new_meaning)
    if current is not None and version.pk == current.pk:
        return version
    _keep_title(survey, version)
    if current is not None and now >= survey.opens_at:
        _log_corrections(version, current, by)
    if is_new_meaning:
        _map(current, version, mapping, by)
    data = {"number": version.number, "sha256": version.sha256}
    log(survey, "satisfaction.survey.publish", user=by, data=data)
    return version


def changes_meaning_of(draft: QuestionnaireDraft, current: SurveyVersion) -> bool:
    return changes_meaning(draft.survey, current, draft.definition, clock.now())


def _required(mapping: Mapping | None, current: SurveyVersion, later: Definition) -> Mapping:
    if mapping is None or not mapping.note.strip():
        raise InvalidDefinition(
            [_("the survey has opened: say how the earlier answers compare, and why")]
        )
    return completed(current.definition, later, mapping)


def _keep_title(survey: Survey, version: SurveyVersion) -> None:
    title = version.definition["title"]["vi"][:300]
    if survey.title != title:
        survey.title = title
        survey.save(update_fields=["title"])


def _log_corrections(version: SurveyVersion, before: SurveyVersion, by: User) -> None:
    Correction.objects.bulk_create(
        Correction(
            version=version,
            place=made.place[:120],
            old=made.old,
            new=made.new,
            made_by=by,
            made_at=version.published_at,
        )
        for made in rewordings(before.definition, version.definition)
    )


def _map(earlier: SurveyVersion, later: SurveyVersion, mapping: Mapping, by: User) -> None:
    VersionMapping.objects.update_or_create(
        earlier=earlier,
        later=later,
        defaults={
            "questions": mapping.questions,
            "is_break": mapping.is_break,
            "note": mapping.note,
            "made_by": by,
            "made_at": clock.now(),
        },
    )


@transaction.atomic
def compare_with_followed(survey_id: int, *, by: User, mapping: Mapping) -> None:
    """Say how the survey that this one measures again compares; said again, it is replaced."""
    require_builder(by)
    survey = (
        Survey.objects.select_for_update(of=("self",)).select_related("follows").get(pk=survey_id)
    )
    later = current_version(survey)
    earlier = current_version(survey.follows) if survey.follows else None
    if later is None or earlier is None:
        raise ValidationError(_("Both questionnaires have to be published first."))
    if not mapping.note.strip():
        raise ValidationError({"note": _("Say what changed and why.")})
    _map(earlier, later, completed(earlier.definition, later.definition, mapping), by)
    log(survey, "satisfaction.survey.compare", user=by, data={"earlier": str(earlier)})
