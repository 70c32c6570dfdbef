"""Kinds of reports. A room above registers what it can report on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import User

Progress = Callable[[int], None]


class Unmakeable(Exception):
    """There is nothing to report. Its text is in Vietnamese and shown to who ordered."""


@dataclass(frozen=True)
class ReportKind:
    """How one kind of report is made and who may ask for it.

    build(subject_id, now, progress) gives the snapshot: every figure of the report, plain
    JSON values only. context(snapshot) gives what `template` (PDF) and `web_template`
    draw from the snapshot alone, so that a report looks the same in ten years.
    """

    code: str
    build: Callable[[int, datetime, Progress], dict]
    context: Callable[[dict], dict]
    template: str
    web_template: str
    method_version: str
    may_order: Callable[[User, int], bool]
    may_publish: Callable[[User, int], bool]


_kinds: dict[str, ReportKind] = {}


def register_kind(kind: ReportKind) -> None:
    _kinds[kind.code] = kind


def kind_of(code: str) -> ReportKind:
    return _kinds[code]
