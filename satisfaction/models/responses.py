"""What people answered: drafts, responses, free texts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency

from .channels import Channel
from .collecting import Collector
from .quality import Flag
from .sampling import SampleUnit
from .surveys import Survey, SurveyVersion


class Draft(models.Model):
    """An answer being written. Kept on the server under the hash of a random key."""

    key_hash = models.CharField(max_length=64, unique=True)
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="drafts")
    submission_token = models.UUIDField(unique=True)
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    receipt_code = models.CharField(max_length=20, blank=True)
    collector = models.ForeignKey(Collector, models.PROTECT, null=True, related_name="+")
    # Of the code that its writer noted down to go on elsewhere.
    resume_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("draft answer")
        verbose_name_plural = _("draft answers")
        constraints = [
            models.UniqueConstraint(
                fields=["resume_hash"],
                condition=~Q(resume_hash=""),
                name="draft_resumed_by_its_own_code",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.pk}"


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
    collector = models.ForeignKey(
        Collector,
        models.PROTECT,
        verbose_name=_("collector"),
        null=True,
        related_name="responses",
    )
    unit = models.ForeignKey(
        SampleUnit,
        models.SET_NULL,
        verbose_name=_("sample unit"),
        null=True,
        related_name="responses",
        help_text=_("The unit of the sample plan whose quota it counts in."),
    )
    day = models.DateField(_("day"))
    period = models.CharField(
        _("period"),
        max_length=7,
        blank=True,
        help_text=_("2026, 2026-Q3 or 2026-11; empty where the survey is one period."),
    )
    is_flagged = models.BooleanField(_("flagged"), default=False)
    flags = models.JSONField(
        _("flags"), default=list, blank=True, help_text=_("Codes of what looks odd about it.")
    )
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

    @property
    def flags_in_words(self) -> list[Flag]:
        return [Flag(code) for code in self.flags if code in Flag.values]


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
