"""Files that were public once: neither deleted nor exchanged for others afterwards (Art. 8.5)."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, ReferenceIndex

from .file_access import references_to


class PublishedFile(models.Model):
    """A picture or document that a public page has shown; the database keeps what it points to."""

    wagtail_reference_index_ignore = True

    document = models.OneToOneField(
        Document, models.PROTECT, null=True, related_name="as_published", editable=False
    )
    image = models.OneToOneField(
        Image, models.PROTECT, null=True, related_name="as_published", editable=False
    )

    class Meta:
        app_label = "site_pages"
        constraints = [
            models.CheckConstraint(
                condition=Q(document=None, image__isnull=False)
                | Q(document__isnull=False, image=None),
                name="published_file_is_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.document or self.image)


def remember(page_id: int) -> None:
    """Keep the files that a live page shows."""
    shown = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id=str(page_id)
    )
    for name, model in (("document", Document), ("image", Image)):
        kind = ContentType.objects.get_for_model(model)
        ids = {
            int(pk)
            for pk in shown.filter(to_content_type=kind).values_list("to_object_id", flat=True)
        }
        if ids:
            PublishedFile.objects.bulk_create(
                [PublishedFile(**{f"{name}_id": pk}) for pk in sorted(ids)], ignore_conflicts=True
            )


def is_kept(file: Document | Image) -> bool:
    """Whether a page uses the file, or a public one has."""
    return hasattr(file, "as_published") or references_to(file).exists()


def without_kept(files: QuerySet) -> QuerySet:
    """Of pictures or documents, those that nothing uses and no reader has seen."""
    used = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(files.model),
        to_object_id=Cast(OuterRef("pk"), models.CharField()),
    )
    return files.filter(~Exists(used), as_published=None)
