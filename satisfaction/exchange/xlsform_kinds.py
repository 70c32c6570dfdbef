"""Types of XLSForm and the kinds of question that they are here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..questionnaires import Kind

# What each type may be here; the first is what it is where nothing else is said.
ALLOWED: dict[str, tuple[Kind, ...]] = {
    "select_one": (Kind.SINGLE, Kind.SCALE, Kind.RATING),
    "select_multiple": (Kind.MULTIPLE,),
    "rank": (Kind.RANKING,),
    "range": (Kind.RATING, Kind.NUMBER),
    "integer": (Kind.NUMBER,),
    "decimal": (Kind.NUMBER,),
    "date": (Kind.DATE,),
    "text": (Kind.SHORT, Kind.TEXT, Kind.AGENCY),
}
BASES = frozenset(ALLOWED)
CHOOSING = frozenset({"select_one", "select_multiple", "rank"})
META = frozenset({
    "start", "end", "today", "deviceid", "phonenumber", "username", "email", "simserial",
    "subscriberid", "audit", "calculate", "hidden", "start-geopoint", "background-audio",
    "xml-external", "csv-external",
})  # fmt: skip
_MEDIA = _("“%(type)s” asks for a file or a place, which surveys here do not take.")
_FROM_FILE = _("“%(type)s” takes its choices from another file, which is not here.")
UNKNOWN_HERE = {
    **dict.fromkeys(
        ("image", "audio", "video", "file", "barcode", "geopoint", "geotrace", "geoshape"), _MEDIA
    ),
    **dict.fromkeys(
        ("select_one_from_file", "select_multiple_from_file", "select_one_external"), _FROM_FILE
    ),
    "time": _("“%(type)s” asks for a time of day, which surveys here do not take."),
    "dateTime": _("“%(type)s” asks for a time of day, which surveys here do not take."),
    "acknowledge": _("“%(type)s” is no question: it is left out."),
}
_ALIASES = {
    "select one": "select_one",
    "select one from": "select_one",
    "select1": "select_one",
    "select multiple": "select_multiple",
    "select all that apply": "select_multiple",
    "select all that apply from": "select_multiple",
    "int": "integer",
    "string": "text",
    "begin group": "begin_group",
    "end group": "end_group",
    "begin repeat": "begin_repeat",
    "end repeat": "end_repeat",
    "datetime": "dateTime",
    "photo": "image",
    "location": "geopoint",
}


def base_of(text: str) -> tuple[str, list[str]]:
    """ "select one yes_no or_other" → ("select_one", ["yes_no", "or_other"])."""
    words = text.replace("\u00a0", " ").split()
    plain = " ".join(words)
    for alias in sorted(_ALIASES, key=len, reverse=True):
        if plain.casefold() == alias or plain.casefold().startswith(alias + " "):
            rest = plain[len(alias) :].split()
            return _ALIASES[alias], _without_spaces(rest)
    base = words[0] if words[0] == "dateTime" else words[0].casefold()
    return base, _without_spaces(words[1:])


def _without_spaces(arguments: list[str]) -> list[str]:
    """ "or other" and "or specify other" are one word."""
    text = " ".join(arguments)
    for tail in (" or specify other", " or other"):
        if text.casefold().endswith(tail):
            return [*text[: -len(tail)].split(), "or_other"]
    return arguments


def kind_of(base: str, appearances: list[str], is_scale: bool) -> Kind:
    if base == "select_one" and (is_scale or "likert" in appearances):
        return Kind.SCALE
    if base == "text" and "multiline" in appearances:
        return Kind.TEXT
    return ALLOWED[base][0]
