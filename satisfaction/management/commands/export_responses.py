"""Responses as a file for independent recomputation: the same code as the admin's exports."""

from __future__ import annotations

import secrets
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management.base import BaseCommand, CommandError

from portal import clock
from satisfaction.exports.dictionary import write_dictionary
from satisfaction.exports.rows import Table
from satisfaction.exports.writers import WRITERS
from satisfaction.models import ExportFormat, ExportTexts, Survey, WeightingState


class Command(BaseCommand):
    help = "Writes one row a response of SURVEY by codes, in a random order and without free texts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey")
        parser.add_argument("--output", default="-")
        parser.add_argument("--format", default=ExportFormat.CSV, choices=ExportFormat.values)
        parser.add_argument("--dictionary", help="also write the data dictionary to this path")

        parser.add_argument("--weighting", type=int, help="number of the weighting of a column")

    def handle(self, *args, survey: str, output: str, **options) -> None:
        found = Survey.objects.filter(code=survey).first()
        if found is None:
            raise CommandError(f"no survey {survey}")
        weighting = None
        if options["weighting"] is not None:
            made = found.weightings.filter(state=WeightingState.MADE)
            weighting = made.filter(number=options["weighting"]).first()
            if weighting is None:
                raise CommandError(f"no computed weighting {options['weighting']}")
        table = Table(found, ExportTexts.NONE, secrets.token_hex(16), None, weighting)
        write = WRITERS[options["format"]]
        if output == "-":
            with TemporaryDirectory() as folder:
                path = Path(folder) / "rows"
                write(table, path, clock.now())
                self.stdout.write(path.read_bytes().decode("utf-8-sig"), ending="")
            return
        count = write(table, Path(output), clock.now())
        if options["dictionary"]:
            write_dictionary(table, Path(options["dictionary"]), {"rows": count})
        sys.stderr.write(f"{count} rows\n")
