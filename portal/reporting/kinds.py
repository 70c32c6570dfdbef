"""Kinds of reports. A room above registers what it can report on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from portal.accounts.models import User

from .parts import Chapter

if TYPE_CHECKING:
    from .models import Edition

Progress = Callable[[int], None]
LETTERHEAD = {
    "parent": "UBND thành phố Hà Nội",
    "issuer": "Sở Nội vụ",
    "symbol": "BC-SNV",
    "place": "Hà Nội",
}


class Unmakeable(Exception):
    """There is nothing to report. Its text is in Vietnamese and shown to who ordered."""


@dataclass(frozen=True)
class DataFile:
    """Open data of an edition: one of `FileKind`, and what it is in words."""

    kind: str
    content: bytes
    description: str


@dataclass(frozen=True)
class Paper:
    """What a DOCX is written from."""

    opening: list[str]
    chapters: list[Chapter]
    signature: str
    recipients: list[str]


@dataclass(frozen=True)
class ReportKind:
    """How one kind of report is made and who may ask for it.

    build(subject_id, now, progress) gives the snapshot: every figure of the report, plain
    JSON values only. context(snapshot) gives what `template` (PDF) and `web_template`
    draw from the snapshot alone, so that a report looks the same in ten years.

    An internal document (`is_public` false) is issued and frozen like a report and is
    never on the public site; `may_read` says who opens it. `letterhead` replaces the
    parts of the usual one that differ.

    `against(edition)` says why a ready edition may not be published, or the files of a
    published one not be handed out any more: words in it that their author took back, a
    newer table. Most kinds have nothing of that sort.

    An edition may carry more files, all from the snapshot: a one-page summary, the paper
    as DOCX, and its data (`data(snapshot, code)`), which also travel inside a PDF/A-3a.
    """

    code: str
    build: Callable[[int, datetime, Progress], dict]
    context: Callable[[dict], dict]
    template: str
    web_template: str
    method_version: str
    may_order: Callable[[User, int], bool]
    may_publish: Callable[[User, int], bool]
    is_public: bool = True
    may_read: Callable[[User, int], bool] = lambda _user, _subject: False
    against: Callable[[Edition], str] | None = None
    letterhead: dict[str, str] = field(default_factory=dict)
    summary_template: str = ""
    paper: Callable[[dict], Paper] | None = None
    data: Callable[[dict, str], list[DataFile]] | None = None

    @property
    def whole_letterhead(self) -> dict[str, str]:
        return {**LETTERHEAD, **self.letterhead}


_kinds: dict[str, ReportKind] = {}


def register_kind(kind: ReportKind) -> None:
    _kinds[kind.code] = kind


def kind_of(code: str) -> ReportKind:
    return _kinds[code]


def public_codes() -> list[str]:
    """Kinds whose published editions stand on the public site."""
    return [kind.code for kind in _kinds.values() if kind.is_public]
