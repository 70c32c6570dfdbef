"""Responses as CSV for independent recomputation. Free text is not exported."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from satisfaction.models import Response, Survey
from satisfaction.questionnaires import read
from satisfaction.versions import current_version


class Command(BaseCommand):
    help = "Writes one row a response of SURVEY: agency, day, status, reason and each coded answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey")
        parser.add_argument("--output", default="-")

    def handle(self, *args, survey: str, output: str, **options) -> None:
        found = Survey.objects.filter(code=survey).first()
        if found is None:
            raise CommandError(f"no survey {survey}")
        if output == "-":
            self._write(found, self.stdout)
            return
        # Excel reads UTF-8 by its mark and splits Vietnamese files at semicolons.
        with open(output, "w", encoding="utf-8-sig", newline="") as file:
            count = self._write(found, file)
        sys.stderr.write(f"{count} rows\n")

    def _write(self, survey: Survey, file) -> int:
        questions = list(read(current_version(survey).definition).counted)
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(["agency", "day", "status", "reason", *questions])
        rows = Response.objects.filter(survey=survey).select_related("agency").order_by("pk")
        count = 0
        for row in rows.iterator(chunk_size=2000):
            answers = [_cell(row.answers.get(code, "")) for code in questions]
            writer.writerow([row.agency.code, row.day, row.status, row.reason, *answers])
            count += 1
        return count


def _cell(answer: int | str | list[int]) -> int | str:
    """Several codes stand in one cell; a ranking's in their order."""
    return " ".join(map(str, answer)) if isinstance(answer, list) else answer
