"""Propose a year's days off until its announcement is out."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from portal.rules.calendar import propose_year


class Command(BaseCommand):
    help = "Adds the expected days off of YEAR as provisional; entered days stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *args, year: int, **options) -> None:
        added = propose_year(year)
        self.stdout.write(f"{year}: {len(added)} provisional days added")
