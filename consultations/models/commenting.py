"""Opinions being written, what goes with them, and who was asked for one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency
from portal.protection.models import QuarantinedFile

from .consultation import Consultation, OfficeQuestion
from .drafts import DraftText, Provision
from .opinions import Opinion


class OpinionDraft(models.Model):
    """An opinion being written; only the browser that began it has its key."""

    wagtail_reference_index_ignore = True

    key_hash = models.CharField(max_length=64, unique=True)
    token = models.UUIDField(unique=True)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+")
    # What it speaks of, as it stood when it was begun.
    text_version = models.ForeignKey(DraftText, models.PROTECT, null=True, related_name="+")
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, related_name="+")
    # Fields of the form as they were last saved; empty again once it is sent.
    typed = models.JSONField(default=dict)
    # Files taken in, those removed again counted in: a form has an end.
    uploads = models.PositiveSmallIntegerField(default=0)
    receipt_code = models.CharField(max_length=14, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("opinion being written")
        verbose_name_plural = _("opinions being written")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class OpinionFile(models.Model):
    """A file sent with an opinion: read by the office, never published."""

    wagtail_reference_index_ignore = True

    draft = models.ForeignKey(
        OpinionDraft, models.PROTECT, null=True, related_name="files", editable=False
    )
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, null=True, related_name="files", editable=False
    )
    file = models.OneToOneField(QuarantinedFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file with an opinion")
        verbose_name_plural = _("files with opinions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft__isnull=True) ^ Q(opinion__isnull=True),
                name="opinion_file_is_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class OpinionAnswer(models.Model):
    """What an opinion answers to one of the office's questions."""

    wagtail_reference_index_ignore = True

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("opinion"), related_name="answers"
    )
    question = models.ForeignKey(
        OfficeQuestion, models.PROTECT, verbose_name=_("question"), related_name="answers"
    )
    text = models.TextField(_("answer"))

    class Meta:
        verbose_name = _("answer to a question of the office")
        verbose_name_plural = _("answers to questions of the office")
        ordering = ["opinion", "question__number"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "question"], name="question_answered_once"),
            models.CheckConstraint(condition=~Q(text=""), name="question_answered_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class OpinionRevision(models.Model):
    """What an opinion said before its author corrected it; kept, never shown."""

    wagtail_reference_index_ignore = True

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("opinion"), related_name="revisions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("opinion"), blank=True)
    suggested_text = models.TextField(_("suggested wording"), blank=True)
    # By the question's id.
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("earlier form of an opinion")
        verbose_name_plural = _("earlier forms of opinions")
        ordering = ["opinion", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "number"], name="opinion_revision_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class AgencyInvitation(models.Model):
    """An agency asked for its opinion by a day; whether it agreed without comment."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="invitations"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), related_name="opinion_invitations"
    )
    document_number = models.CharField(
        _("document number"),
        max_length=120,
        help_text=_("Of the letter that asks for the opinion."),
    )
    due_on = models.DateField(_("due on"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("invited by"), related_name="+"
    )
    invited_at = models.DateTimeField(_("invited at"))
    # The first opinion or the agreement, whichever came first.
    answered_at = models.DateTimeField(_("answered at"), null=True)
    agrees = models.BooleanField(_("agrees without comment"), default=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("answered by"),
        null=True,
        related_name="+",
    )
    reminded_on = models.DateField(_("last reminded on"), null=True)

    class Meta:
        verbose_name = _("agency asked for its opinion")
        verbose_name_plural = _("agencies asked for their opinions")
        ordering = ["due_on", "agency"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "agency"], name="agency_invited_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, agrees=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="invitation_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("invited_at")),
                name="invitation_answered_after_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation.code} · {self.agency}"


class OpinionMark(models.Model):
    """A sampled hash of an opinion's words; opinions that share marks are compared."""

    wagtail_reference_index_ignore = True

    # In this order: one index scan reads who carries a mark in a consultation.
    pk = models.CompositePrimaryKey("consultation_id", "mark", "opinion_id")
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+")
    mark = models.IntegerField()
    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="marks")

    def __str__(self) -> str:
        return f"{self.mark} · {self.opinion_id}"
