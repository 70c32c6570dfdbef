"""How long a questionnaire takes, told honestly before anybody begins."""

from __future__ import annotations

import math

from portal.rules.values import value

from ..questionnaires import Kind, Questionnaire

# Seconds that a person takes to read and answer one question, rounded up: rows on one
# scale go fast, writing goes slowly.
SECONDS = {
    Kind.AGENCY: 20,
    Kind.SCALE: 8,
    Kind.SINGLE: 10,
    Kind.MULTIPLE: 15,
    Kind.RATING: 10,
    Kind.RANKING: 30,
    Kind.NUMBER: 15,
    Kind.DATE: 15,
    Kind.SHORT: 20,
    Kind.TEXT: 45,
}


def question_count(questionnaire: Questionnaire) -> int:
    """All questions; who is asked fewer finishes earlier."""
    return sum(1 for _question in questionnaire.questions())


def minutes(questionnaire: Questionnaire) -> int:
    return max(1, math.ceil(sum(SECONDS[q.type] for q in questionnaire.questions()) / 60))


def told_beforehand(questionnaire: Questionnaire) -> dict[str, int]:
    """The figures that the first page of a survey names."""
    return {
        "days": value("survey.draft_days").integer,
        "question_count": question_count(questionnaire),
        "minutes": minutes(questionnaire),
        "fewest": value("survey.suppression_k").integer,
    }
