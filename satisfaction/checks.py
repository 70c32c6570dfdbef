"""What keeps a questionnaire from being published: every fault, with its place, for editors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from portal.agencies.queries import by_code
from portal.protection.screening import HONEYPOT

from . import condition_checks
from .questionnaires import RATINGS, Choice, Kind, Question, Questionnaire, Section, read
from .shape import shape_problems

MAX_CODE = 999
MAX_DECIMALS = 6
# "<code>.other" has to fit where the words beside a choice are kept.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,13}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Names of the form's own fields.
_TAKEN = {
    "sua", "form_token", "captcha_key", "captcha_text", "question_key", "question_text", HONEYPOT
}  # fmt: skip


def problems(definition: object) -> list[str]:
    found = shape_problems(definition)
    if found:
        return found
    questionnaire = read(definition)
    found = [
        *_code_problems(questionnaire),
        *_agency_problems(questionnaire),
        *_index_problems(questionnaire),
        *_importance_problems(questionnaire),
    ]
    for name, scale in definition.get("scales", {}).items():
        if not scale["choices"]:
            found.append(_("scale %(name)s: there is nothing to choose from") % {"name": name})
    for section in questionnaire.sections:
        found += _section_problems(section)
    found += condition_checks.faults(questionnaire)
    return found or list(condition_checks.unmeetable(questionnaire))


def _code_problems(questionnaire: Questionnaire) -> Iterator[str]:
    sections = questionnaire.sections
    if not sections:
        yield _("the questionnaire has no sections")
    for code in _twice(section.code for section in sections):
        yield _("%(place)s: this code stands twice") % {"place": code}
    for slug in _twice(section.slug for section in sections):
        yield _("two sections have the address “%(slug)s”") % {"slug": slug}
    twice = set(_twice(question.code for question in questionnaire.questions()))
    for section in sections:
        if not _CODE.fullmatch(section.code):
            yield _("%(place)s: this cannot be a section's code") % {"place": section.code}
        for question in section.questions:
            place = f"{section.code}.{question.code}"
            if question.code in twice:
                yield _("%(place)s: this code stands twice") % {"place": place}
            if not _CODE.fullmatch(question.code) or question.code in _TAKEN:
                yield _("%(place)s: this cannot be a question's code") % {"place": place}


def _twice(names: Iterator) -> list:
    return [name for name, n in Counter(names).items() if n > 1]


def _agency_problems(questionnaire: Questionnaire) -> Iterator[str]:
    asked = [
        (section, question)
        for section in questionnaire.sections
        for question in section.questions
        if question.type is Kind.AGENCY or question.code == "agency"
    ]
    if len(asked) + bool(questionnaire.agency) != 1:
        yield _("one question asks for the agency, or the questionnaire names it")
    if questionnaire.agency and by_code(questionnaire.agency) is None:
        yield _("unknown agency %(code)s") % {"code": questionnaire.agency}
    for section, question in asked:
        place = f"{section.code}.{question.code}"
        if question.type is not Kind.AGENCY or question.code != "agency":
            yield _("%(place)s: the question for the agency has the code “agency”") % {
                "place": place
            }
        if not question.required or question.show_if or section.show_if:
            yield _("%(place)s: everybody is asked for the agency") % {"place": place}


def _index_problems(questionnaire: Questionnaire) -> Iterator[str]:
    index = questionnaire.index
    known = {question.code: question for question in questionnaire.questions()}
    if not index.items:
        yield _("index: no item is named")
    for code in _twice(iter(index.items)):
        yield _("index: %(item)s stands twice") % {"item": code}
    if index.decimals > MAX_DECIMALS:
        yield _("index: at most %(n)d decimals") % {"n": MAX_DECIMALS}
    for code in index.items:
        question = known.get(code)
        if question is None:
            yield _("index: unknown item %(item)s") % {"item": code}
        elif question.type is not Kind.SCALE:
            yield _("index: %(item)s is not answered on a scale") % {"item": code}
        elif not index.satisfied or not index.satisfied <= _levels(question):
            yield _("index: the satisfied levels are not levels of %(item)s") % {"item": code}


def _importance_problems(questionnaire: Questionnaire) -> Iterator[str]:
    """What a question says the importance of is in the index, and said once."""
    scored = {section.code for section in questionnaire.sections if section.is_scored}
    known = scored | set(questionnaire.index.items)
    asking = [
        (section, question)
        for section in questionnaire.sections
        for question in section.questions
        if question.importance
    ]
    twice = set(_twice(question.importance.part for _section, question in asking))
    for section, question in asking:
        told = {
            "place": f"{section.code}.{question.code}",
            "part": question.importance.part,
        }
        if question.importance.part not in known:
            yield _("%(place)s: “%(part)s” is no criterion and no item of the index") % told
        if question.importance.part in twice:
            yield _("%(place)s: another question asks how important “%(part)s” is") % told
        if not question.importance.most or not question.importance.most <= _levels(question):
            yield _("%(place)s: the levels that say “important” are not levels of it") % told


def _levels(question: Question) -> set[int]:
    return {choice.code for choice in question.choices if not choice.is_no_answer}


def _section_problems(section: Section) -> Iterator[str]:
    if not section.questions:
        yield _("%(place)s: the section has no questions") % {"place": section.code}
    if not _SLUG.fullmatch(section.slug):
        yield _("%(place)s: the address has small letters, digits and hyphens only") % {
            "place": section.code
        }
    yield from _grid_problems(section)
    for question in section.questions:
        for check in _CHECKS:
            for fault in check(question):
                yield f"{section.code}.{question.code}: {fault}"


def _grid_problems(section: Section) -> Iterator[str]:
    declared = {code for code, _label in section.grids}
    blocks = [(code, list(rows)) for code, rows in groupby(section.questions, key=lambda q: q.grid)]
    used = [code for code, _rows in blocks if code]
    for code in sorted(declared - set(used)):
        yield _("%(place)s: the grid has no rows") % {"place": f"{section.code}.{code}"}
    for code in sorted(set(used) - declared):
        yield _("%(place)s: the grid has no words of its own") % {"place": f"{section.code}.{code}"}
    for code in _twice(iter(used)):
        yield _("%(place)s: the rows of the grid do not follow each other") % {
            "place": f"{section.code}.{code}"
        }
    for code, rows in blocks:
        if code and any(row.choices != rows[0].choices for row in rows):
            yield _("%(place)s: the rows of the grid have different scales") % {
                "place": f"{section.code}.{code}"
            }


def _choice_faults(question: Question) -> Iterator[str]:
    codes = [choice.code for choice in question.choices]
    if len(codes) != len(set(codes)):
        yield _("a choice code stands twice")
    if any(code > MAX_CODE for code in codes):
        yield _("choice codes are at most %(n)d") % {"n": MAX_CODE}
    if sum(choice.is_other for choice in question.choices) > 1:
        yield _("only one choice asks for words")
    if question.choices and all(choice.is_no_answer for choice in question.choices):
        yield _("every choice is no answer")
    allowed = _FLAGS.get(question.type, set())
    flags = {flag for choice in question.choices for flag in _flags_of(choice)}
    for flag in sorted(flags - allowed):
        yield _("choices of this kind of question cannot be “%(flag)s”") % {"flag": flag}


_NO_ANSWER = {"na", "declined"}
_FLAGS: dict[Kind, set[str]] = {
    Kind.SCALE: _NO_ANSWER,
    Kind.RATING: _NO_ANSWER,
    Kind.SINGLE: _NO_ANSWER | {"other"},
    Kind.MULTIPLE: _NO_ANSWER | {"exclusive", "other"},
}


def _flags_of(choice: Choice) -> set[str]:
    flags = {
        "na": choice.is_na,
        "declined": choice.is_declined,
        "exclusive": choice.is_exclusive,
        "other": choice.is_other,
    }
    return {name for name, is_set in flags.items() if is_set}


def _bound_faults(question: Question) -> Iterator[str]:
    low, high = question.low, question.high
    if low is not None and high is not None and low > high:
        yield _("“min” is more than “max”")
    if question.decimals > MAX_DECIMALS:
        yield _("at most %(n)d decimals") % {"n": MAX_DECIMALS}
    if question.type is Kind.MULTIPLE:
        several = sum(not choice.stands_alone for choice in question.choices)
        if max(low or 0, high or 0) > several:
            yield _("there are only %(n)d choices that can be chosen together") % {"n": several}
        if high == 0:
            yield _("“max” allows no choice at all")


def _kind_faults(question: Question) -> Iterator[str]:
    extra = [choice for choice in question.choices if choice.code not in RATINGS]
    if question.type is Kind.RATING and not all(choice.is_no_answer for choice in extra):
        yield _("a rating has its own levels; other choices are “na” or “declined”")
    if question.type is Kind.RANKING and len(question.choices) < 2:
        yield _("a ranking needs two choices or more")
    if question.type in (Kind.SHORT, Kind.TEXT) and not question.max_length:
        yield _("“max_length” allows no text at all")


_CHECKS: tuple[Callable[[Question], Iterator[str]], ...] = (
    _choice_faults,
    _bound_faults,
    _kind_faults,
)
