"""Answers in words: what a person reads before sending, and keeps when it cannot be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.agencies.queries import by_code
from portal.reporting.formats import day

from .questionnaires import Kind, Question, Questionnaire, Section, other_name
from .reading import Answer, Reading, field_names, in_figures


@dataclass(frozen=True)
class InWords:
    """One line, or the items of a list; a ranking's are numbered."""

    lines: tuple[str, ...] = ()
    is_ranked: bool = False

    @property
    def is_list(self) -> bool:
        return self.is_ranked or len(self.lines) > 1


@dataclass(frozen=True)
class Part:
    section: Section
    rows: list[tuple[Question, InWords]]


def in_words(questionnaire: Questionnaire, answers: dict) -> list[Part]:
    """Sections with their questions and answers as people read them."""
    return [
        Part(section, [(asked, answer_in_words(asked, answers)) for asked in section.questions])
        for section in questionnaire.sections
    ]


def answer_in_words(question: Question, answers: dict) -> InWords:
    answer: Answer | None = answers.get(question.code)
    if answer is None:
        return InWords()
    if question.choices:
        words = answers.get(other_name(question.code), "")
        lines = tuple(_chosen(question, code, words) for code in question.chosen(answer))
        return InWords(lines, question.type is Kind.RANKING)
    return InWords((_one_line(question, answer),))


def _chosen(question: Question, code: int, words: str) -> str:
    choice = question.choice(code)
    return f"{choice.label}: {words}" if choice.is_other and words else choice.label


def _one_line(question: Question, answer: Answer) -> str:
    match question.type:
        case Kind.AGENCY:
            agency = by_code(str(answer))
            return agency.label if agency else ""
        case Kind.NUMBER:
            return f"{in_figures(answer)} {question.unit}".strip()
        case Kind.DATE:
            return day(date.fromisoformat(answer))
    return str(answer)


def with_faulty(parts: list[Part], reading: Reading) -> list[Part]:
    """What was typed with a fault is its writer's too: shown as it was typed."""
    return [
        Part(part.section, [(q, _as_typed(q, reading) or words) for q, words in part.rows])
        for part in parts
    ]


def _as_typed(question: Question, reading: Reading) -> InWords | None:
    names = field_names(question)
    if not any(name in reading.errors for name in names):
        return None
    typed = [(name, text) for name in names for text in reading.typed[name]]
    if question.type is Kind.DATE:
        return InWords(("/".join(text for _name, text in typed),)) if typed else InWords()
    return InWords(tuple(_typed_line(question, name, text) for name, text in typed))


def _typed_line(question: Question, name: str, text: str) -> str:
    """A choice by its label, where what was typed names one."""
    labels = {str(choice.code): choice.label for choice in question.choices}
    if question.type is Kind.RANKING:
        return f"{labels[name.rpartition('.')[2]]}: {text}"
    return labels.get(text, text) if name == question.code else text
