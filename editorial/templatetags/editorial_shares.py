"""Shares of one as whole percents."""

from django import template

from portal.reporting.formats import percent

register = template.Library()


@register.filter
def share(value: float) -> str:
    """0.717 → '72%'; a dash where nothing is worth telling."""
    return percent(value, 0) if value else "–"
