"""Tallies from the command line."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from satisfaction.models import SurveyVersion
from satisfaction.refolding import differences, refold


class Command(BaseCommand):
    help = "Folds all tallies anew; with --check only compares them with the responses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check: bool, **options) -> None:
        found: list[str] = []
        for version in SurveyVersion.objects.select_related("survey"):
            if check:
                found.extend(f"{version}: {line}" for line in differences(version))
            else:
                refold(version)
        if found:
            raise CommandError("\n".join(found[:50]))
        self.stdout.write("tallies and responses agree" if check else "tallies folded anew")
