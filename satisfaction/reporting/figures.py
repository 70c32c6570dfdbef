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

from portal.agencies.models import Agency
from portal.reporting.kinds import Unmakeable
from portal.rules.values import value

from .. import results
from ..intervals import Estimate, Moments, estimate
from ..measuring import definitions, indices
from ..measuring import figures as measured
from ..measuring.definitions import Definition
from ..models import Channel, RejectionReason, Survey, SurveyVersion
from ..periods import in_words
from ..questionnaires import Question, Questionnaire
from ..results import Wanted
from ..suppression import hidden, hidden_within
from ..tallies import NOT_SHOWN, SKIPPED
from ..window import last_minute
from . import measures
from .plan import Chosen
from .printed import CHANNELS
from .questions import Reader, levels_of

CLEAN = Wanted(with_flagged=False)
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
    def moments(self) -> dict[str, Moments]:
        return results.moments_by_scope(self.survey)

    @cached_property
    def by_scope(self) -> dict[str, Estimate | None]:
        """The index and its criteria by the definition that holds."""
        if self.is_in_moments:
            return results.estimates(self.moments)
        return indices.by_scope(self.survey, self.questionnaire, self.definition)

    def index(self, wanted: Wanted = results.ALL) -> Estimate | None:
        return indices.index(self.survey, self.questionnaire, self.definition, wanted)

    @cached_property
    def agency_moments(self) -> dict[Agency, Moments]:
        return results.moments_by_agency(self.survey) if self.is_in_moments else {}

    @cached_property
    def by_agency(self) -> dict[Agency, Estimate | None]:
        if self.is_in_moments:
            return results.estimates(self.agency_moments)
        return indices.by_agency(self.survey, self.questionnaire, self.definition)

    @cached_property
    def hidden_agencies(self) -> set[Agency]:
        return hidden({agency: people(made) for agency, made in self.by_agency.items()}, self.k)

    @cached_property
    def rated_items(self) -> list[tuple[str, Question, bool]]:
        """Items of the index in order: section, question, whether not everybody is asked."""
        return [
            (section.code, question, bool(section.show_if or question.show_if))
            for section in self.questionnaire.sections
            for question in section.questions
            if question.code in self.definition.items
        ]

    @cached_property
    def hidden_parts(self) -> tuple[set[str], set[str]]:
        """Criteria and items that could be worked out, or are small, beside the index."""
        parts: dict[str, dict[str, int]] = {}
        for section, question, _is_conditional in self.rated_items:
            levels = [choice.code for choice in question.choices if not choice.is_no_answer]
            counts = self.counts.get(question.code, {})
            rated = sum(counts.get(code, 0) for code in levels)
            parts.setdefault(section, {})[question.code] = rated
        sizes = {section: max(inside.values(), default=0) for section, inside in parts.items()}
        sizes |= {scope: people(made) for scope, made in self.by_scope.items() if scope in parts}
        return hidden_within(parts, sizes, self.k)

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
    _section, first, _is_conditional = of.rated_items[0]
    return {
        "index": questionnaire.index.name or "Chỉ số chung của khảo sát",
        "satisfied": [
            choice.label for choice in first.choices if choice.code in of.definition.satisfied
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


def people(made: Estimate | None) -> int:
    return made.n if made else 0


def figure(of: Measured, made: Estimate | None, moments: Moments | None) -> dict:
    """An index with its interval; fewer than k people look like nobody.

    `moments`: its sums, where the definition's index stands in them.
    """
    if made is None or made.n < of.k or moments is None or not of.is_in_moments:
        return measures.of_estimate(made, of.k)
    # Ten decimals: far more than is printed, the same on every machine.
    return {
        "n": made.n,
        "sy": moments.sy,
        "sx": moments.sx,
        "low": f"{made.low:.10f}",
        "high": f"{made.high:.10f}",
    }


def index(of: Measured) -> dict:
    made = of.by_scope.get("")
    if people(made) < of.k:
        raise Unmakeable(
            f"Không đủ {of.k} phiếu có đánh giá nên không có số liệu nào được công bố."
        )
    return figure(of, made, of.moments.get(""))


def criteria(of: Measured) -> list[dict]:
    secret, _items = of.hidden_parts
    return [
        {
            "code": section.code,
            "title": section.title,
            **figure(of, None if section.code in secret else made, of.moments.get(section.code)),
        }
        for section in of.questionnaire.sections
        if section.is_scored
        for made in [of.by_scope.get(section.code)]
    ]


def items(of: Measured) -> list[dict]:
    """The index's items with what people did with each: rated, did not apply, left open."""
    satisfied = of.definition.satisfied
    _criteria, secret = of.hidden_parts
    made = []
    for section, question, is_conditional in of.rated_items:
        counts = of.counts.get(question.code, {})
        levels = [choice.code for choice in question.choices if not choice.is_no_answer]
        made.append(
            {
                "code": question.code,
                "label": question.label,
                "section": section,
                "satisfied": [place for place, code in enumerate(levels) if code in satisfied],
                **levels_of(question, {} if question.code in secret else counts, of.k),
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
    found, secret = of.by_agency, of.hidden_agencies
    few = value("survey.min_agency_sample").integer
    shown = [
        {
            "code": agency.code,
            "name": agency.name,
            "is_small": people(made) < few,
            **figure(of, made, of.agency_moments.get(agency)),
        }
        for agency, made in found.items()
        if agency not in secret
    ]
    return {
        "count": len(found),
        "shown": shown,
        "hidden": len(secret),
        "hidden_n": sum(people(found[agency]) for agency in secret),
    }


def questions(of: Measured) -> list[dict]:
    return Reader(of.survey, of.questionnaire, of.counts, of.k, has_nps=of.chosen.has_nps).figures()


def _split(of: Measured, name: str) -> dict[str, tuple[Estimate | None, Moments]]:
    """The whole index by a column of the cells."""
    moments = results.moments_by(of.survey, name)
    return {
        str(key): (estimate(m) if of.is_in_moments else of.index(Wanted(**{name: key})), m)
        for key, m in sorted(moments.items())
    }


def _rows(
    of: Measured, parts: dict[str, tuple[Estimate | None, Moments]], label: Callable[[Any], str]
) -> list[dict]:
    """Rows that would give away a small one are bare."""
    secret = hidden({key: people(made) for key, (made, _m) in parts.items()}, of.k)
    return [
        {
            "code": key,
            "title": label(key),
            **figure(of, None if key in secret else made, m),
        }
        for key, (made, m) in parts.items()
    ]


def channels(of: Measured) -> list[dict]:
    return _rows(of, _split(of, "channel"), lambda code: CHANNELS.get(Channel(code), code))


def periods(of: Measured) -> list[dict]:
    """Each period with the difference to the one before, where both are shown."""
    parts = _split(of, "period")
    rows = _rows(of, parts, lambda code: in_words(code) or "Cả cuộc khảo sát")
    for before, after in pairwise(rows):
        if before["sx"] and after["sx"]:
            after["change"] = change(parts[before["code"]][0], parts[after["code"]][0])
    return rows


def flagged(of: Measured) -> dict | None:
    """The index with and without flagged responses; None where either part is too small."""
    every, clean = of.by_scope.get(""), of.index(CLEAN)
    flagged_n = people(every) - people(clean)
    if hidden({"clean": people(clean), "flagged": flagged_n}, of.k):
        return None
    moments = results.moments_by_scope(of.survey, CLEAN) if of.is_in_moments else {}
    return {
        "every": figure(of, every, of.moments.get("")),
        "clean": figure(of, clean, moments.get("")),
        "flagged_n": flagged_n,
    }


def change(first: Estimate, second: Estimate) -> dict:
    """Difference of two indices of different people with its 95 % interval and two-sided p.

    z = (R2 − R1) / √(SE1² + SE2²), SE by respondent (Cochran, ch. 6); no test where
    neither varies.
    """
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
        "criteria": len(definitions.criteria(questionnaire, of.definition.items)),
        "pooling": str(of.definition.pooling),
        "not_applicable": str(of.definition.not_applicable),
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
