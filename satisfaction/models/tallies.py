"""Counts and sums kept beside the responses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency

from .responses import Channel
from .surveys import SurveyVersion


class Cell(models.Model):
    """Responses that no filter tells apart: what is counted is counted by cell."""

    version = models.ForeignKey(
        SurveyVersion, models.PROTECT, verbose_name=_("version"), related_name="cells"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency"), related_name="+")
    period = models.CharField(
        _("period"),
        max_length=7,
        blank=True,
        help_text=_("2026, 2026-Q3 or 2026-11; empty where the survey is one period."),
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    is_flagged = models.BooleanField(_("flagged"))
    n = models.IntegerField(_("valid responses"), default=0)

    class Meta:
        verbose_name = _("cell of the tallies")
        verbose_name_plural = _("cells of the tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "agency", "period", "channel", "is_flagged"], name="cell_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} · {self.agency_id} · {self.period} · {self.channel}: {self.n}"


class Tally(models.Model):
    """How many valid responses of a cell chose a code of a question. Folded on submission.

    Which rows a response is counted in: see `tallies`.
    """

    # Derived by the million: `refold --check` holds them to the responses, not a foreign key.
    cell = models.ForeignKey(Cell, models.CASCADE, related_name="tallies", db_constraint=False)
    question = models.CharField(max_length=20)
    code = models.SmallIntegerField(
        help_text=_("-1: shown and skipped, -2: not shown, -3: answered")
    )
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cell", "question", "code"], name="tally_of_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.question}={self.code}: {self.n}"


class IndexMoment(models.Model):
    """Five sums from which a ratio index and its respondent-level interval follow.

    Per respondent: y satisfied answers among x rated ones, within `scope` (a
    section code, or "" for the whole index). Respondents with x = 0 in the scope
    do not count.
    """

    cell = models.ForeignKey(Cell, models.CASCADE, related_name="moments", db_constraint=False)
    scope = models.CharField(max_length=20, blank=True)
    n = models.IntegerField()
    sy = models.IntegerField()
    sx = models.IntegerField()
    syy = models.IntegerField()
    sxy = models.IntegerField()
    sxx = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cell", "scope"], name="moment_of_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope or 'index'}: {self.sy}/{self.sx} of {self.n}"
