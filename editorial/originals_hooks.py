"""Suppliers' originals in the admin: address, button, audit row."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from . import originals
from . import originals_views as views
from .confinement import open_address

# Each view asks whom the original concerns.
open_address("supplied_original")
open_address("supplied_original_content")


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("bien-tap/ban-goc/<int:page_id>/", views.original, name="supplied_original"),
        path(
            "bien-tap/ban-goc/<int:page_id>/noi-dung.json",
            views.content,
            name="supplied_original_content",
        ),
    ]


@hooks.register("register_page_header_buttons")
def original_button(page: Page, user, view_name: str, next_url: str | None = None) -> Iterator:
    kept = originals.original_of(page.pk) if page.pk else None
    if kept and originals.may_see(user, kept):
        yield Button(
            _("Original as sent in"),
            reverse("supplied_original", args=[page.pk]),
            icon_name="history",
            priority=70,
        )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "editorial.original.keep", _("Keep the original"), _("The original as sent in is kept")
    )
