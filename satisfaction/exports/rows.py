"""Responses as rows, streamed in an order that says nothing of when they came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import MD5, Cast, Concat

from portal.protection.masking import mask

from ..measuring.weighting import Lookup
from ..models import Audience, ExportTexts, Response, ResponseStatus, Survey, TextAnswer, Weighting
from ..questionnaires import read
from ..versions import pooled
from .columns import FIXED, NOT_OF_CLOSED, Answers, Askers, columns_of

CHUNK = 2_000


@dataclass(frozen=True)
class Row:
    """One response: the facts around it, and its answers."""

    facts: dict[str, object]
    answers: Answers


@dataclass
class Table:
    """What an export holds. Nothing is read before `rows` is walked."""

    survey: Survey
    texts: str
    seed: str
    upto: int | None
    weighting: Weighting | None = None

    def __post_init__(self) -> None:
        versions = list(self.survey.versions.order_by("-number"))
        self.numbers = {version.pk: version.number for version in versions}
        self.sha256 = {version.number: version.sha256 for version in versions}
        self.questionnaires = {version.pk: read(version.definition) for version in versions}
        self.columns = columns_of(list(self.questionnaires.values()), self.with_texts)
        self.weights = Lookup(self.weighting) if self.weighting else None
        self.weighted = set(pooled(self.survey).values_list("pk", flat=True))
        hidden = NOT_OF_CLOSED if self.survey.audience == Audience.INVITED else frozenset()
        hidden |= frozenset() if self.weighting else {"weight"}
        self.facts = [name for name in FIXED if name not in hidden]

    @property
    def with_texts(self) -> bool:
        return self.texts != ExportTexts.NONE

    @property
    def header(self) -> list[str]:
        return [*self.facts, *(column.name for column in self.columns)]

    def expected(self) -> int:
        """How many rows the database holds for this table."""
        return self._responses().count()

    def _responses(self) -> QuerySet[Response]:
        responses = Response.objects.filter(survey=self.survey)
        return responses if self.upto is None else responses.filter(pk__lte=self.upto)

    def rows(self) -> Iterator[Row]:
        lot = MD5(Concat(Value(self.seed), Cast("pk", CharField())))
        found = (
            self._responses()
            .order_by(lot, "pk")
            .values_list(
                "pk", "version_id", "agency__code", "period", "channel", "day", "status", "reason",
                "is_flagged", "flags", "answers",
            )
            .iterator(chunk_size=CHUNK)
        )  # fmt: skip
        askers = {key: Askers(questionnaire) for key, questionnaire in self.questionnaires.items()}
        number = 0
        while chunk := list(islice(found, CHUNK)):
            texts = self._texts([values[0] for values in chunk]) if self.with_texts else {}
            for pk, version, *facts, given in chunk:
                number += 1
                asked = askers[version].asked(given)
                told = self._facts(number, version, facts, given)
                yield Row(told, Answers(given, asked, texts.get(pk, {})))

    def _facts(self, number: int, version: int, facts: list, given: dict) -> dict[str, object]:
        agency, period, channel, day, status, reason, is_flagged, flags = facts
        told = {
            "response": number,
            "version": self.numbers[version],
            "agency": agency,
            "period": period,
            "channel": channel,
            "day": day,
            "status": status,
            "reason": reason,
            "flagged": int(is_flagged),
            "flags": " ".join(map(str, flags)),
            "weight": self._weight(version, status, given),
        }
        return {name: told[name] for name in self.facts}

    def _weight(self, version: int, status: str, given: dict) -> Decimal | None:
        """Only what counts has a weight: in no figure is what was rejected, nor what was asked
        before the meaning changed."""
        is_counted = status == ResponseStatus.VALID and version in self.weighted
        if self.weights is None or not is_counted:
            return None
        return self.weights.of(given)

    def _texts(self, responses: list[int]) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        rows = TextAnswer.objects.filter(response__in=responses).values_list(
            "response", "question", "text"
        )
        is_masked = self.texts == ExportTexts.MASKED
        for response, question, text in rows:
            found.setdefault(response, {})[question] = mask(text) if is_masked else text
        return found


def cells(table: Table, row: Row) -> list[int | str | date | object]:
    """The row in the order of the header."""
    return [
        *(row.facts[name] for name in table.facts),
        *(column.value(row.answers) for column in table.columns),
    ]
