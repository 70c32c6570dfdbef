"""How answers are gathered: collectors, posters, and counts of the way through a survey."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency

from .channels import Channel
from .sampling import SampleUnit
from .surveys import Survey


class Collector(models.Model):
    """A way in that fixes the agency: the QR code of a counter, or a kiosk."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, verbose_name=_("survey"), related_name="collectors"
    )
    channel = models.CharField(
        _("channel"),
        max_length=12,
        choices=[(kind.value, kind.label) for kind in (Channel.QR, Channel.KIOSK)],
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency"), related_name="+")
    unit = models.ForeignKey(
        SampleUnit,
        models.SET_NULL,
        verbose_name=_("sample unit"),
        null=True,
        blank=True,
        related_name="+",
    )
    place = models.CharField(
        _("place or counter"),
        max_length=120,
        blank=True,
        help_text=_("For example: Counter 3, civil status. It stands on the poster."),
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    quota = models.PositiveIntegerField(
        _("quota"),
        null=True,
        blank=True,
        help_text=_("It takes no more valid answers than this; empty for no limit."),
    )
    taken = models.PositiveIntegerField(_("valid answers"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("collector")
        verbose_name_plural = _("collectors")
        ordering = ["survey", "agency", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="collector_validity_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["survey", "agency"])]

    def __str__(self) -> str:
        return f"{self.agency} · {self.place}" if self.place else str(self.agency)


class PosterState(models.TextChoices):
    ORDERED = "ordered", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class PosterBatch(models.Model):
    """One PDF with the posters of a survey's collectors, made in the queue."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="poster_batches")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("ordered at"))
    state = models.CharField(
        _("state"), max_length=8, choices=PosterState, default=PosterState.ORDERED
    )
    collectors = models.ManyToManyField(Collector, related_name="+")
    pdf = models.FileField(upload_to="survey-posters", blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)

    class Meta:
        verbose_name = _("posters")
        verbose_name_plural = _("posters")
        ordering = ["-ordered_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.pk}"


class Step(models.TextChoices):
    """How far somebody came. Only how many, never who or when."""

    OPENED = "opened", _("Opened")
    BEGUN = "begun", _("Begun")
    REFUSED = "refused", _("Gave up")
    FULL = "full", _("Turned away: the quota is full")
    INVITED = "invited", _("Invited")
    BOUNCED = "bounced", _("Letters that did not arrive")
    TAKEN = "taken", _("Took part")


class FieldworkCount(models.Model):
    """How many people came to a step through a channel."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="fieldwork_counts")
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    step = models.CharField(_("step"), max_length=8, choices=Step)
    n = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("fieldwork count")
        verbose_name_plural = _("fieldwork counts")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "channel", "step"], name="fieldwork_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} {self.channel} {self.step}: {self.n}"
