"""What may be wider than the screen scrolls in a frame of its own."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def scrolling(content: SafeString, name: str, kind: str = "") -> SafeString:
    """A frame that scrolls sideways, named and reached by keyboard (WCAG 2.1.1)."""
    return format_html(
        '<div class="scroll{}" tabindex="0" role="region" aria-label="{}">{}</div>',
        f" {kind}" if kind else "",
        name,
        content,
    )
