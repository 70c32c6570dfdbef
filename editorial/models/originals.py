"""What a supplier sent in, kept as it was (Art. 3.3, 3.4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SuppliedOriginal(models.Model):
    """A page as it was first sent in; the database refuses to change or delete it.

    Only the reference to the page may become empty, when a draft never public is deleted.
    """

    # A reference that holds nothing back: the page's draft may be deleted.
    wagtail_reference_index_ignore = True

    page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        verbose_name=_("page"),
        null=True,
        related_name="supplied_originals",
    )
    page_number = models.PositiveBigIntegerField(_("number of the page"), unique=True)
    page_type = models.CharField(_("type"), max_length=100)
    title = models.CharField(_("title"), max_length=255)
    # Sorted JSON of the revision, byte for byte what was hashed.
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    # Plain text by field, read once: the page's fields may be others in ten years.
    texts = models.JSONField(_("text"))
    declaration = models.TextField(_("declaration"))
    declaration_version = models.CharField(_("version of the declaration"), max_length=20)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("sent by"),
        null=True,
        related_name="+",
    )
    agency = models.ForeignKey(
        "agencies.Agency",
        models.PROTECT,
        verbose_name=_("agency of the sender"),
        null=True,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("supplier's original")
        verbose_name_plural = _("suppliers' originals")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.sent_at:%d/%m/%Y})"


class OriginalFile(models.Model):
    """A picture or file that the original shows: it stays, and its hash tells a replacement."""

    original = models.ForeignKey(SuppliedOriginal, models.PROTECT, related_name="files")
    image = models.ForeignKey("wagtailimages.Image", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(
        "wagtaildocs.Document", models.PROTECT, null=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(image__isnull=True) ^ models.Q(document__isnull=True),
                name="original_file_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.title
