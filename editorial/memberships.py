"""Agency memberships are kept on Wagtail's own forms: access follows what those save."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from portal.agencies.models import Membership

from .access import sync


@receiver(post_save, sender=Membership)
def access_follows_membership(instance: Membership, **kwargs) -> None:
    sync(instance.user)
