"""What a page says, as plain text by field, whatever its type."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime

from django.db import models
from django.utils.html import strip_tags
from django.utils.timezone import localtime
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.blocks import StreamValue, StructValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText

_LINE_ENDS = re.compile(r"</(?:p|h[1-6]|li|blockquote|tr)>|<br\s*/?>|<hr\s*/?>")
# Where a page stands and how it is served, not what it says.
_TECHNICAL = {field.name for field in Page._meta.get_fields()} | {"is_demo", "menu_title"}


def texts_of(page: Page) -> dict[str, str]:
    """Plain text by the name of the field; empty fields are left out."""
    specific = page.specific
    found = {"title": specific.title, **dict(_texts(specific, _TECHNICAL))}
    return {name: text for name, text in found.items() if text}


def labels_of(model: type[models.Model] | None) -> dict[str, str]:
    """How the fields are called, for those that the model still has."""
    if model is None:
        return {}
    labels = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}
    for field in get_all_child_m2m_relations(model):
        labels[field.name] = str(field.verbose_name)
    for relation in get_all_child_relations(model):
        labels[relation.get_accessor_name()] = str(relation.related_model._meta.verbose_name_plural)
    return labels


def from_html(source: str) -> str:
    text = html.unescape(strip_tags(_LINE_ENDS.sub("\n", source)))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _texts(item: models.Model, left_out: set[str]) -> Iterator[tuple[str, str]]:
    for field in item._meta.concrete_fields:
        is_parent = getattr(field.remote_field, "parent_link", False)
        is_content = field.editable and not field.primary_key and not is_parent
        if is_content and field.name not in left_out:
            yield field.name, _text_of_field(item, field)
    for field in get_all_child_m2m_relations(type(item)):
        yield field.name, ", ".join(str(other) for other in getattr(item, field.name).all())
    for relation in get_all_child_relations(type(item)):
        name = relation.get_accessor_name()
        left = {relation.field.name, "sort_order", "translation_key", "locale"}
        if name not in left_out:
            children = getattr(item, name).all()
            yield name, "\n".join(_line(child, left) for child in children)


def _line(child: models.Model, left_out: set[str]) -> str:
    return "; ".join(text for _name, text in _texts(child, left_out) if text)


def _text_of_field(item: models.Model, field: models.Field) -> str:
    value = getattr(item, field.name)
    if value in (None, "", False):
        return ""
    if field.choices:
        return str(getattr(item, f"get_{field.name}_display")())
    if isinstance(field, RichTextField):
        return from_html(value)
    if isinstance(field, StreamField):
        return "\n".join(_lines(value))
    return "".join(_lines(value))


def _lines(value: object) -> Iterator[str]:
    """Every piece of a block's value that a reader sees or hears of."""
    if isinstance(value, StreamValue):
        for child in value:
            yield from _lines(child.value)
    elif isinstance(value, StructValue):
        for inner in value.values():
            yield from _lines(inner)
    elif isinstance(value, (list, tuple)) or hasattr(value, "bound_blocks"):
        for inner in value:
            yield from _lines(inner)
    elif hasattr(value, "rows") and hasattr(value, "columns"):
        yield " | ".join(str(column["heading"]) for column in value.columns)
        for row in value.rows:
            yield " | ".join("" if cell.value is None else str(cell.value) for cell in row)
    elif text := _text_of(value):
        yield text


def _text_of(value: object) -> str:
    if value in (None, "", False):
        return ""
    if isinstance(value, RichText):
        return from_html(value.source)
    if isinstance(value, datetime):
        return f"{localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, models.Model):
        return f"[{value._meta.verbose_name}: {value}]"
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return str(value)
