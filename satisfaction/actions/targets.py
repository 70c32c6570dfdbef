"""What an action can rest on: the figures of a published edition."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from portal.agencies.models import Agency
from portal.reporting.formats import percent
from portal.reporting.models import Edition

from ..reporting.index_parts import satisfied_share
from ..reporting.printed import share

INDEX, CRITERION, ITEM, AGENCY = "index", "criterion", "item", "agency"


@dataclass(frozen=True)
class Target:
    """A figure by its code: "index", "criterion:I", "item:I15" or "agency:SNV"."""

    code: str
    label: str
    share: Fraction

    @property
    def figure(self) -> str:
        return percent(self.share)

    @property
    def kind(self) -> str:
        return self.code.partition(":")[0]


def targets(edition: Edition) -> list[Target]:
    """Every figure of the edition that may be low, the lowest of its kind first."""
    told = edition.snapshot
    made = [Target(INDEX, told.get("words", {}).get("index", "Chỉ số chung"), share(told["index"]))]
    groups = [
        [
            Target(f"{CRITERION}:{row['code']}", row["title"], share(row))
            for row in told["criteria"]
            if row["sx"]
        ],
        [
            Target(f"{ITEM}:{row['code']}", row["label"], found)
            for row in told.get("items", [])
            if (found := satisfied_share(row)) is not None
        ],
        [
            Target(f"{AGENCY}:{row['code']}", row["name"], share(row))
            for row in told["agencies"]["shown"]
        ],
    ]
    for group in groups:
        made += sorted(group, key=lambda target: target.share)
    return made


def target_of(edition: Edition, code: str) -> Target | None:
    return next((target for target in targets(edition) if target.code == code), None)


def agency_of(code: str) -> Agency | None:
    """The agency whose own index a target is."""
    kind, _, rest = code.partition(":")
    return Agency.objects.filter(code=rest).first() if kind == AGENCY else None
