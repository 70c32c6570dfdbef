"""The fieldwork as it stands: each unit against its plan, and who answered of those asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count

from ..collecting import urns
from ..models import (
    Audience,
    Channel,
    FieldworkCount,
    Participation,
    ParticipationState,
    RejectionReason,
    Response,
    ResponseStatus,
    SampleUnit,
    Step,
    Survey,
)
from ..suppression import hidden


@dataclass(frozen=True)
class UnitProgress:
    unit: SampleUnit
    is_hidden: bool = False

    @property
    def missing(self) -> int:
        return max(0, self.unit.target - self.unit.taken)

    @property
    def share(self) -> Fraction:
        return Fraction(self.unit.taken, self.unit.target) if self.unit.target else Fraction(1)


@dataclass(frozen=True)
class RateRow:
    """One channel of the response-rate table; None where a step is not counted there."""

    channel: Channel
    invited: int | None
    bounced: int | None
    opened: int | None
    begun: int | None
    refused: int
    full: int
    valid: int
    flagged: int
    rejected: dict[str, int]

    @property
    def received(self) -> int:
        return self.valid + sum(self.rejected.values())

    @property
    def rate(self) -> Fraction | None:
        """Valid answers of those whom the question reached: the invited without bounced
        letters, else those who began (AAPOR 2023, RR1 with known eligibility)."""
        reached = self.invited - (self.bounced or 0) if self.invited else self.begun
        return Fraction(min(self.valid, reached), reached) if reached else None

    @property
    def reasons(self) -> list[tuple[str, int]]:
        return [(RejectionReason(code).label, n) for code, n in sorted(self.rejected.items())]


def units_of(survey: Survey, k: int = 0) -> list[UnitProgress]:
    units = SampleUnit.objects.filter(plan__survey=survey).select_related("agency", "plan")
    secret = hidden({unit.pk: unit.taken for unit in units}, k)
    return [UnitProgress(unit, unit.pk in secret) for unit in units]


def hidden_channels(rows: Sequence[RateRow], k: int) -> set[Channel]:
    """Channels whose valid answers are too few to be told of, or would give such a one away:
    hidden as their index is."""
    return hidden({row.channel: row.valid for row in rows}, k)


def response_rates(survey: Survey) -> list[RateRow]:
    """A row for each channel in which anything happened."""
    steps = _steps(survey)
    answers = _answers(survey)
    return [
        _row(channel, steps.get(channel, {}), answers.get(channel, {}))
        for channel in Channel
        if channel in steps or channel in answers
    ]


def _steps(survey: Survey) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in FieldworkCount.objects.filter(survey=survey):
        found.setdefault(row.channel, {})[row.step] = row.n
    if survey.audience == Audience.INVITED:
        own = found.setdefault(Channel.INVITATION, {})
        for step, n in _ledger(survey):
            own[step] = own.get(step, 0) + n
    return found


def _ledger(survey: Survey) -> Iterator[tuple[str, int]]:
    """While the survey runs the ledger knows; afterwards its counts do."""
    ledger = Participation.objects.filter(survey=survey)
    yield Step.INVITED, ledger.count()
    yield Step.BOUNCED, ledger.filter(has_bounced=True).count()
    yield Step.REFUSED, ledger.filter(state=ParticipationState.REFUSED).count()
    yield Step.TAKEN, ledger.filter(state=ParticipationState.TAKEN).count()


def _answers(survey: Survey) -> dict[str, dict[tuple[str, str, bool], int]]:
    rows = (
        Response.objects.filter(survey=survey)
        .values_list("channel", "status", "reason", "is_flagged")
        .annotate(n=Count("pk"))
        .order_by("channel", "status", "reason", "is_flagged")
    )
    found: dict[str, dict[tuple[str, str, bool], int]] = {}
    for channel, status, reason, is_flagged, n in rows:
        found.setdefault(channel, {})[status, reason, is_flagged] = n
    return found


def _row(
    channel: Channel, steps: dict[str, int], answers: dict[tuple[str, str, bool], int]
) -> RateRow:
    rejected: dict[str, int] = {}
    valid = flagged = 0
    for (status, reason, is_flagged), n in answers.items():
        if status == ResponseStatus.REJECTED:
            rejected[reason] = rejected.get(reason, 0) + n
        else:
            valid += n
            flagged += n * is_flagged
    is_invited = channel == Channel.INVITATION
    if is_invited and not valid:
        # Sealed as yet: as many as took part.
        valid = steps.get(Step.TAKEN, 0)
    return RateRow(
        channel=channel,
        invited=steps.get(Step.INVITED, 0) if is_invited else None,
        bounced=steps.get(Step.BOUNCED, 0) if is_invited else None,
        opened=steps.get(Step.OPENED),
        begun=steps.get(Step.BEGUN),
        refused=steps.get(Step.REFUSED, 0),
        full=steps.get(Step.FULL, 0),
        valid=valid,
        flagged=flagged,
        rejected=rejected,
    )


def sealed(survey: Survey) -> int:
    """Answers of a closed survey that nobody can read yet."""
    return urns.count(survey.pk)
