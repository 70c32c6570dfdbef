"""What an earlier questionnaire's answers are in the terms of a later one: for trends.

`compared(version)` goes back through the versions of the survey, then of the survey that it
follows, as far as somebody has said how they compare or nothing changed in meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Survey, SurveyVersion, VersionMapping
from ..questionnaires import Question, read
from ..versions import meaning, meaning_of


@dataclass(frozen=True)
class Match:
    """A question of the earlier version. `choices`: its codes as codes of the later one;
    a code that is not there has nothing to compare with."""

    code: str
    choices: dict[int, int]


# By code in the later version.
QuestionMap = dict[str, Match]


@dataclass(frozen=True)
class Compared:
    version: SurveyVersion
    questions: QuestionMap
    is_break: bool
    note: str

    @property
    def is_same(self) -> bool:
        """Nothing changed in meaning on the way: answers may be added up."""
        return not self.is_break and not self.note


def compared(version: SurveyVersion) -> list[Compared]:
    """Earlier versions that this one compares with, newest first."""
    found: list[Compared] = []
    here = Compared(version, _identity(version), False, "")
    seen = {version.pk}
    while (step := _step_back(here.version)) is not None and step.version.pk not in seen:
        seen.add(step.version.pk)
        here = Compared(
            step.version,
            _joined(here.questions, step.questions),
            here.is_break or step.is_break,
            "; ".join(note for note in (here.note, step.note) if note),
        )
        found.append(here)
    return found


def _step_back(later: SurveyVersion) -> Compared | None:
    """The version right before, with how it compares."""
    told = later.mapped_from.select_related("earlier__survey")
    before = (
        SurveyVersion.objects.select_related("survey")
        .filter(survey=later.survey_id, number__lt=later.number)
        .order_by("-number")
    )
    for earlier in before:
        if row := told.filter(earlier=earlier).first():
            return _told(row)
        if meaning(earlier.definition) == meaning(later.definition):
            return Compared(earlier, _identity(later), False, "")
        if earlier.responses.exists():
            return None
    return _step_to_followed(later)


def _step_to_followed(later: SurveyVersion) -> Compared | None:
    survey = Survey.objects.select_related("follows").get(pk=later.survey_id)
    if survey.follows is None:
        return None
    row = (
        later.mapped_from.filter(earlier__survey=survey.follows)
        .select_related("earlier__survey")
        .order_by("-earlier__number")
        .first()
    )
    if row:
        return _told(row)
    earlier = survey.follows.versions.select_related("survey").order_by("-number").first()
    return alike(earlier, later) if earlier else None


def _told(row: VersionMapping) -> Compared:
    return Compared(row.earlier, read_map(row.questions), row.is_break, row.note)


def alike(earlier: SurveyVersion, later: SurveyVersion) -> Compared:
    """Where nobody said: questions of one code and one meaning compare, and the index if all
    that makes it does."""
    before, after = read(earlier.definition), read(later.definition)
    old = {question.code: question for question in before.questions()}
    same = {
        question.code: _same(question)
        for question in after.questions()
        if question.code in old and is_same(old[question.code], question)
    }
    is_one_index = (before.index.items, before.index.satisfied) == (
        after.index.items,
        after.index.satisfied,
    ) and all(item in same for item in after.index.items)
    return Compared(earlier, same, not is_one_index, "")


def is_same(old: Question, new: Question) -> bool:
    """Of one meaning, whoever is asked it."""
    conditionless = (meaning_of(old)[:3], *meaning_of(old)[4:])
    return conditionless == (meaning_of(new)[:3], *meaning_of(new)[4:])


def _identity(version: SurveyVersion) -> QuestionMap:
    return {question.code: _same(question) for question in read(version.definition).questions()}


def _same(question: Question) -> Match:
    return Match(question.code, {choice.code: choice.code for choice in question.choices})


def read_map(questions: dict) -> QuestionMap:
    """A stored mapping, by code in the later version. Two earlier questions never share one."""
    return {
        row["to"]: Match(
            code,
            {int(old): new for old, new in row.get("choices", {}).items() if new is not None},
        )
        for code, row in questions.items()
        if row.get("to")
    }


def _joined(later: QuestionMap, earlier: QuestionMap) -> QuestionMap:
    """From the newest to the version between, and on from there to the earlier one."""
    return {
        code: Match(
            earlier[match.code].code,
            {
                old: match.choices[between]
                for old, between in earlier[match.code].choices.items()
                if between in match.choices
            },
        )
        for code, match in later.items()
        if match.code in earlier
    }
