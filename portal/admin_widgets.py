"""Wagtail's choosers without inline script (docs/decisions/0005)."""

from __future__ import annotations

import json

from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from wagtail.admin.widgets.chooser import BaseChooser

_original_render = BaseChooser.render


def _render(self: BaseChooser, name: str, value, attrs=None, renderer=None) -> SafeString:
    """As Wagtail renders a chooser, but its options travel as JSON to portal/admin.js."""
    own_script = type(self).render_js_init is not BaseChooser.render_js_init
    if own_script or not (attrs and "id" in attrs):
        return _original_render(self, name, value, attrs, renderer)
    data = self.get_value_data(value)
    options = self.get_js_init_options(attrs["id"], name, data)
    return format_html(
        '{}<span hidden data-portal-init="{}" data-portal-for="{}">{}</span>',
        self.render_html(name, data, attrs),
        self.js_constructor,
        attrs["id"],
        json_script(json.dumps(options)),
    )


def start_choosers_from_json() -> None:
    """Wagtail offers no hook for this line of its widget, so the method is replaced."""
    BaseChooser.render = _render
