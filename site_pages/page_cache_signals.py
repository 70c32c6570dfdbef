"""What moves the site's counter on: every row that a public page can show."""

from __future__ import annotations

from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_slug_changed, post_page_move

from .page_cache import bump, changed, is_shown

# What saving a draft writes to a page that is public in an earlier form.
DRAFT_FIELDS = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by",
    "owner",
    "wagtail_admin_comments",
}


@receiver(post_save)
def row_saved(sender: type[models.Model], update_fields=None, **kwargs) -> None:
    if update_fields and issubclass(sender, Page) and DRAFT_FIELDS.issuperset(update_fields):
        return
    if is_shown(sender):
        changed()


@receiver(post_delete)
def row_deleted(sender: type[models.Model], **kwargs) -> None:
    if is_shown(sender):
        changed()


@receiver(m2m_changed)
def relation_changed(instance: models.Model, action: str, **kwargs) -> None:
    model = type(instance)
    if action.startswith("post_") and is_shown(model):
        changed()


@receiver([post_page_move, page_slug_changed])
def page_went_elsewhere(**kwargs) -> None:
    """The pages below go along in one statement that no row tells of."""
    changed()


def moved_by_migration(**kwargs) -> None:
    """A new version draws the same rows otherwise; every start of a server migrates."""
    bump()
