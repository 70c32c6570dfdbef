"""Ordering, making, handing out and erasing exports of responses.

How each failure ends:
- the worker is killed: another one makes the file again, from the same rows in the same order;
- rows are missing in the file: it is not handed out and the making is tried again;
- the disk is full or a format cannot hold a value: the order fails and says so.
"""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.outbox.draining import Refused
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.rules.values import value

from ..models import (
    DataExport,
    ExportFormat,
    ExportState,
    ExportTexts,
    Response,
    Survey,
    Weighting,
    WeightingState,
)
from .dictionary import write_dictionary
from .files import DICTIONARY, NoRoom, erase, made_whole, path_of, sweep
from .rows import Table
from .writers import WRITERS, CannotHold

logger = logging.getLogger(__name__)

KIND = "satisfaction.export"
UNFINISHED = [ExportState.ORDERED, ExportState.MAKING]
_NEEDED: dict[str, tuple[str, ...]] = {
    ExportTexts.NONE: ("satisfaction.export_responses",),
    ExportTexts.MASKED: ("satisfaction.export_responses", "satisfaction.read_texts"),
    ExportTexts.ORIGINAL: (
        "satisfaction.export_responses",
        "satisfaction.read_texts",
        "satisfaction.export_original_texts",
    ),
}


class Truncated(Exception):
    """The file has fewer or more rows than the database."""


class NotThere(Exception):
    """The file is not made yet, or was erased."""


def may_have(user: User, texts: str) -> bool:
    """Whether a person may order such a file, and take it away."""
    return user.has_perms(_NEEDED[texts])


def texts_for(user: User) -> list[ExportTexts]:
    return [texts for texts in ExportTexts if may_have(user, texts)]


@transaction.atomic
def order(
    survey_id: int,
    file_format: str,
    texts: str,
    user: User,
    weighting: Weighting | None = None,
) -> DataExport:
    """Call for a file; while one like it is being made for this person, that one is returned.

    `weighting`: a computed one of this survey, whose weights get a column.
    """
    if not may_have(user, ExportTexts(texts)):
        raise PermissionDenied
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if weighting and (weighting.survey_id, weighting.state) != (survey.pk, WeightingState.MADE):
        raise ValueError("no computed weights of this survey")
    alike = survey.exports.filter(
        format=ExportFormat(file_format),
        texts=texts,
        weighting=weighting,
        ordered_by=user,
        state__in=UNFINISHED,
    ).first()
    if alike:
        return alike
    now = clock.now()
    export = DataExport.objects.create(
        survey=survey,
        format=file_format,
        texts=texts,
        weighting=weighting,
        ordered_by=user,
        ordered_at=now,
        expires_at=now + timedelta(days=value("survey.export_days").integer),
        seed=secrets.token_hex(16),
        key=secrets.token_hex(16),
        upto=Response.objects.filter(survey=survey).aggregate(last=Max("pk"))["last"] or 0,
    )
    send(KIND, str(export.pk), export_id=export.pk)
    told = {"export": export.pk, "format": file_format, "texts": texts}
    log(survey, "satisfaction.export.order", user=user, data=told)
    return export


def make(row: OutboxRow) -> None:
    """Outbox handler: run twice, or by two workers at once, it ends in the same file."""
    export = _started(row.payload["export_id"])
    if export is None:
        return
    table = Table(export.survey, export.texts, export.seed, export.upto, export.weighting)
    try:
        rows, digest, size = made_whole(path_of(export), lambda path: _written(table, export, path))
        proof = {"rows": rows, "sha256": digest, "size": size, "file": export.file_name}
        made_whole(path_of(export, DICTIONARY), lambda path: _described(table, path, proof))
    except (CannotHold, NoRoom) as reason:
        _fail(export.pk)
        raise Refused("export") from reason
    _finish(export.pk, rows, digest, size)


def _written(table: Table, export: DataExport, path: Path) -> int:
    rows = WRITERS[export.format](table, path, export.ordered_at)
    if rows != table.expected():
        raise Truncated
    return rows


def _described(table: Table, path: Path, proof: dict[str, object]) -> int:
    write_dictionary(table, path, proof)
    return 0


@transaction.atomic
def _started(export_id: int) -> DataExport | None:
    export = (
        DataExport.objects.select_for_update(of=("self",))
        .select_related("survey", "weighting")
        .filter(pk=export_id, state__in=UNFINISHED)
        .first()
    )
    if export:
        export.state = ExportState.MAKING
        export.save(update_fields=["state"])
    return export


@transaction.atomic
def _finish(export_id: int, rows: int, digest: str, size: int) -> None:
    export = DataExport.objects.select_for_update().get(pk=export_id)
    if export.state not in UNFINISHED:
        return
    export.state, export.rows, export.sha256 = ExportState.READY, rows, digest
    export.size, export.made_at = size, clock.now()
    export.save(update_fields=["state", "rows", "sha256", "size", "made_at"])


def _fail(export_id: int) -> None:
    DataExport.objects.filter(pk=export_id, state__in=UNFINISHED).update(state=ExportState.FAILED)


def lose(row: OutboxRow) -> None:
    """Its workers died again and again."""
    _fail(row.payload["export_id"])


@transaction.atomic
def take_away(export_id: int, user: User, *, dictionary: bool = False) -> tuple[DataExport, Path]:
    """The file for this person, and a line in the record that they took it."""
    export = DataExport.objects.select_related("survey").get(pk=export_id)
    if not may_have(user, export.texts):
        raise PermissionDenied
    path = path_of(export, DICTIONARY if dictionary else "")
    is_due = clock.now() >= export.expires_at
    if export.state != ExportState.READY or is_due or not path.is_file():
        raise NotThere
    if not dictionary:
        told = {"export": export.pk, "sha256": export.sha256}
        log(export.survey, "satisfaction.export.download", user=user, data=told)
    return export, path


def purge() -> int:
    """Nightly chore: files past their day are erased; who ordered and took them stays known."""
    due = DataExport.objects.filter(expires_at__lte=clock.now()).exclude(state=ExportState.EXPIRED)
    count = 0
    for export in due:
        erase(export)
        count += DataExport.objects.filter(pk=export.pk).update(state=ExportState.EXPIRED)
    sweep()
    return count
