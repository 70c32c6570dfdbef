"""What a new site needs before its first editor signs in, and a new version after each update."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from editorial import roles, workflow
from site_pages import tree


class Command(BaseCommand):
    help = (
        "Lays what is missing of the page tree, the roles' permissions exactly, and the workflow."
    )

    def handle(self, *args, **options) -> None:
        tree.lay()
        roles.lay()
        workflow.lay()
