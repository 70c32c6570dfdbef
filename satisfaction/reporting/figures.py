"""Figures of the report as plain JSON values, suppression included. Nothing here is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.reporting.kinds import Unmakeable
from portal.rules.values import value

from .. import results
from ..intervals import Estimate, Moments, estimate
from ..measuring import definitions, indices
from ..measuring import figures as measured
from ..measuring.definitions import Definition
from ..models import Channel, RejectionReason, Survey, SurveyVersion
from ..periods import in_words
from ..questionnaires import Questionnaire
from ..results import Wanted
from ..suppression import hidden
from ..tallies import NOT_SHOWN, SKIPPED
from ..window import last_minute
from . import measures
from .plan import Chosen
from .printed import CHANNELS
from .questions import Reader, levels_of

REASONS = {
    RejectionReason.NOTHING_RATED: "Không đánh giá nội dung nào",
    RejectionReason.TOO_FAST: "Thời gian trả lời ngắn hơn mức tối thiểu để đọc câu hỏi",
    RejectionReason.TEST: "Phiếu thử của cán bộ",
    RejectionReason.DUPLICATE: "Một người trả lời nhiều lần",
}


@dataclass(frozen=True)
class Measured:
    """What the figures of one report are read from."""

    survey: Survey
    version: SurveyVersion
    questionnaire: Questionnaire
    now: datetime
    k: int
    chosen: Chosen

    @cached_property
    def counts(self) -> dict[str, dict[int, int]]:
        return results.counts_by_question(self.survey)

    @cached_property
    def by_scope(self) -> dict[str, Moments]:
        return results.moments_by_scope(self.survey)

    @cached_property
    def by_agency(self) -> dict:
        return results.moments_by_agency(self.survey)

    @cached_property
    def definition(self) -> Definition:
        return definitions.current(self.survey, self.questionnaire)

    @cached_property
    def is_in_moments(self) -> bool:
        return indices.is_in_moments(self.definition, self.questionnaire)

    @cached_property
    def items(self) -> list[dict]:
        return items(self)

    @cached_property
    def received(self) -> results.Received:
        return results.received(self.survey)


def about(of: Measured) -> dict:
    survey, until = of.survey, last_minute(of.survey).date()
    return {
        "code": survey.code,
        "title": survey.title,
        "is_demo": survey.is_demo,
        "opens_on": timezone.localtime(survey.opens_at).date().isoformat(),
        "last_day": until.isoformat(),
        "as_of": timezone.localtime(of.now).isoformat(timespec="minutes"),
        "until": min(timezone.localtime(of.now).date(), until).isoformat(),
        "version": of.version.number,
        "version_sha256": of.version.sha256,
    }


def words(of: Measured) -> dict:
    """What the index is called, and the levels that count as satisfied, in its own words."""
    questionnaire = of.questionnaire
    scale = next(
        question.choices
        for question in questionnaire.questions()
        if question.code in questionnaire.index.items
    )
    return {
        "index": questionnaire.index.name or "Chỉ số chung của khảo sát",
        "satisfied": [
            choice.label for choice in scale if choice.code in questionnaire.index.satisfied
        ],
    }


def received(of: Measured) -> dict:
    counts = of.received
    return {
        "total": counts.total,
        "valid": counts.valid,
        "rejected": [
            {"reason": REASONS.get(RejectionReason(code), code), "n": n}
            for code, n in sorted(counts.rejected.items())
        ],
    }


def figure(moments: Moments, made: Estimate | None, k: int = 0) -> dict:
    """An index with its interval; fewer than k people look like nobody."""
    if made is None or moments.n < k:
        return {"n": 0, "sy": 0, "sx": 0, "low": None, "high": None}
    # Ten decimals: far more than is printed, the same on every machine.
    return {
        "n": moments.n,
        "sy": moments.sy,
        "sx": moments.sx,
        "low": f"{made.low:.10f}",
        "high": f"{made.high:.10f}",
    }


def index(of: Measured) -> dict:
    whole = of.by_scope.get("", Moments())
    if whole.n < of.k:
        raise Unmakeable(
            f"Không đủ {of.k} phiếu có đánh giá nên không có số liệu nào được công bố."
        )
    return figure(whole, estimate(whole))


def criteria(of: Measured) -> list[dict]:
    return [
        {
            "code": section.code,
            "title": section.title,
            **figure(moments, estimate(moments), of.k),
        }
        for section in of.questionnaire.sections
        if section.is_scored
        for moments in [of.by_scope.get(section.code, Moments())]
    ]


def items(of: Measured) -> list[dict]:
    """The index's items with what people did with each: rated, did not apply, left open."""
    satisfied = of.questionnaire.index.satisfied
    made = []
    for section in of.questionnaire.sections:
        for question in section.questions:
            if question.code not in of.questionnaire.index.items:
                continue
            counts = of.counts.get(question.code, {})
            levels = [choice.code for choice in question.choices if not choice.is_no_answer]
            is_conditional = section.show_if is not None or question.show_if is not None
            made.append(
                {
                    "code": question.code,
                    "label": question.label,
                    "section": section.code,
                    "satisfied": [place for place, code in enumerate(levels) if code in satisfied],
                    **levels_of(question, counts, of.k),
                    **_unanswered(counts, of.k, is_conditional),
                }
            )
    return made


def _unanswered(counts: dict[int, int], k: int, is_conditional: bool) -> dict:
    """Left open, and not asked: both or neither, where the one would give the other away."""
    skipped, not_shown = counts.get(SKIPPED, 0), counts.get(NOT_SHOWN, 0)
    if is_conditional and hidden({SKIPPED: skipped, NOT_SHOWN: not_shown}, k):
        return {"skipped": None, "not_shown": None}
    return {"skipped": skipped, "not_shown": not_shown}


def agencies(of: Measured) -> dict:
    moments = of.by_agency
    secret = hidden({agency: m.n for agency, m in moments.items()}, of.k)
    few = value("survey.min_agency_sample").integer
    made = indices.by_agency(of.survey, of.questionnaire, of.definition)
    shown = [
        {
            "code": agency.code,
            "name": agency.name,
            "is_small": m.n < few,
            **(
                figure(m, made[agency])
                if of.is_in_moments
                else measures.of_estimate(made[agency], of.k)
            ),
        }
        for agency, m in moments.items()
        if agency not in secret
    ]
    return {
        "count": len(moments),
        "shown": shown,
        "hidden": len(secret),
        "hidden_n": sum(moments[agency].n for agency in secret),
    }


def questions(of: Measured) -> list[dict]:
    return Reader(of.survey, of.questionnaire, of.counts, of.k, has_nps=of.chosen.has_nps).figures()


def _split(of: Measured, name: str, label: Callable[[Any], str]) -> list[dict]:
    """The whole index by a column of the cells; rows that would give away a small one are bare."""
    moments = results.moments_by(of.survey, name)
    secret = hidden({key: m.n for key, m in moments.items()}, of.k)
    return [
        {
            "code": str(key),
            "title": label(key),
            **figure(Moments() if key in secret else m, None if key in secret else estimate(m)),
        }
        for key, m in sorted(moments.items())
    ]


def channels(of: Measured) -> list[dict]:
    return _split(of, "channel", lambda code: CHANNELS.get(Channel(code), code))


def periods(of: Measured) -> list[dict]:
    """Each period with the difference to the one before, where both are shown."""
    rows = _split(of, "period", lambda code: in_words(code) or "Cả cuộc khảo sát")
    moments = results.moments_by(of.survey, "period")
    for before, after in pairwise(rows):
        if before["sx"] and after["sx"]:
            after["change"] = change(moments[before["code"]], moments[after["code"]])
    return rows


def flagged(of: Measured) -> dict | None:
    """The index with and without flagged responses; None where either part is too small."""
    every = of.by_scope.get("", Moments())
    clean = results.moments_by_scope(of.survey, Wanted(with_flagged=False)).get("", Moments())
    if hidden({"clean": clean.n, "flagged": every.n - clean.n}, of.k):
        return None
    return {
        "every": figure(every, estimate(every)),
        "clean": figure(clean, estimate(clean)),
        "flagged_n": every.n - clean.n,
    }


def change(before: Moments, after: Moments) -> dict:
    """Difference of two independent ratios with its 95 % interval and two-sided p.

    z = (R2 − R1) / √(SE1² + SE2²), SE by respondent (Cochran, ch. 6); no test where
    neither varies.
    """
    first, second = estimate(before), estimate(after)
    by = second.value - first.value
    se = math.hypot(first.se, second.se)
    p = math.erfc(abs(float(by)) / se / math.sqrt(2)) if se else None
    spread = 1.959963984540054 * se
    return {
        "by": f"{float(by):.10f}",
        "low": f"{float(by) - spread:.10f}",
        "high": f"{float(by) + spread:.10f}",
        "p": None if p is None else f"{p:.10f}",
    }


def method(of: Measured) -> dict:
    questionnaire = of.questionnaire
    return {
        "index_version": of.definition.version,
        "index_basis": of.definition.basis,
        "survey_basis": questionnaire.basis,
        "items": len(of.definition.items),
        "criteria": sum(section.is_scored for section in questionnaire.sections),
        "k": of.k,
        "min_sample": value("survey.min_agency_sample").integer,
        "min_seconds": value("survey.min_duration_seconds").integer,
    }


def data_hash(of: Measured) -> str:
    """A fingerprint of every count that the report was read from.

    Keyed: an open one would let anybody try out the few values that a hidden cell can
    have until the hash fits.
    """
    digest = measured.data_sha256(of.survey)
    return salted_hmac("satisfaction.report.data", digest, algorithm="sha256").hexdigest()


BUILDERS: dict[str, Callable[[Measured], Any]] = {
    "items": lambda of: of.items,
    "questions": questions,
    "channels": channels,
    "periods": periods,
    "flagged": flagged,
    "earlier": measures.points,
    "ranking": measures.ranking,
    "matrix": measures.importance,
    "weighted": measures.weighted,
    "rates": measures.rates,
    "themes": measures.themes,
}
# What every report needs, whichever chapters were chosen.
ALWAYS: dict[str, Callable[[Measured], Any]] = {
    "survey": about,
    "words": words,
    "received": received,
    "index": index,
    "criteria": criteria,
    "agencies": agencies,
    "method": method,
    "definition": lambda of: of.definition.as_data(),
    "data_sha256": data_hash,
}


def build(of: Measured) -> dict:
    """The whole snapshot: what was not chosen is not in it."""
    chosen = {code: BUILDERS[code] for code in of.chosen.chapters if code in BUILDERS}
    made = {name: make(of) for name, make in (ALWAYS | chosen).items()}
    return made | {"plan": of.chosen.frozen()}
