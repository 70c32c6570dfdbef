"""What a section's form said: each kind of question read, checked, and typed again.

Field names: the question's code; "<code>.day", ".month", ".year" of a date; "<code>.<choice>"
for the rank of a choice; "<code>.other" for the words beside a choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.agencies.queries import by_code
from portal.reporting.formats import day as printed_day
from portal.reporting.formats import number as printed
from portal.text import clean

from .questionnaires import Kind, Question, Section, other_name

Answer = int | str | list[int]
Form = Mapping[str, str | list[str]]
Typed = dict[str, list[str]]
DATE_PARTS = ("day", "month", "year")
OTHER_LENGTH = 200
_DIGITS = 3  # of the longest choice code
_NUMBER_LENGTH = 24
_NUMBER = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", re.ASCII)


class Fault(Exception):
    """What is wrong with an answer, in words for its writer, and at which field."""

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.name = name


@dataclass(frozen=True)
class Reading:
    """Answers that hold, faults by the name of their field, and what was typed there."""

    answers: dict[str, Answer]
    errors: dict[str, str]
    typed: Typed = field(default_factory=dict)


def field_names(question: Question) -> list[str]:
    """Names of the fields that ask a question; the first is where its faults are told."""
    if question.type is Kind.DATE:
        return [f"{question.code}.{part}" for part in DATE_PARTS]
    if question.type is Kind.RANKING:
        return [f"{question.code}.{choice.code}" for choice in question.choices]
    if question.other:
        return [question.code, other_name(question.code)]
    return [question.code]


def read_section(section: Section, data: Form) -> Reading:
    """Check a section's form against its questions; anything else in `data` is ignored."""
    reading = Reading({}, {})
    for question in section.questions:
        names = field_names(question)
        typed = {name: _values(data, name) for name in names}
        reading.typed.update(typed)
        try:
            answer = _READERS[question.type](question, typed)
            if answer is None and question.required:
                raise Fault(missing(question))
            words = _read_other(question, answer, typed)
        except Fault as fault:
            reading.errors[fault.name or names[0]] = fault.message
            continue
        if answer is not None:
            reading.answers[question.code] = answer
        if words:
            reading.answers[other_name(question.code)] = words
    return reading


def _values(data: Form, name: str) -> list[str]:
    found = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
    values = found if isinstance(found, list) else [found]
    texts = (clean(value) for value in values if isinstance(value, str))
    return [text for text in texts if text]


def typed_again(section: Section, answers: Mapping[str, Answer | None]) -> Typed:
    """Saved answers as the section's form holds them."""
    typed: Typed = {}
    for question in section.questions:
        answer = answers.get(question.code)
        if answer is not None:
            typed |= _typed(question, answer)
        words = answers.get(other_name(question.code))
        if words:
            typed[other_name(question.code)] = [str(words)]
    return typed


def _typed(question: Question, answer: Answer) -> Typed:
    names = field_names(question)
    if question.type is Kind.DATE:
        day = date.fromisoformat(answer)
        return {
            name: [str(part)]
            for name, part in zip(names, (day.day, day.month, day.year), strict=True)
        }
    if question.type is Kind.RANKING:
        return {f"{question.code}.{code}": [str(rank)] for rank, code in enumerate(answer, 1)}
    if question.type is Kind.NUMBER:
        return {question.code: [in_figures(answer)]}
    return {question.code: [str(part) for part in (answer if _is_list(answer) else [answer])]}


def _is_list(answer: Answer) -> bool:
    return isinstance(answer, list)


def in_figures(answer: Decimal | str) -> str:
    """'1234.5' as people write it: 1.234,5."""
    exact = Decimal(answer)
    return printed(exact, max(0, -exact.as_tuple().exponent))


def missing(question: Question) -> str:
    told = {"item": question.label}
    match question.type:
        case Kind.AGENCY:
            return _("Choose the agency that you rate.")
        case Kind.SCALE if any(choice.is_na for choice in question.choices):
            return _("Choose a level for “%(item)s”, or “Not applicable”.") % told
        case Kind.SCALE | Kind.RATING:
            return _("Choose a level for “%(item)s”.") % told
        case Kind.MULTIPLE:
            return _("Choose at least one of the answers to “%(item)s”.") % told
        case Kind.RANKING:
            return _("Give every choice of “%(item)s” a rank.") % told
        case Kind.NUMBER:
            return _("Enter a number for “%(item)s”.") % told
        case Kind.DATE:
            return _("Enter the day, month and year for “%(item)s”.") % told
        case Kind.SHORT | Kind.TEXT:
            return _("Answer “%(item)s”.") % told
    return _("Choose one of the answers to “%(item)s”.") % told


def _only(question: Question, typed: Typed, name: str = "") -> str:
    """The one value of a field; forms of ours never send two."""
    values = typed[name or question.code]
    if len(values) > 1:
        raise Fault(_("Give only one answer to “%(item)s”.") % {"item": question.label}, name)
    return values[0] if values else ""


def _read_agency(question: Question, typed: Typed) -> str | None:
    text = _only(question, typed)
    if text and by_code(text[:16]) is None:
        raise Fault(_("Choose an agency from the list."))
    return text or None


def _code(text: str) -> int:
    """-1 for what cannot be a code."""
    is_code = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if is_code else -1


def _read_code(question: Question, typed: Typed) -> int | None:
    text = _only(question, typed)
    if text and question.choice(_code(text)) is None:
        raise Fault(missing(question))
    return _code(text) if text else None


def _read_codes(question: Question, typed: Typed) -> list[int] | None:
    told = {"item": question.label}
    codes = sorted({_code(text) for text in typed[question.code]})
    choices = [question.choice(code) for code in codes]
    if None in choices:
        raise Fault(_("Choose from the answers to “%(item)s” only.") % told)
    alone = next((choice for choice in choices if choice.stands_alone), None)
    if alone and len(codes) > 1:
        told["choice"] = alone.label
        raise Fault(_("“%(choice)s” cannot be chosen together with others in “%(item)s”.") % told)
    if codes and not alone:
        _require_enough(question, len(codes))
    return codes or None


def _require_enough(question: Question, n: int) -> None:
    fewest, most = int(question.low or 0), int(question.high or n)
    if n < fewest:
        text = ngettext(
            "Choose at least %(n)d answer to “%(item)s”.",
            "Choose at least %(n)d answers to “%(item)s”.",
            fewest,
        )
        raise Fault(text % {"n": fewest, "item": question.label})
    if n > most:
        text = ngettext(
            "Choose at most %(n)d answer to “%(item)s”.",
            "Choose at most %(n)d answers to “%(item)s”.",
            most,
        )
        raise Fault(text % {"n": most, "item": question.label})


def _read_ranking(question: Question, typed: Typed) -> list[int] | None:
    """Codes from the first rank on: each rank once, none left out before the last given."""
    told = {"item": question.label}
    by_rank: dict[int, int] = {}
    for choice in question.choices:
        name = f"{question.code}.{choice.code}"
        text = _only(question, typed, name)
        rank = _code(text) if text else 0
        if not 0 <= rank <= len(question.choices):
            raise Fault(_("Choose the ranks of “%(item)s” from the lists.") % told, name)
        if rank in by_rank:
            told["rank"] = rank
            raise Fault(_("Rank %(rank)d is given twice in “%(item)s”.") % told, name)
        if rank:
            by_rank[rank] = choice.code
    if question.required and len(by_rank) < len(question.choices):
        raise Fault(missing(question))
    gap = next((rank for rank in range(1, len(by_rank) + 1) if rank not in by_rank), 0)
    if gap:
        told["rank"] = gap
        raise Fault(_("Rank %(rank)d is not given in “%(item)s”; begin with rank 1.") % told)
    return [by_rank[rank] for rank in sorted(by_rank)] or None


def _read_number(question: Question, typed: Typed) -> str | None:
    text = re.sub(r"\s", "", _only(question, typed)).replace("−", "-")
    if not text:
        return None
    told = {"item": question.label}
    if len(text) > _NUMBER_LENGTH or not _NUMBER.fullmatch(text):
        raise Fault(
            _(
                "“%(item)s”: enter a number in figures, with a comma before decimals and points "
                "between thousands if you like, such as 1.234,5."
            )
            % told
        )
    decimals = len(text.partition(",")[2])
    if decimals and not question.decimals:
        raise Fault(_("“%(item)s”: enter a whole number, without a comma.") % told)
    if decimals > question.decimals:
        message = ngettext(
            "“%(item)s”: at most %(n)d figure stands after the comma.",
            "“%(item)s”: at most %(n)d figures stand after the comma.",
            question.decimals,
        )
        raise Fault(message % (told | {"n": question.decimals}))
    exact = Decimal(text.replace(".", "").replace(",", "."))
    _require_within(question, exact, in_figures)
    return f"{exact + 0:f}"  # + 0: no negative nought


def _require_within(question: Question, given, in_words: Callable) -> None:
    told = {"item": question.label}
    if question.low is not None and given < question.low:
        told["bound"] = in_words(question.low)
        if question.type is Kind.DATE:
            raise Fault(_("“%(item)s”: the day is before %(bound)s.") % told)
        raise Fault(_("“%(item)s”: the number is less than %(bound)s.") % told)
    if question.high is not None and given > question.high:
        told["bound"] = in_words(question.high)
        if question.type is Kind.DATE:
            raise Fault(_("“%(item)s”: the day is after %(bound)s.") % told)
        raise Fault(_("“%(item)s”: the number is more than %(bound)s.") % told)


def _read_date(question: Question, typed: Typed) -> str | None:
    names = field_names(question)
    texts = [_only(question, typed, name) for name in names]
    if not any(texts):
        return None
    told = {"item": question.label}
    needed = {
        "day": _("“%(item)s”: enter the day, such as 27."),
        "month": _("“%(item)s”: enter the month as a number from 1 to 12."),
        "year": _("“%(item)s”: enter the year in four figures, such as 2026."),
    }
    parts = [_code(text) if len(text) < 3 else _year(text) for text in texts]
    for name, part, is_fit in zip(names, parts, (_is_day, _is_month, _is_year), strict=True):
        if not is_fit(part):
            raise Fault(needed[name.rpartition(".")[2]] % told, name)
    try:
        given = date(parts[2], parts[1], parts[0])
    except ValueError:
        raise Fault(_("“%(item)s”: this month does not have that day.") % told) from None
    _require_within(question, given, printed_day)
    return given.isoformat()


def _year(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{4}", text, re.ASCII) else -1


def _is_day(part: int) -> bool:
    return 1 <= part <= 31


def _is_month(part: int) -> bool:
    return 1 <= part <= 12


def _is_year(part: int) -> bool:
    return part >= 1000


def _read_line(question: Question, typed: Typed) -> str | None:
    return _within_length(" ".join(_only(question, typed).split()), question.max_length)


def _read_text(question: Question, typed: Typed) -> str | None:
    return _within_length(_only(question, typed), question.max_length)


def _within_length(text: str, limit: int, name: str = "") -> str | None:
    over = len(text) - limit
    if over > 0:
        message = _("The text is %(over)d characters too long; at most %(limit)d fit.")
        raise Fault(message % {"over": over, "limit": limit}, name)
    return text or None


def _read_other(question: Question, answer: Answer | None, typed: Typed) -> str | None:
    """The words beside the choice that asks for them; dropped when it is not chosen."""
    if not question.asks_other(answer):
        return None
    name = other_name(question.code)
    words = _within_length(" ".join(_only(question, typed, name).split()), OTHER_LENGTH, name)
    if not words:
        told = {"choice": question.other.label, "item": question.label}
        raise Fault(_("Write what you mean by “%(choice)s” in “%(item)s”.") % told, name)
    return words


_READERS: dict[Kind, Callable[[Question, Typed], Answer | None]] = {
    Kind.AGENCY: _read_agency,
    Kind.SCALE: _read_code,
    Kind.SINGLE: _read_code,
    Kind.RATING: _read_code,
    Kind.MULTIPLE: _read_codes,
    Kind.RANKING: _read_ranking,
    Kind.NUMBER: _read_number,
    Kind.DATE: _read_date,
    Kind.SHORT: _read_line,
    Kind.TEXT: _read_text,
}
