"""What a person is told, in the admin and by letter."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Occasion(models.TextChoices):
    TO_SCREEN = "to-screen", _("An item waits to be screened")
    TO_APPROVE = "to-approve", _("An item waits for your approval")
    FORWARDED = "forwarded", _("Your word on an item is asked for")
    ANSWERED = "answered", _("An item that you forwarded was answered")
    RETURNED = "returned", _("An item was sent back for changes")
    REFUSED = "refused", _("An item was refused")
    DOUBTED = "doubted", _("An item is to be verified again")
    APPROVED = "approved", _("An item was approved")
    TO_CORRECT = "to-correct", _("Something public is to be corrected or withdrawn")
    HANDED_OVER = "handed-over", _("Drafts were handed over to you")


class Notice(models.Model):
    """One thing told to one person; never its content, only where to look."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", null=True)
    task_state = models.ForeignKey(
        "wagtailcore.TaskState", models.SET_NULL, null=True, related_name="+"
    )
    key = models.CharField(max_length=60, editable=False)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_told_once"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-at"],
                condition=models.Q(read_at__isnull=True),
                name="notice_unread",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_occasion_display())


class LetterMode(models.TextChoices):
    AT_ONCE = "at-once", _("A letter at once")
    DIGEST = "digest", _("In one letter each morning")
    NONE = "none", _("No letter, only here")


class NoticePreference(models.Model):
    """How a person wants letters about one kind of occasion."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences"
    )
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    mode = models.CharField(
        _("letters"), max_length=8, choices=LetterMode, default=LetterMode.AT_ONCE
    )

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "occasion"], name="notice_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_occasion_display()} – {self.get_mode_display()}"
