"""What looks odd about one answer. A flag never takes an answer out of the figures by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.rules.values import value

from ..models import Flag
from ..questionnaires import Kind, Question, Questionnaire

# A block of fewer rows is answered alike by many who read it.
SHORTEST_BLOCK = 3


@dataclass(frozen=True)
class Signals:
    """What a request tells that is not stored: `networks` are agencies whose network it is from.

    `is_after_end`: a kiosk says that it was given before the end, and nobody can check that.
    """

    is_burst: bool = False
    networks: frozenset[int] = frozenset()
    is_after_end: bool = False


NO_SIGNALS = Signals()


def flags_of(
    path: Questionnaire, answers: Mapping, agency_id: int, duration_s: int | None, signals: Signals
) -> list[str]:
    """Codes of what is odd, in the order of `Flag`; `duration_s` is None where it is unknown."""
    found = {
        Flag.SPEEDING: duration_s is not None and duration_s < fewest_seconds(path),
        Flag.STRAIGHT_LINING: is_straight(path, answers),
        Flag.BURST: signals.is_burst,
        Flag.OWN_NETWORK: agency_id in signals.networks,
        Flag.AFTER_END: signals.is_after_end,
    }
    return [flag.value for flag, holds in found.items() if holds]


def fewest_seconds(path: Questionnaire) -> int:
    """Fewer than this nobody needs to read the questions on the path."""
    return len(path.counted) * value("survey.speeding_seconds").integer


def is_straight(path: Questionnaire, answers: Mapping) -> bool:
    """Whether every block of levels was answered alike from top to bottom.

    A block is a grid, or the levels of one section; "not applicable" is no level. Blocks
    may differ from each other, and together they must be long enough to say something.
    """
    rows = 0
    for questions in _blocks(path):
        levels = [level for question in questions if (level := _level(question, answers))]
        if len(levels) < SHORTEST_BLOCK:
            continue
        if len(set(levels)) > 1:
            return False
        rows += len(levels)
    return rows >= value("survey.straight_rows").integer


def _blocks(path: Questionnaire) -> list[list[Question]]:
    blocks: dict[tuple[str, str], list[Question]] = {}
    for section in path.sections:
        for question in section.questions:
            if question.type is Kind.SCALE:
                blocks.setdefault((section.code, question.grid), []).append(question)
    return list(blocks.values())


def _level(question: Question, answers: Mapping) -> int | None:
    choice = question.choice(answers.get(question.code))
    return choice.code if choice and not choice.is_no_answer else None
