"""From quarantine to clean: the queue asks the scanner, and draws pictures anew.

Only CLEAN files may leave the quarantine. Where the scanner does not answer the file is
ERROR: the outbox asks again later and later, and each night begins anew.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from portal import clock
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send

from . import antivirus, quarantine
from .file_kinds import Family
from .models import UNKNOWN, FileState, QuarantinedFile
from .pictures import drawn_anew

KIND = "protection.scan"


def call_for(file: QuarantinedFile) -> None:
    """Have a file scanned, in the transaction that takes it in."""
    send(KIND, f"{file.pk}", file_id=file.pk)


def carry_out(row: OutboxRow) -> None:
    """The effect: what the scanner says of the file, written down."""
    waiting = QuarantinedFile.objects.filter(state__in=UNKNOWN, emptied_at=None)
    file = waiting.filter(pk=row.payload["file_id"]).first()
    if file is None:
        return
    try:
        with quarantine.opened(file) as content:
            found = antivirus.scan(content)
        if found:
            _settle(file, FileState.INFECTED, finding=found)
        else:
            _release(file)
    except Exception:
        _settle(file, FileState.ERROR)
        raise


def call_again() -> int:
    """Nightly chore: have scanned whatever the scanner has not judged yet."""
    waiting = list(QuarantinedFile.objects.filter(state__in=UNKNOWN, emptied_at=None))
    for file in waiting:
        with transaction.atomic():
            send(KIND, f"{file.pk}:{clock.today():%Y%m%d}", file_id=file.pk)
    return len(waiting)


def _release(file: QuarantinedFile) -> None:
    if file.family != Family.IMAGE:
        _settle(file, FileState.CLEAN)
        return
    with quarantine.opened(file) as content:
        try:
            drawn = drawn_anew(content)
        except ValidationError:
            _settle(file, FileState.DAMAGED)
            return
    sha256, size = quarantine.replace(file, drawn)
    _settle(file, FileState.CLEAN, released_sha256=sha256, size=size)


def _settle(file: QuarantinedFile, state: FileState, **facts: object) -> None:
    """A verdict is never taken back: a second worker changes nothing."""
    rows = QuarantinedFile.objects.filter(pk=file.pk, state__in=UNKNOWN)
    rows.update(state=state, checked_at=clock.now(), **facts)
