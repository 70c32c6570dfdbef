"""Tables of documents handed in at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    REFUSED = "refused", _("Refused")
    CHECKED = "checked", _("Checked, waiting")
    QUEUED = "queued", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")


class DocumentImport(models.Model):
    """A table of documents that somebody handed in, and what the check said of it."""

    file_name = models.CharField(_("file"), max_length=200)
    rows = models.JSONField(_("documents"), default=list)
    # Each [row, column, message]; a table with one problem is not imported at all.
    problems = models.JSONField(_("problems"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=ImportState)
    goes_live = models.BooleanField(_("publish at once"), default=False)
    imported = models.PositiveIntegerField(_("imported"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("handed in by"), related_name="+"
    )
    created_at = models.DateTimeField(_("handed in at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("approved by"),
        null=True,
        related_name="+",
    )
    done_at = models.DateTimeField(_("imported at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of documents")
        verbose_name_plural = _("imports of documents")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
