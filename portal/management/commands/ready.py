"""`manage.py ready`: everything between an installed virtual environment and serving.

Each step may be cut short and run again: static files are collected anew when the
last collection did not finish, a migration is a transaction, and `demo` knows how
far it came.
"""

from __future__ import annotations

import logging
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

ACCOUNTS_FILE = "demo_accounts.txt"


class Command(BaseCommand):
    help = "Collect static files, migrate, and load the demo content once."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        # Each published page of the demo reports itself, and fonts of each PDF: hundreds of lines.
        logging.disable(logging.WARNING)
        Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
        self._say("Tệp tĩnh / static files")
        collect_static()
        self._say("Cơ sở dữ liệu / database")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("search_index", "--if-empty", stdout=self.stdout)
        call_command("duplicates_index", "--if-empty", stdout=self.stdout)
        if "demo" in get_commands():
            self._say("Nội dung minh họa / demo content")
            call_command("demo", stdout=self.stdout)
        self._write_accounts()

    def _say(self, step: str) -> None:
        self.stdout.write(f"- {step}")
        self.stdout.flush()

    def _write_accounts(self) -> None:
        said = StringIO()
        if "demo" in get_commands():
            call_command("demo", "--accounts", stdout=said)
        path = Path(settings.VAR_DIR) / ACCOUNTS_FILE
        path.touch(mode=0o600)
        path.write_text(said.getvalue(), encoding="utf-8")


def collect_static() -> None:
    """Fill STATIC_ROOT; from nothing if the last time was cut short.

    A half-written copy is newer than its source, so an ordinary collectstatic would keep it.
    """
    finished = Path(settings.VAR_DIR) / "static.finished"
    cut_short = not finished.exists()
    finished.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=cut_short)
    finished.touch()
