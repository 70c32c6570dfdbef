"""Columns of an export: one for each code that was asked for, over all versions of a survey.

Codes of answers are those of the questionnaire. What is no answer has numbers of its own,
the same as in the tallies, so that nobody counts it as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .. import conditions
from ..paths import shown
from ..questionnaires import Choice, Kind, Labels, Question, Questionnaire, other_name
from ..tallies import NOT_SHOWN, SKIPPED

# Of a choice among several, where the person chose "does not apply" or would not say.
NO_ANSWER = -4
UNRANKED = 0
ANSWERED = 1
STATES: dict[int, Labels] = {
    ANSWERED: {"vi": "Có trả lời", "en": "Answered"},
    SKIPPED: {"vi": "Bỏ qua", "en": "Skipped"},
    NOT_SHOWN: {"vi": "Không được hỏi", "en": "Not shown"},
}
_NO_CODES = {SKIPPED: STATES[SKIPPED], NOT_SHOWN: STATES[NOT_SHOWN]}
_APART = {NO_ANSWER: {"vi": "Không áp dụng, từ chối", "en": "Does not apply, declined"}}
_CHOSEN = {1: {"vi": "Có chọn", "en": "Chosen"}, 0: {"vi": "Không chọn", "en": "Not chosen"}}
_RANKS = {UNRANKED: {"vi": "Không xếp", "en": "Not ranked"}}

Value = int | str | Decimal | date | None


@dataclass
class Answers:
    """One response: its answers, the codes of what was shown, its texts."""

    given: dict
    asked: frozenset[str]
    texts: dict[str, str] = field(default_factory=dict)

    def code_of_none(self, code: str) -> int:
        return SKIPPED if code in self.asked else NOT_SHOWN


@dataclass(frozen=True)
class Column:
    """`missing` are values that are no answer; `kind` is "code", "number", "date" or "text"."""

    name: str
    labels: Labels
    kind: str
    question: str = ""
    values: dict[int, Labels] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    value: Callable[[Answers], Value] = lambda answers: None


def columns_of(questionnaires: list[Questionnaire], with_texts: bool) -> list[Column]:
    """Columns of the newest questionnaire in its order, then of what only older ones asked."""
    questions: dict[str, list[Question]] = {}
    for questionnaire in questionnaires:
        for question in questionnaire.questions():
            questions.setdefault(question.code, []).append(question)
    made = [
        column
        for versions in questions.values()
        for column in _columns(_over_versions(versions), with_texts)
    ]
    return list(_named_once(made))


def _over_versions(versions: list[Question]) -> Question:
    """The newest wording with the choices of all versions."""
    newest = versions[0]
    choices = {choice.code: choice for old in reversed(versions) for choice in old.choices}
    order = [choice.code for old in versions for choice in old.choices]
    merged = tuple(choices[code] for code in dict.fromkeys(order))
    return newest if merged == newest.choices else replace(newest, choices=merged)


def _columns(question: Question, with_texts: bool) -> Iterator[Column]:
    match question.type:
        case Kind.AGENCY:
            return
        case Kind.MULTIPLE:
            yield from (_choice_column(question, choice) for choice in question.choices)
        case Kind.RANKING:
            yield from (_rank_column(question, choice) for choice in question.choices)
        case Kind.NUMBER | Kind.DATE:
            yield from _size_columns(question)
        case Kind.SHORT | Kind.TEXT:
            if with_texts:
                yield _text_column(question.code, question.code, question.labels)
        case _:
            yield _code_column(question)
    if with_texts and question.other:
        name = other_name(question.code)
        labels = _joined(question.labels, question.other.labels)
        yield _text_column(name, f"{question.code}_other", labels)


def _joined(one: Labels, other: Labels) -> Labels:
    return {
        language: f"{text} – {other.get(language) or other['vi']}" for language, text in one.items()
    }


def _code_column(question: Question) -> Column:
    code = question.code

    def value(answers: Answers) -> Value:
        found = answers.given.get(code)
        return answers.code_of_none(code) if found is None else found

    labels = {choice.code: choice.labels for choice in question.choices}
    no_answer = tuple(choice.code for choice in question.choices if choice.is_no_answer)
    return Column(
        code, question.labels, "code", code, {**labels, **_NO_CODES},
        (*no_answer, *_NO_CODES), value,
    )  # fmt: skip


def _choice_column(question: Question, choice: Choice) -> Column:
    """1 where it was chosen, 0 where others were."""
    code = question.code
    apart = {other.code for other in question.choices if other.is_no_answer}

    def value(answers: Answers) -> Value:
        found = answers.given.get(code)
        if found is None:
            return answers.code_of_none(code)
        if choice.code in found:
            return 1
        return NO_ANSWER if choice.code not in apart and not apart.isdisjoint(found) else 0

    values = {**_CHOSEN, **_NO_CODES, **_APART}
    labels = _joined(question.labels, choice.labels)
    missing = (*_NO_CODES, *_APART)
    return Column(f"{code}_{choice.code}", labels, "code", code, values, missing, value)


def _rank_column(question: Question, choice: Choice) -> Column:
    code = question.code

    def value(answers: Answers) -> Value:
        found = answers.given.get(code)
        if found is None:
            return answers.code_of_none(code)
        return found.index(choice.code) + 1 if choice.code in found else UNRANKED

    labels = _joined(question.labels, choice.labels)
    values, missing = {**_RANKS, **_NO_CODES}, (UNRANKED, *_NO_CODES)
    return Column(f"{code}_{choice.code}", labels, "code", code, values, missing, value)


def _size_columns(question: Question) -> Iterator[Column]:
    """The number or day, and beside it whether there is one: any number may be an answer."""
    code, is_day = question.code, question.type is Kind.DATE

    def value(answers: Answers) -> Value:
        found = answers.given.get(code)
        if found is None:
            return None
        return date.fromisoformat(found) if is_day else Decimal(found)

    def state(answers: Answers) -> Value:
        return ANSWERED if answers.given.get(code) is not None else answers.code_of_none(code)

    yield Column(code, question.labels, "date" if is_day else "number", code, value=value)
    labels = _joined(question.labels, {"vi": "tình trạng trả lời", "en": "whether answered"})
    yield Column(f"{code}_st", labels, "code", code, STATES, tuple(_NO_CODES), state)


def _text_column(key: str, name: str, labels: Labels) -> Column:
    return Column(name, labels, "text", key, value=lambda answers: answers.texts.get(key))


# Names that SPSS keeps for itself; its names differ in more than the case of letters.
_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}


def _named_once(columns: list[Column]) -> Iterator[Column]:
    taken = _RESERVED | FIXED_NAMES
    for column in columns:
        name, number = column.name, 2
        while name.casefold() in taken:
            name, number = f"{column.name}_v{number}", number + 1
        taken.add(name.casefold())
        yield column if name == column.name else replace(column, name=name)


FIXED: dict[str, Labels] = {
    "response": {"vi": "Số phiếu (ngẫu nhiên)", "en": "Number of the response (at random)"},
    "version": {"vi": "Phiên bản bảng hỏi", "en": "Version of the questionnaire"},
    "agency": {"vi": "Mã cơ quan", "en": "Code of the agency"},
    "period": {"vi": "Kỳ khảo sát", "en": "Period"},
    "channel": {"vi": "Kênh trả lời", "en": "Channel"},
    "day": {"vi": "Ngày trả lời", "en": "Day"},
    "status": {"vi": "Trạng thái", "en": "State"},
    "reason": {"vi": "Lý do loại", "en": "Reason of the rejection"},
    "flagged": {"vi": "Có dấu hiệu bất thường", "en": "Looks odd"},
    "flags": {"vi": "Dấu hiệu bất thường", "en": "What looks odd"},
    "weight": {
        "vi": "Trọng số; trống: phiếu không có trọng số",
        "en": "Weight; empty: the response has none",
    },
}
# Questions taken from other tools are given other codes; those that have one already step aside.
FIXED_NAMES = frozenset(FIXED)
# Whoever took part in a closed survey could be found by these.
NOT_OF_CLOSED = frozenset({"day"})


class Askers:
    """Which questions each response was shown; what its conditions see alike is asked alike."""

    MOST_KEPT = 20_000

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        parts = (*questionnaire.sections, *questionnaire.questions())
        asked_for = [conditions.questions(part.show_if) for part in parts if part.show_if]
        self.deciding = sorted(frozenset().union(*asked_for))
        self.known: dict[str, frozenset[str]] = {}

    def asked(self, answers: dict) -> frozenset[str]:
        key = repr([answers.get(code) for code in self.deciding])
        found = self.known.get(key)
        if found is None:
            path = shown(self.questionnaire, answers)
            found = frozenset(question.code for question in path.questions())
            if len(self.known) < self.MOST_KEPT:
                self.known[key] = found
        return found
