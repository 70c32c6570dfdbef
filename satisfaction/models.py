"""Surveys and what people answered (Art. 5.5.d, 7.2, 7.3).

Answers are plain rows, never pages or snippets: no generic admin view reaches
them. They are kept by stable short codes of an immutable questionnaire version.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency


class Survey(models.Model):
    """A measurement with one window; its words stand in its versions."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    is_demo = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-opens_at"]
        permissions = [
            ("view_results", "Can see the results of surveys"),
            ("review_responses", "Can reject responses with a reason"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="survey_window_runs_forward"
            )
        ]

    def __str__(self) -> str:
        return self.title


class SurveyVersion(models.Model):
    """An immutable questionnaire: canonical JSON and its SHA-256."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    definition = models.JSONField(_("definition"))
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} v{self.number}"


class Draft(models.Model):
    """An answer being written. Kept on the server under the hash of a random key."""

    key_hash = models.CharField(max_length=64, unique=True)
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="drafts")
    submission_token = models.UUIDField(unique=True)
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    receipt_code = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("draft answer")
        verbose_name_plural = _("draft answers")

    def __str__(self) -> str:
        return f"{self.version} · {self.pk}"


class Channel(models.TextChoices):
    WEB = "web", _("Web")


class ResponseStatus(models.TextChoices):
    VALID = "valid", _("Valid")
    REJECTED = "rejected", _("Rejected")


class RejectionReason(models.TextChoices):
    NOTHING_RATED = "nothing_rated", _("No item was rated")
    TOO_FAST = "too_fast", _("Filled in faster than the questions can be read")
    TEST = "test", _("Test answer by staff")
    DUPLICATE = "duplicate", _("Same person answered again")


class Response(models.Model):
    """One person's answers. Holds the day only: no time, no address, no account."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="responses")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, default=Channel.WEB)
    day = models.DateField(_("day"))
    duration_s = models.PositiveIntegerField(_("duration in seconds"))
    status = models.CharField(_("status"), max_length=10, choices=ResponseStatus)
    reason = models.CharField(_("reason"), max_length=20, choices=RejectionReason, blank=True)
    answers = models.JSONField(_("answers"))
    satisfied = models.PositiveSmallIntegerField(
        _("satisfied answers"), help_text=_("y: rated items at a satisfied level")
    )
    rated = models.PositiveSmallIntegerField(
        _("rated items"), help_text=_("x: items rated, without 'not applicable'")
    )
    idempotency_key = models.UUIDField()
    receipt_code = models.CharField(max_length=20, unique=True)

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "idempotency_key"], name="response_counts_once"
            ),
            models.CheckConstraint(
                condition=Q(satisfied__lte=F("rated")), name="response_satisfied_within_rated"
            ),
            models.CheckConstraint(
                condition=Q(status="valid", reason="") | (Q(status="rejected") & ~Q(reason="")),
                name="response_rejected_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["survey", "status", "agency"])]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.pk}"


class TextAnswer(models.Model):
    """Free text, apart from the codes: it may hold personal data and has its own permission."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="texts")
    question = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        verbose_name = _("free-text answer")
        verbose_name_plural = _("free-text answers")
        permissions = [("read_texts", "Can read free-text answers")]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="text_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.response_id} · {self.question}"


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


# Django looks for models here; the pages have a module of their own.
from .pages import SurveyPage, SurveysPage  # noqa: E402, F401
