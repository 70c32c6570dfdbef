"""What the exchange of questionnaires registers with the house."""

from __future__ import annotations

from portal.outbox.registry import every_night
from site_pages import page_cache

from ..models import QuestionnaireImport
from . import importing


def join() -> None:
    every_night(importing.purge)
    page_cache.never_shown(QuestionnaireImport)
