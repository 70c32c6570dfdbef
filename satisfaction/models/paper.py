"""Forms filled in on paper, entered twice by two people."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .responses import Response
from .sampling import SampleUnit
from .surveys import Survey, SurveyVersion


class PaperState(models.TextChoices):
    ENTERED = "entered", _("Entered once")
    DIFFERS = "differs", _("The two entries differ")
    DONE = "done", _("Counted")
    DISCARDED = "discarded", _("Discarded")


class PaperForm(models.Model):
    """One sheet. What was typed is erased once the two entries agree."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="paper_forms")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+")
    reference = models.CharField(
        _("number of the sheet"),
        max_length=40,
        help_text=_("As stamped on the sheet and its scan."),
    )
    filled_on = models.DateField(_("day on the sheet"))
    unit = models.ForeignKey(
        SampleUnit,
        models.SET_NULL,
        verbose_name=_("sample unit"),
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PaperState, default=PaperState.ENTERED
    )
    first = models.JSONField(default=dict)
    second = models.JSONField(default=dict)
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    response = models.OneToOneField(Response, models.PROTECT, null=True, related_name="paper_form")
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("paper form")
        verbose_name_plural = _("paper forms")
        ordering = ["-entered_at", "-pk"]
        permissions = [("enter_paper", "Can enter paper forms of surveys")]
        constraints = [
            models.UniqueConstraint(fields=["survey", "reference"], name="paper_form_once"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("first_by")),
                name="paper_form_entered_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(response__isnull=False),
                name="paper_form_done_with_a_response",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey.code} · {self.reference}"
