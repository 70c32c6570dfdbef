"""Who asked to be told by e-mail, and what they were told of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from site_pages.fields import ReformField

from .consultation import Consultation


class Subscription(models.Model):
    """An address that wants letters on one consultation, on a field, or on all; once confirmed."""

    wagtail_reference_index_ignore = True

    email = models.EmailField(_("e-mail"))
    # Neither: every consultation.
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), null=True, related_name="+"
    )
    reform_field = models.CharField(
        _("field of reform"), max_length=15, choices=ReformField, blank=True
    )
    # The same in one word: what an address subscribes to once.
    subject = models.CharField(max_length=30, editable=False)
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["email", "subject"], name="subscription_once"),
            models.CheckConstraint(
                condition=Q(consultation__isnull=True) | Q(reform_field=""),
                name="subscription_is_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Occasion(models.TextChoices):
    OPENED = "opened", _("Opened")
    CLOSING = "closing", _("Closes soon")
    CHANGED = "changed", _("Window changed")
    VERSION = "version", _("New version")
    ANSWERED = "answered", _("Answered")


class Announcement(models.Model):
    """An occasion that subscribers were written to about: each one once."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="+"
    )
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion)
    # What of it: number of the record or of the version; 0 where there is one only.
    number = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "occasion", "number"], name="announced_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation.code} {self.occasion}"


class Embedded(models.Model):
    """What another room lends to a consultation's page: a survey, found through a registry."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="embedded"
    )
    kind = models.CharField(_("kind"), max_length=20)
    object_id = models.PositiveBigIntegerField(_("number"))

    class Meta:
        verbose_name = _("lent to a consultation")
        verbose_name_plural = _("lent to consultations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "kind", "object_id"], name="lent_to_a_consultation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
