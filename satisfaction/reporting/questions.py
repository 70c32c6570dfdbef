"""Figures of the questions beside the index, each kind in its own way, small ones hidden."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.reporting.formats import number, rounded

from ..models import ResponseStatus, Survey, TextAnswer
from ..questionnaires import RATINGS, WRITTEN, Kind, Question, Questionnaire
from ..results import ALL, Wanted
from ..suppression import hidden, merged
from ..tallies import ANSWERED, NOT_SHOWN, SKIPPED
from . import values

Counts = dict[int, int]
QUARTERS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
PROMOTERS, DETRACTORS = (9, 10), tuple(range(7))


class Reader:
    """The questions of one survey as one filter sees them."""

    def __init__(
        self,
        survey: Survey,
        questionnaire: Questionnaire,
        counts: dict[str, Counts],
        k: int,
        *,
        has_nps: bool = False,
        wanted: Wanted = ALL,
    ) -> None:
        self.survey, self.questionnaire, self.counts = survey, questionnaire, counts
        self.k, self.has_nps, self.wanted = k, has_nps, wanted

    def figures(self) -> list[dict]:
        """Every question but the index's items and the agency, in the questionnaire's order."""
        return [
            self._question(question, section.show_if is not None)
            | {
                "section": section.title,
                "grid": section.grid_label(question.grid) if question.grid else "",
            }
            for section in self.questionnaire.sections
            for question in section.questions
            if question.type is not Kind.AGENCY
            and question.code not in self.questionnaire.index.items
        ]

    def _question(self, question: Question, in_conditional: bool) -> dict:
        counts = self.counts.get(question.code, {})
        is_conditional = in_conditional or question.show_if is not None
        made = {"code": question.code, "label": question.label, "kind": str(question.type)}
        if question.type in WRITTEN:
            return made | {"base": self._written(question)}
        if question.type is Kind.SINGLE:
            return made | self._single(question, counts, is_conditional)
        base = self._base(question, counts, is_conditional)
        made |= {"base": base}
        if base["answered"] is None:
            return made
        draw = {
            Kind.SCALE: self._scale,
            Kind.RATING: self._rating,
            Kind.MULTIPLE: self._multiple,
            Kind.RANKING: self._ranking,
            Kind.NUMBER: self._number,
            Kind.DATE: self._date,
        }[question.type]
        return made | draw(question, counts)

    def _base(self, question: Question, counts: Counts, is_conditional: bool) -> dict:
        """People by what they did with the question; None where that would tell of the few.

        Who was not asked gave an earlier answer: that is a group of people. What was left
        open or does not apply is a figure about forms and stays exact (decision 0016).
        """
        did = _did(question, counts)
        asked = did["answered"] + did["na"] + did["silent"]
        groups = {"asked": asked, "not_asked": did["not_asked"]}
        if is_conditional and hidden(groups, self.k):
            return dict.fromkeys(did)
        if did["answered"] < self.k:
            return did | {"answered": None}
        return did

    def _single(self, question: Question, counts: Counts, is_conditional: bool) -> dict:
        """People by their answer; shares are of those who were asked.

        Whoever was not asked is a cell too: the table's total and that of all responses
        would give a small one away.
        """
        declined = {choice.code for choice in question.choices if choice.is_declined} | {SKIPPED}
        rows = {
            choice.code: counts.get(choice.code, 0)
            for choice in question.choices
            if choice.code not in declined
        }
        silent = sum(counts.get(code, 0) for code in declined)
        not_asked = {NOT_SHOWN: counts.get(NOT_SHOWN, 0)} if is_conditional else {}
        secret = hidden({**rows, SKIPPED: silent, **not_asked}, self.k)
        labels = {choice.code: choice.label for choice in question.choices}
        table = [
            {"label": labels[code], "code": code, "n": None if code in secret else n}
            for code, n in rows.items()
        ]
        table.append({"label": "Không trả lời", "n": None if SKIPPED in secret else silent})
        total = None if NOT_SHOWN in secret else sum(rows.values()) + silent
        return {"rows": table, "total": total}

    def _scale(self, question: Question, counts: Counts) -> dict:
        return levels_of(question, counts, self.k)

    def _rating(self, question: Question, counts: Counts) -> dict:
        levels = [counts.get(level, 0) for level in RATINGS]
        groups = merged(levels, self.k)
        n = sum(levels)
        mean = Fraction(sum(level * times for level, times in enumerate(levels)), n)
        made = {
            "levels": [sum(levels[level] for level in group) for group in groups],
            "spans": [len(group) for group in groups],
            "ends": list(question.end_labels or ("", "")),
            "mean": _exact(mean),
        }
        if self.has_nps:
            for_it, against = (
                sum(levels[level] for level in part) for part in (PROMOTERS, DETRACTORS)
            )
            others = n - for_it - against
            secret = hidden({"for": for_it, "against": against, "others": others}, self.k)
            made["nps"] = None if secret else _exact(Fraction(for_it - against, n))
        return made

    def _multiple(self, question: Question, counts: Counts) -> dict:
        base = counts.get(ANSWERED, 0)
        chosen = {
            choice.code: counts.get(choice.code, 0)
            for choice in question.choices
            if not choice.is_no_answer
        }
        # Who did not choose it is a group of people as well.
        secret: set[Hashable] = {
            code for code, n in chosen.items() if n < self.k or 0 < base - n < self.k
        }
        if question.high == 1:
            secret |= hidden(chosen, self.k)
        labels = {choice.code: choice.label for choice in question.choices}
        return {
            "rows": [
                {"label": labels[code], "code": code, "n": None if code in secret else n}
                for code, n in chosen.items()
            ]
        }

    def _ranking(self, question: Question, counts: Counts) -> dict:
        ranked = values.rankings(self.survey, question.code, self.wanted)
        of = {choice.code: ranked.get(choice.code, values.Ranked()) for choice in question.choices}
        secret = hidden({code: row.first for code, row in of.items()}, self.k)
        # Of two choices the mean rank tells the first places.
        silenced = secret if len(of) == 2 else set()
        rows = [
            {
                "label": choice.label,
                "code": choice.code,
                "first": None if choice.code in secret else of[choice.code].first,
                "mean": None
                if of[choice.code].n < self.k or choice.code in silenced
                else _exact(of[choice.code].mean),
            }
            for choice in question.choices
        ]
        return {"rows": rows}

    def _number(self, question: Question, counts: Counts) -> dict:
        given = values.numbers(self.survey, question.code, self.wanted)
        edges = values.band_edges(given)
        bounds = list(zip([None, *edges], [*edges, None], strict=True))
        amounts = [given.between(low, high) for low, high in bounds]
        groups = merged(amounts, self.k)
        bands = [
            {
                "label": _band(bounds[group.start][0], bounds[group.stop - 1][1]),
                "n": sum(amounts[place] for place in group),
            }
            for group in groups
        ]
        first, median, third = (_exact(given.quantile(share)) for share in QUARTERS)
        return {
            "unit": question.unit,
            "decimals": question.decimals,
            "mean": _exact(given.mean),
            "quarters": [first, median, third],
            "bands": bands,
        }

    def _date(self, question: Question, counts: Counts) -> dict:
        by_month = values.months(self.survey, question.code, self.wanted)
        days, amounts = list(by_month), list(by_month.values())
        return {
            "months": [
                {
                    "label": _months(days[group.start], days[group.stop - 1]),
                    "n": sum(amounts[place] for place in group),
                }
                for group in merged(amounts, self.k)
            ]
        }

    def _written(self, question: Question) -> dict:
        """Only how many wrote: what they wrote is for the themes that a person approves."""
        n = TextAnswer.objects.filter(
            self.wanted.among("response__"),
            question=question.code,
            response__survey=self.survey,
            response__status=ResponseStatus.VALID,
        ).count()
        return {"answered": n if n >= self.k else None}


def levels_of(question: Question, counts: Counts, k: int, whole: Counts | None = None) -> dict:
    """Answers on a scale; a level with fewer than k answers is counted with its neighbour.

    `spans` says how many levels of the scale each count of `levels` covers. `whole`: the
    counts of all, where they are shown beside these of a part.
    """
    shown = [choice for choice in question.choices if not choice.is_no_answer]
    levels = [counts.get(choice.code, 0) for choice in shown]
    made: dict = {"scale": [choice.label for choice in shown]}
    if sum(levels) < k:
        return made | {"levels": None, "spans": None, "not_applicable": None}
    rest = None
    if whole is not None:
        rest = [whole.get(choice.code, 0) - counts.get(choice.code, 0) for choice in shown]
    groups = merged(levels, k, rest)
    return made | {
        "levels": [sum(levels[level] for level in group) for group in groups],
        "spans": [len(group) for group in groups],
        "not_applicable": sum(
            counts.get(choice.code, 0) for choice in question.choices if choice.is_na
        ),
    }


def _did(question: Question, counts: Counts) -> dict[str, int | None]:
    plain = [choice.code for choice in question.choices if not choice.is_no_answer]
    is_counted_once = question.type in (Kind.MULTIPLE, Kind.NUMBER, Kind.DATE)
    answered = (
        counts.get(ANSWERED, 0) if is_counted_once else sum(counts.get(code, 0) for code in plain)
    )
    na = sum(counts.get(choice.code, 0) for choice in question.choices if choice.is_na)
    declined = sum(counts.get(choice.code, 0) for choice in question.choices if choice.is_declined)
    return {
        "answered": answered,
        "na": na,
        "silent": declined + counts.get(SKIPPED, 0),
        "not_asked": counts.get(NOT_SHOWN, 0),
    }


def _exact(x: Fraction) -> str:
    """Ten decimals: far more than is printed, the same on every machine."""
    return f"{rounded(x, 10):f}"


def _plain(x: Decimal) -> str:
    return number(x, max(0, -int(x.normalize().as_tuple().exponent)))


def _band(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return "Mọi mức" if high is None else f"Dưới {_plain(high)}"
    if high is None:
        return f"Từ {_plain(low)} trở lên"
    return f"Từ {_plain(low)} đến dưới {_plain(high)}"


def _months(first: date, last: date) -> str:
    if first == last:
        return f"{first:%m/%Y}"
    return f"{first:%m/%Y} – {last:%m/%Y}"
