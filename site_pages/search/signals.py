"""What becomes public or moves elsewhere than through a page's own save()."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.documents.models import Document
from wagtail.models import CollectionViewRestriction, Page
from wagtail.signals import post_page_move

from portal.reporting.models import Edition
from portal.reporting.queries import is_public

from ..file_access import carrying_pages
from .file_text import call_for
from .indexing import index_edition, index_page


@receiver(post_save, sender=Edition)
def edition_saved(instance: Edition, **kwargs) -> None:
    if is_public(instance):
        index_edition(instance)


@receiver(post_save, sender=Document)
def document_saved(instance: Document, **kwargs) -> None:
    call_for(instance)


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def collection_closed_or_opened(instance: CollectionViewRestriction, **kwargs) -> None:
    """The words of files that not everybody may fetch are not found."""
    inside = instance.collection.get_descendants(inclusive=True)
    for document in Document.objects.filter(collection__in=inside, file_text__isnull=False):
        for page_id in carrying_pages(document):
            index_page(page_id)


@receiver(post_page_move)
def page_moved(instance: Page, **kwargs) -> None:
    """A page in another section is filtered under another section."""
    for page_id in instance.get_descendants(inclusive=True).values_list("pk", flat=True):
        index_page(page_id)
