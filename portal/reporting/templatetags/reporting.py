"""Formats for templates."""

from datetime import date
from decimal import Decimal

from django import template

from portal.reporting import extras, formats
from portal.reporting.models import EditionFile

register = template.Library()


@register.filter
def vi_number(value: float | None, places: int = 0) -> str:
    return "" if value is None else formats.number(value, places)


@register.filter
def vi_decimal(value: Decimal) -> str:
    """With as many decimals as it was given."""
    return formats.number(value, max(0, -int(value.normalize().as_tuple().exponent)))


@register.filter
def vi_percent(value: float | None, places: int = 2) -> str:
    return "" if value is None else formats.percent(value, places)


@register.filter
def vi_day_in_words(value: date | None) -> str:
    return formats.day_in_words(value) if value else ""


@register.filter
def hash_groups(digest: str) -> str:
    """A SHA-256 in groups of eight, to be compared by eye."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


@register.filter
def public_name(file: EditionFile) -> str:
    """The last part of a file's public address; empty where it is the office's own."""
    return extras.PUBLIC.get(file.kind, "")


@register.filter
def is_open_data(file: EditionFile) -> bool:
    return file.kind in extras.DATA
