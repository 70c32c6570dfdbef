"""Folding a version's responses anew, and comparing: inside PostgreSQL where that is there.

SQLite, which carries a small office, goes through `tallies`; both must count alike.
"""

from __future__ import annotations

from django.db import connection

from . import tallies
from .measuring import refold_sql
from .models import SurveyVersion


def refold(version: SurveyVersion) -> None:
    """Make the tallies of a version what its responses say."""
    (refold_sql if connection.vendor == "postgresql" else tallies).refold(version)


def differences(version: SurveyVersion) -> list[str]:
    """Where tallies and responses disagree; empty when all is well."""
    return (refold_sql if connection.vendor == "postgresql" else tallies).differences(version)
