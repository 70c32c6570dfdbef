"""A person's path through a questionnaire: what is shown for what they answered so far.

A path is the questionnaire itself without the questions that are not shown, so whoever
walks it, draws it or checks it need not know of conditions. Conditions refer to earlier
sections only: one walk from the first section to the last finds the path.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from .conditions import Condition, Given, holds
from .questionnaires import (
    ONE_CODE,
    Choice,
    Kind,
    Question,
    Questionnaire,
    Section,
    other_name,
)


def given(question: Question, answer: object) -> Given | None:
    """An answer as conditions see it; None where there is none."""
    if answer is None:
        return None
    if question.type is Kind.NUMBER:
        return Given(size=Decimal(answer))
    if question.type is Kind.DATE:
        return Given(size=date.fromisoformat(answer))
    codes = question.chosen(answer)
    return Given(frozenset(codes), size_of(question, codes))


def size_of(question: Question, codes: tuple[int, ...]) -> Decimal | None:
    """Where a level stands on its scale; nowhere, if it does not apply."""
    if question.type not in ONE_CODE or len(codes) != 1:
        return None
    choice = question.choice(codes[0])
    return Decimal(choice.code) if choice and not choice.is_no_answer else None


def shown(questionnaire: Questionnaire, answers: dict) -> Questionnaire:
    """The questions that are asked, in order; sections without any are left out."""
    if not questionnaire.has_conditions:
        return questionnaire
    seen: dict[str, Given] = {}
    sections = []
    for section in questionnaire.sections:
        asked = _asked(section, seen)
        if not asked:
            continue
        sections.append(replace(section, questions=asked))
        for question in asked:
            answer = given(question, answers.get(question.code))
            if answer is not None:
                seen[question.code] = answer
    return replace(questionnaire, sections=tuple(sections))


def about(questionnaire: Questionnaire, agency_code: str) -> Questionnaire:
    """The questionnaire where the agency is known beforehand: no question asks for it."""
    sections = []
    for section in questionnaire.sections:
        left = tuple(q for q in section.questions if q.type is not Kind.AGENCY)
        if left:
            sections.append(replace(section, questions=left))
    return replace(questionnaire, sections=tuple(sections), agency=agency_code)


def leniently(section: Section) -> Section:
    """The section with nothing required: what is missing is asked for later, or never."""
    questions = tuple(replace(question, required=False) for question in section.questions)
    return replace(section, questions=questions)


def _asked(section: Section, seen: dict[str, Given]) -> tuple[Question, ...]:
    def is_met(condition: Condition | None) -> bool:
        return condition is None or holds(condition, seen)

    if not is_met(section.show_if):
        return ()
    return tuple(question for question in section.questions if is_met(question.show_if))


def on_path(questionnaire: Questionnaire, answers: dict) -> dict:
    """The answers that stand on the path; anything else is dropped.

    None is kept: the question was shown and skipped.
    """
    kept = {}
    for question in shown(questionnaire, answers).questions():
        if question.code not in answers:
            continue
        answer = kept[question.code] = answers[question.code]
        name = other_name(question.code)
        if question.asks_other(answer) and name in answers:
            kept[name] = answers[name]
    return kept


def first_unfinished(path: Questionnaire, answers: dict) -> Section | None:
    """The first section on the path that was not sent yet, or lacks a required answer."""
    for section in path.sections:
        if any(_is_open(question, answers) for question in section.questions):
            return section
    return None


def _is_open(question: Question, answers: dict) -> bool:
    if question.required:
        return answers.get(question.code) is None
    return question.code not in answers


def shuffled(section: Section, seed: str) -> Section:
    """The section as one person sees it: the same seed always gives the same order.

    The rows of a grid stay together, and choices that are no answer, exclude the others or
    ask for words stay last.
    """
    questions = [replace(q, choices=_mixed(q, seed)) for q in section.questions]
    if section.is_shuffled:
        blocks = [list(rows) for _, rows in groupby(questions, key=lambda q: q.grid or q.code)]
        blocks.sort(key=lambda rows: _lot(seed, rows[0].grid or rows[0].code))
        questions = [question for rows in blocks for question in rows]
    return replace(section, questions=tuple(questions))


def _mixed(question: Question, seed: str) -> tuple[Choice, ...]:
    if not question.is_shuffled:
        return question.choices

    def place(choice: Choice) -> tuple[bool, str]:
        lot = "" if choice.stands_last else _lot(seed, f"{question.code}/{choice.code}")
        return choice.stands_last, lot

    return tuple(sorted(question.choices, key=place))


def _lot(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()
