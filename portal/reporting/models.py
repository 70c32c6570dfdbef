"""Editions: published figures that never move (Art. 5.1.g, 5.5.d)."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EditionState(models.TextChoices):
    ORDERED = "ordered", _("Ordered")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready for signature")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")


class Edition(models.Model):
    """One frozen report: snapshot of the figures, its hash, the method, the PDF."""

    kind = models.CharField(_("kind"), max_length=50)
    subject_id = models.PositiveBigIntegerField(_("subject"))
    number = models.PositiveSmallIntegerField(_("edition"))
    title = models.CharField(_("title"), max_length=300)
    code = models.CharField(_("verification code"), max_length=20, unique=True)
    state = models.CharField(
        _("state"), max_length=12, choices=EditionState, default=EditionState.ORDERED
    )
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)

    document_number = models.CharField(
        _("document number"),
        max_length=40,
        blank=True,
        help_text=_("Given by the records office, e.g. 05/BC-SNV; blank until then."),
    )
    document_date = models.DateField(_("document date"), null=True, blank=True)

    snapshot = models.JSONField(_("snapshot"), null=True, encoder=DjangoJSONEncoder)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    method_version = models.CharField(_("method"), max_length=60, blank=True)
    pdf = models.FileField(_("PDF"), upload_to="editions/", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)

    corrects = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("corrects"), null=True, related_name="corrections"
    )
    change_note = models.TextField(_("what changed"), blank=True)

    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("ordered by"), related_name="+"
    )
    ordered_at = models.DateTimeField(_("ordered at"))
    made_at = models.DateTimeField(_("made at"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("published by"),
        null=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-ordered_at", "-pk"]
        permissions = [
            ("order_edition", "Can order an edition of a report"),
            ("publish_edition", "Can publish an edition"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "number"], name="edition_numbered_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "published"])
                | (~Q(pdf="") & ~Q(pdf_sha256="") & ~Q(snapshot_sha256="")),
                name="edition_ready_has_its_files",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="edition_published_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class FileKind(models.TextChoices):
    ARCHIVE = "archive", _("PDF/A-3 for the archive, with the data inside")
    SUMMARY = "summary", _("One-page summary for the leadership (PDF)")
    DOCX = "docx", _("DOCX for editing")
    CSV = "csv", _("Figures as CSV")
    JSON = "json", _("Figures as JSON")
    DICTIONARY = "dictionary", _("Description of the columns")
    METHOD = "method", _("Method")


class EditionFile(models.Model):
    """A file that an edition carries beside its PDF; frozen with it."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name=_("edition"), related_name="files"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=FileKind)
    file = models.FileField(_("file"), upload_to="editions/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind"], name="edition_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} · {self.kind}"
