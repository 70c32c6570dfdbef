"""What an import took, changed and left out, line by line: an editor reads it and confirms."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _


class Effect(models.TextChoices):
    """REFUSED keeps the whole file out; OPEN is for the editor to complete after the import."""

    REFUSED = "refused", _("Refused")
    LEFT_OUT = "left_out", _("Left out")
    CHANGED = "changed", _("Changed")
    OPEN = "open", _("To be completed")
    TAKEN = "taken", _("Taken")


@dataclass(frozen=True)
class Line:
    """`place` is a sheet or an element; `row` as the file's own program counts, 0 is all of it."""

    place: str
    row: int
    effect: str
    text: str


@dataclass
class Report:
    lines: list[Line] = field(default_factory=list)

    def add(self, effect: Effect, place: str, row: int, text: str) -> None:
        line = Line(place, row, effect.value, text)
        if line not in self.lines[-20:]:
            self.lines.append(line)

    def of(self, effect: Effect) -> list[Line]:
        return [line for line in self.lines if line.effect == effect]

    @property
    def is_refused(self) -> bool:
        return bool(self.of(Effect.REFUSED))

    def counts(self) -> dict[str, int]:
        return {effect.value: len(self.of(effect)) for effect in Effect}

    def as_json(self) -> list[dict]:
        return [asdict(line) for line in self.lines]


@dataclass(frozen=True)
class Taken:
    """A dry run's outcome: no definition where the file is refused."""

    definition: dict | None
    report: Report


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do, for its sender."""

    def __init__(self, message: str, place: str = "", row: int = 0) -> None:
        super().__init__(message)
        self.message, self.place, self.row = message, place, row


def refusal(fault: UnreadableFile) -> Taken:
    report = Report()
    report.add(Effect.REFUSED, fault.place, fault.row, fault.message)
    return Taken(None, report)
