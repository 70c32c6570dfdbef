"""No way around Article 8.5: pages once public, and files in use, are not deleted."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page, Site
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from .kept_files import is_kept, without_kept
from .withdrawal import ever_public


class KeepUsedPolicy(CollectionOwnershipPermissionPolicy):
    """Images and documents: what is used or was public is not deleted, by superusers neither."""

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        if action == "delete" and is_kept(instance):
            return False
        return super().user_has_permission_for_instance(user, action, instance)

    def instances_user_has_any_permission_for(self, user, actions):
        allowed = super().instances_user_has_any_permission_for(user, actions)
        return without_kept(allowed) if set(actions) == {"delete"} else allowed


@receiver(pre_delete)
def refuse_to_delete_what_was_public(sender, instance, **kwargs) -> None:
    """The last line, below every view and every command."""
    if isinstance(instance, Site) and ever_public(instance.root_page):
        raise ProtectedError(_("What was published is kept (Art. 8.5)."), {instance})
    was_public = isinstance(instance, Page) and instance.first_published_at is not None
    if was_public and hasattr(instance.specific, "search_facts"):
        raise ProtectedError(_("What was published is kept (Art. 8.5)."), {instance})


@hooks.register("before_delete_page")
def show_the_withdrawal_instead(request: HttpRequest, page: Page) -> HttpResponse | None:
    if not ever_public(page):
        return None
    return _instead(request, page)


@hooks.register("before_unpublish_page")
def withdraw_instead_of_unpublishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _instead(request, page)


@hooks.register("before_bulk_action")
def never_in_bulk(request: HttpRequest, action: str, objects, view) -> HttpResponse | None:
    pages = [item for item in objects if isinstance(item, Page)]
    if action not in ("delete", "unpublish") or not any(ever_public(page) for page in pages):
        return None
    return _instead(request, None)


def _instead(request: HttpRequest, page: Page | None) -> HttpResponse:
    messages.error(
        request,
        _("What was published is kept (Art. 8.5). Withdraw a page by an order, one at a time."),
    )
    if page is not None and page.live:
        return redirect("page_withdraw", page.pk)
    return redirect("wagtailadmin_explore_root")
