"""The outbox from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from portal import clock
from portal.outbox import upkeep
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow, OutboxState

LATE = timedelta(minutes=3)
# A job may take ten minutes (Q_CLUSTER["timeout"]); longer silence is a queue that hangs.
HANGS = timedelta(minutes=15)


class Command(BaseCommand):
    help = (
        "`drain` carries out what is due; `status` fails when the oldest due effect is late; "
        "`alive` fails when the queue hangs and wants to be started anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["drain", "status", "alive"])

    def handle(self, *args, action: str, **options) -> None:
        if action == "drain":
            self.stdout.write(f"{drain()} effects attempted")
            return
        if action == "alive":
            beat = upkeep.last_beat()
            if beat is None or clock.now() - beat > HANGS:
                raise CommandError("the queue hangs: restart the worker")
            return
        failed = OutboxRow.objects.filter(state=OutboxState.FAILED).count()
        late = upkeep.lateness()
        self.stdout.write(f"oldest due: {int(late.total_seconds())} s; failed: {failed}")
        beat = upkeep.last_beat()
        if beat is None or clock.now() - beat > LATE:
            raise CommandError(
                "the outbox has not been drained for minutes: is the worker running?"
            )
        if late > LATE:
            raise CommandError("the outbox is late: is the worker running?")
