"""What agencies are to do about a low result, and whether it helped (Art. 5.1.g, 7.3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency
from portal.reporting.models import Edition

from .surveys import Survey


class ActionState(models.TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    REPORTED = "reported", _("In progress")
    DONE = "done", _("Reported as done")
    MEASURED = "measured", _("Measured again")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Action(models.Model):
    """One thing an agency is to mend, resting on a figure of a published edition."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name=_("edition"), related_name="+"
    )
    survey = models.ForeignKey(
        Survey, models.PROTECT, verbose_name=_("survey"), related_name="actions"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("responsible agency"), related_name="+"
    )
    target = models.CharField(
        _("what is low"),
        max_length=30,
        help_text=_("The index, a criterion or an item, by its stable code."),
    )
    target_label = models.CharField(_("in words"), max_length=500)
    figure = models.CharField(
        _("figure in the report"), max_length=20, help_text=_("As the published edition prints it.")
    )
    task = models.TextField(_("what is to be done"))
    due_on = models.DateField(_("deadline"))
    is_public = models.BooleanField(
        _("on the public page of the survey"),
        default=False,
        help_text=_("Citizens then read what is done about their answers."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ActionState, default=ActionState.ASSIGNED
    )
    outcome = models.JSONField(_("measured again"), null=True, blank=True)
    closing_note = models.TextField(_("why it was closed"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("assigned by"), related_name="+"
    )
    made_at = models.DateTimeField(_("assigned at"))

    class Meta:
        verbose_name = _("action after a survey")
        verbose_name_plural = _("actions after surveys")
        ordering = ["due_on", "pk"]
        permissions = [("plan_actions", "Can assign actions after a survey")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="measured") | Q(outcome__isnull=False),
                name="action_measured_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(closing_note=""),
                name="action_withdrawn_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="action_by_state")]

    def __str__(self) -> str:
        return f"{self.agency} · {self.target_label}"


class ActionReport(models.Model):
    """What the agency says it has done."""

    action = models.ForeignKey(
        Action, models.PROTECT, verbose_name=_("action"), related_name="reports"
    )
    text = models.TextField(_("what was done"))
    is_done = models.BooleanField(_("all of it is done"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("reported by"), related_name="+"
    )
    made_at = models.DateTimeField(_("reported at"))

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["action", "made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.made_at:%d/%m/%Y}"
