"""The draft as versions of a text, each a tree of provisions with permanent ids."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .consultation import Consultation


class TextState(models.TextChoices):
    PREPARING = "preparing", _("Being prepared")
    PUBLISHED = "published", _("Published")


class ReadingState(models.TextChoices):
    NONE = "none", _("Nothing handed in")
    QUEUED = "queued", _("Being read")
    READ = "read", _("Read")
    FAILED = "failed", _("Could not be read")


class DraftText(models.Model):
    """One version of the draft. From its first opinion on the database refuses any change."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="texts"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=9, choices=TextState, default=TextState.PREPARING
    )
    note = models.CharField(
        _("what is new"),
        max_length=500,
        blank=True,
        help_text=_("Why there is a new version, in a sentence for the public."),
    )
    source = models.FileField(_("file of the draft"), upload_to="consultations/", blank=True)
    source_name = models.CharField(_("name of the file"), max_length=120, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    # Of every word that was read from the source: the tree must still say the same.
    words_sha256 = models.CharField(max_length=64, blank=True)
    reading = models.CharField(
        _("reading of the file"), max_length=6, choices=ReadingState, default=ReadingState.NONE
    )
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    sha256 = models.CharField(
        "SHA-256", max_length=64, blank=True, help_text=_("Of the whole text as published.")
    )
    published_at = models.DateTimeField(_("published at"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("published by"),
        null=True,
        related_name="+",
    )
    locked_at = models.DateTimeField(
        _("locked at"), null=True, help_text=_("When the first opinion on it was received.")
    )

    class Meta:
        verbose_name = _("version of a draft")
        verbose_name_plural = _("versions of drafts")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="draft_text_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(state="preparing")
                | Q(published_at__isnull=False, published_by__isnull=False) & ~Q(sha256=""),
                name="draft_text_published_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True) | Q(state="published"),
                name="draft_text_locked_once_public",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation.code} v{self.number}"

    @property
    def is_public(self) -> bool:
        return self.state == TextState.PUBLISHED

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class ProvisionKind(models.TextChoices):
    """Levels of a Vietnamese legal text, and what stands between them."""

    DOCUMENT = "document", _("Attached document")
    PART = "part", _("Part (Phần)")
    CHAPTER = "chapter", _("Chapter (Chương)")
    SECTION = "section", _("Section (Mục)")
    SUBSECTION = "subsection", _("Subsection (Tiểu mục)")
    ARTICLE = "article", _("Article (Điều)")
    CLAUSE = "clause", _("Clause (khoản)")
    POINT = "point", _("Point (điểm)")
    ANNEX = "annex", _("Annex (Phụ lục)")
    TABLE = "table", _("Table")
    PREAMBLE = "preamble", _("Opening: title, legal grounds")
    PLAIN = "plain", _("Plain text")
    NOTE = "note", _("Footnote")


class Provision(models.Model):
    """A place of the text that can be spoken of. Its uuid is its address for ever."""

    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(_("permanent id"), default=uuid.uuid4, unique=True, editable=False)
    text_version = models.ForeignKey(
        DraftText, models.PROTECT, verbose_name=_("version"), related_name="provisions"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("belongs to"), null=True, related_name="children"
    )
    position = models.PositiveIntegerField(_("place in the text"))
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=ProvisionKind)
    label = models.CharField(
        _("label"), max_length=120, blank=True, help_text=_("Exactly as the source has it.")
    )
    heading = models.TextField(_("heading"), blank=True)
    text = models.TextField(_("text"), blank=True)
    # Of a table: rows of cells {"text", "columns", "rows", "is_head"}; spans only where not 1.
    cells = models.JSONField(_("cells"), null=True, blank=True)
    # "dieu-7.khoan-2": stands in the page's addresses; unlike the uuid it follows the labels.
    anchor = models.CharField(max_length=160, blank=True)
    # In words, with what it belongs to: "Điều 7 khoản 2 điểm a".
    name = models.CharField(_("name"), max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["text_version", "position"]
        indexes = [models.Index(fields=["text_version", "position"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="table", cells__isnull=False)
                | Q(cells__isnull=True) & ~Q(kind="table"),
                name="provision_cells_of_tables_only",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.label or self.heading[:60] or self.text[:60]


class MappingKind(models.TextChoices):
    KEPT = "kept", _("Kept as it was")
    CHANGED = "changed", _("Changed")
    MERGED = "merged", _("Merged into another provision")
    REMOVED = "removed", _("Removed")
    ADDED = "added", _("Added")


class ProvisionMapping(models.Model):
    """What became of a provision in the next version, proposed by machine, said by an editor."""

    wagtail_reference_index_ignore = True

    text_version = models.ForeignKey(
        DraftText,
        models.PROTECT,
        verbose_name=_("new version"),
        related_name="mappings",
    )
    old = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("before"),
        null=True,
        related_name="became",
    )
    new = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("after"),
        null=True,
        related_name="came_from",
    )
    kind = models.CharField(_("what became of it"), max_length=7, choices=MappingKind)
    # 0 to 100: how far the words agree; only to sort what an editor should look at first.
    likeness = models.PositiveSmallIntegerField(_("likeness"), default=0)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("confirmed by"),
        null=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        verbose_name = _("mapping of provisions")
        verbose_name_plural = _("mappings of provisions")
        ordering = ["text_version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["text_version", "old"], name="provision_mapped_once"),
            models.UniqueConstraint(
                fields=["new"], condition=Q(kind="added"), name="provision_added_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["kept", "changed", "merged"], old__isnull=False)
                & Q(new__isnull=False)
                | Q(kind="removed", old__isnull=False, new__isnull=True)
                | Q(kind="added", old__isnull=True, new__isnull=False),
                name="mapping_has_the_sides_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old or '–'} → {self.new or '–'}"


class AttachmentKind(models.TextChoices):
    DRAFT = "draft", _("The draft as a file")
    SUBMISSION = "submission", _("Submission (tờ trình)")
    EXPLANATION = "explanation", _("Explanatory report")
    IMPACT = "impact", _("Impact assessment")
    OTHER = "other", _("Other document")


class Attachment(models.Model):
    """A document that goes with a version, public with it."""

    wagtail_reference_index_ignore = True

    text_version = models.ForeignKey(
        DraftText,
        models.PROTECT,
        verbose_name=_("version"),
        related_name="attachments",
    )
    kind = models.CharField(_("kind"), max_length=11, choices=AttachmentKind)
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="consultations/")
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("added by"), related_name="+"
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("document with the draft")
        verbose_name_plural = _("documents with the draft")
        ordering = ["text_version", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def ending(self) -> str:
        return self.file.name.rpartition(".")[2].lower()
