"""Columns of XLSForm sheets: their names and languages, those of other tools among them."""

from __future__ import annotations

import re

from portal.text import fold

# What only this portal understands; other tools ignore such columns. On the sheet of choices
# they take a "::" for a language, so the prefix is another there; read, both are one.
OWN = "cchc::"
OWN_OF_CHOICES = "cchc_"
LANGUAGES = {"vi": "Tiếng Việt (vi)", "en": "English (en)"}
_KNOWN = {"tieng viet": "vi", "vietnamese": "vi", "viet": "vi", "english": "en", "tieng anh": "en"}
_IN_BRACKETS = re.compile(r"\(([a-z]{2})\)\s*$")
_ALIASES = {
    "relevance": "relevant",
    "caption": "label",
    "list name": "list_name",
    "list-name": "list_name",
    "value": "name",
    "read only": "read_only",
    "readonly": "read_only",
    "form title": "form_title",
    "title": "form_title",
    "form id": "form_id",
    "id_string": "form_id",
    "set form title": "form_title",
    "set form id": "form_id",
    "default language": "default_language",
}
TRUE = {"yes", "true", "true()", "1", "có", "x"}
FALSE = {"", "no", "false", "false()", "0", "không"}


def heading(words: str, language: str) -> str:
    return f"{words}::{LANGUAGES.get(language, f'{language} ({language})')}"


def language_of(text: str) -> str | None:
    """The two letters of a language as XLSForms name it, or None."""
    plain = " ".join(text.split()).casefold()
    match = _IN_BRACKETS.search(plain)
    if match:
        return match[1]
    known = _KNOWN.get(fold(plain))
    return known or (plain if re.fullmatch("[a-z]{2}", plain) else None)


def canonical(header: str, default: str) -> str | None:
    """The one name of a heading, "label::en" for "label::English (en)"; None: a language not known.

    Words without a language are those of the form's default language.
    """
    parts = [part.strip() for part in re.split(r"::|(?<=^label):|(?<=^hint):", header.strip())]
    if parts[0].casefold().startswith(OWN_OF_CHOICES):
        parts = ["cchc", parts[0][len(OWN_OF_CHOICES) :], *parts[1:]]
    own = parts[0].casefold() == "cchc"
    if own:
        parts = parts[1:] or [""]
    name = parts[0].casefold().replace("\u00a0", " ")
    name = name if own else _ALIASES.get(name, name)
    translated = name in _TRANSLATED
    if translated:
        language = language_of(parts[1]) if len(parts) > 1 else default
        if language is None:
            return None
        name = f"{name}::{language}"
    elif len(parts) > 1:
        name = "::".join([name, *(part.casefold() for part in parts[1:])])
    return f"{OWN}{name}" if own else name


_TRANSLATED = {
    "label", "hint", "constraint_message", "required_message", "guidance_hint", "image", "audio",
    "video", "unit", "low", "high", "title", "intro", "category",
    "index_name",
}  # fmt: skip
