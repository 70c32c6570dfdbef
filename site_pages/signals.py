"""What follows a publication."""

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published

from .pictures import call_for


@receiver(page_published)
def page_was_published(instance: Page, **kwargs) -> None:
    call_for(instance)
