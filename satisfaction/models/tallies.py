"""Counts and sums kept beside the responses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency

from .surveys import SurveyVersion


class Tally(models.Model):
    """How many valid responses chose a code of a question, by agency. Folded on submission.

    Which rows a response is counted in: see `tallies`.
    """

    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="tallies")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    question = models.CharField(max_length=20)
    code = models.SmallIntegerField(
        help_text=_("-1: shown and skipped, -2: not shown, -3: answered")
    )
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "question", "code", "agency"], name="tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}={self.code}: {self.n}"


class IndexMoment(models.Model):
    """Five sums from which a ratio index and its respondent-level interval follow.

    Per respondent: y satisfied answers among x rated ones, within `scope` (a
    section code, or "" for the whole index). Respondents with x = 0 in the scope
    do not count.
    """

    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="moments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    scope = models.CharField(max_length=20, blank=True)
    n = models.IntegerField()
    sy = models.IntegerField()
    sx = models.IntegerField()
    syy = models.IntegerField()
    sxy = models.IntegerField()
    sxx = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "scope", "agency"], name="moment_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope or 'index'}: {self.sy}/{self.sx} of {self.n}"
