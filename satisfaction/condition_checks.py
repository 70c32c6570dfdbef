"""Faults of a questionnaire's conditions, and whether each can ever be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import combinations

from django.utils.translation import gettext as _

from .conditions import (
    And,
    Answered,
    Condition,
    Given,
    Is,
    Leaf,
    Size,
    holds,
    leaves,
    questions,
)
from .paths import size_of
from .questionnaires import COUNTED, ONE_CODE, Kind, Question, Questionnaire, Section

MAX_WAYS = 20_000  # of answering what a condition asks for; a second's work
_WITH_CODES = ONE_CODE | {Kind.MULTIPLE}
_WITH_SIZE = ONE_CODE | {Kind.NUMBER, Kind.DATE}


def faults(questionnaire: Questionnaire) -> Iterator[str]:
    """Conditions that ask for what they cannot."""
    known = {question.code: question for question in questionnaire.questions()}
    earlier: set[str] = set()
    for section in questionnaire.sections:
        for place, condition in _places(section):
            for leaf in leaves(condition) if condition else ():
                fault = _leaf_fault(leaf, known, earlier)
                if fault:
                    yield f"{place}: {fault}"
        earlier |= {question.code for question in section.questions}


def _places(section: Section) -> Iterator[tuple[str, Condition | None]]:
    yield section.code, section.show_if
    for question in section.questions:
        yield f"{section.code}.{question.code}", question.show_if


def _leaf_fault(leaf: Leaf, known: Mapping[str, Question], earlier: set[str]) -> str:
    question = known.get(leaf.question)
    told = {"question": leaf.question}
    if question is None:
        return _("the condition asks for “%(question)s”, which does not exist") % told
    if leaf.question not in earlier:
        return _("the condition asks for “%(question)s”, which is not on an earlier page") % told
    if question.type not in COUNTED:
        return _("no condition can ask for “%(question)s”: it has no code, number or day") % told
    return _code_fault(leaf, question) if isinstance(leaf, Is) else _size_fault(leaf, question)


def _code_fault(leaf: Is, question: Question) -> str:
    if question.type not in _WITH_CODES:
        return _("“%(question)s” has no codes to ask for") % {"question": question.code}
    strange = sorted(leaf.codes - {choice.code for choice in question.choices})
    if strange:
        return _("“%(question)s” has no code %(codes)s") % {
            "question": question.code,
            "codes": ", ".join(map(str, strange)),
        }
    return ""


def _size_fault(leaf: Leaf, question: Question) -> str:
    if isinstance(leaf, Answered):
        return ""
    if question.type not in _WITH_SIZE:
        return _("“%(question)s” is not more or less than anything") % {"question": question.code}
    if isinstance(leaf.value, date) != (question.type is Kind.DATE):
        return _("the bound for “%(question)s” is of another kind") % {"question": question.code}
    return ""


def unmeetable(questionnaire: Questionnaire) -> Iterator[str]:
    """Conditions that nothing meets, in a questionnaire that has no other fault."""
    ways = _Ways(questionnaire)
    for section in questionnaire.sections:
        fault = ways.fault(section.show_if)
        if fault:
            yield f"{section.code}: {fault}"
            continue
        for question in section.questions:
            if question.show_if is None:
                continue
            parts = tuple(part for part in (section.show_if, question.show_if) if part)
            fault = ways.fault(And(parts))
            if fault:
                yield f"{section.code}.{question.code}: {fault}"


class _TooManyWays(Exception):
    pass


@dataclass
class _Ways:
    """The ways of answering a questionnaire, as far as a condition can tell them apart."""

    questionnaire: Questionnaire
    asked_if: dict[str, tuple[Condition, ...]] = field(init=False)
    left: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.asked_if = {
            question.code: tuple(
                part for part in (section.show_if, question.show_if) if part is not None
            )
            for section in self.questionnaire.sections
            for question in section.questions
        }

    def fault(self, condition: Condition | None) -> str:
        if condition is None:
            return ""
        self.left = MAX_WAYS
        try:
            met = self._can_hold(condition, self._involved(condition), {})
        except _TooManyWays:
            return _(
                "the condition can be answered in more than %(n)d ways: too many to check that "
                "it is ever met; make it simpler"
            ) % {"n": MAX_WAYS}
        return "" if met else _("the condition is never met, whatever is answered")

    def _involved(self, condition: Condition) -> list[tuple[Question, list[Leaf]]]:
        """What the condition asks for, and what those were asked by, in order."""
        conditions, codes, fresh = [condition], set(), questions(condition)
        while fresh:
            codes |= fresh
            added = [part for code in fresh for part in self.asked_if[code]]
            conditions += added
            fresh = frozenset().union(*map(questions, added)) - codes
        asked = [leaf for part in conditions for leaf in leaves(part)]
        return [
            (question, [leaf for leaf in asked if leaf.question == question.code])
            for question in self.questionnaire.questions()
            if question.code in codes
        ]

    def _can_hold(
        self, condition: Condition, rest: list[tuple[Question, list[Leaf]]], seen: dict[str, Given]
    ) -> bool:
        self.left -= 1
        if self.left < 0:
            raise _TooManyWays
        if not rest:
            return holds(condition, seen)
        (question, asked), later = rest[0], rest[1:]
        is_asked = all(holds(part, seen) for part in self.asked_if[question.code])
        if is_asked and any(
            self._can_hold(condition, later, {**seen, question.code: given})
            for given in _answers_to(question, asked)
        ):
            return True
        # Not asked, or asked and left open.
        return not (is_asked and question.required) and self._can_hold(condition, later, seen)


def _answers_to(question: Question, asked: list[Leaf]) -> Iterator[Given]:
    """One answer for each that conditions can tell apart."""
    if question.type in ONE_CODE:
        for choice in question.choices:
            yield Given(frozenset({choice.code}), size_of(question, (choice.code,)))
    elif question.type is Kind.MULTIPLE:
        yield from _choices_of_many(question, asked)
    elif question.type in _WITH_SIZE:
        sizes = {leaf.value for leaf in asked if not isinstance(leaf, Is | Answered)}
        for size in _sizes(question, sizes):
            yield Given(size=size)
    else:
        yield Given()


def _choices_of_many(question: Question, asked: list[Leaf]) -> Iterator[Given]:
    """Sets of the codes that are asked for; the others only fill up to the fewest allowed."""
    for choice in question.choices:
        if choice.stands_alone:
            yield Given(frozenset({choice.code}))
    normal = {choice.code for choice in question.choices if not choice.stands_alone}
    named = normal & {code for leaf in asked if isinstance(leaf, Is) for code in leaf.codes}
    fewest = max(1, int(question.low or 1))
    most = int(question.high or len(normal))
    for size in range(len(named) + 1):
        if size <= most and size + len(normal - named) >= fewest:
            for codes in combinations(sorted(named), size):
                yield Given(frozenset(codes))


def _sizes(question: Question, bounds: set[Size]) -> list[Size]:
    """Each bound, its neighbours and the question's own ends: what lies between is alike."""
    ends = {end for end in (question.low, question.high) if end is not None}
    near = {size for bound in bounds for size in _around(question, bound)}
    return sorted(
        size
        for size in ends | near
        if (question.low is None or size >= question.low)
        and (question.high is None or size <= question.high)
    ) or _around(question, Decimal(0) if question.type is Kind.NUMBER else date(2000, 1, 1))


def _around(question: Question, bound: Size) -> list[Size]:
    if isinstance(bound, date):
        one = timedelta(days=1)
        return [bound + step * one for step in (-1, 0, 1) if _is_day(bound, step)]
    step = Decimal(1).scaleb(-question.decimals)
    at = bound.quantize(step, ROUND_FLOOR)
    return [at - step, at, at + step]


def _is_day(bound: date, step: int) -> bool:
    return date.min.toordinal() <= bound.toordinal() + step <= date.max.toordinal()
