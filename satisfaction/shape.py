"""Whether a definition has the form of a questionnaire: entries, their kinds, nothing unknown.

What passes here can be read into objects; whether those make sense is for `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from .conditions import MalformedCondition, is_number
from .conditions import read as read_condition
from .questionnaires import LISTED, Kind

Check = Callable[[object], bool]


def _text(entry: object) -> bool:
    return isinstance(entry, str) and bool(entry.strip())


def _labels(entry: object) -> bool:
    """Vietnamese stands; other languages may still be empty."""
    if not isinstance(entry, dict) or not _text(entry.get("vi")):
        return False
    return all(isinstance(text, str) for text in entry.values())


def _flag(entry: object) -> bool:
    return isinstance(entry, bool)


def _whole(entry: object) -> bool:
    return type(entry) is int and entry >= 0


def _wholes(entry: object) -> bool:
    return isinstance(entry, list) and all(map(_whole, entry))


def _texts(entry: object) -> bool:
    return isinstance(entry, list) and all(map(_text, entry))


def _day(entry: object) -> bool:
    try:
        return isinstance(entry, str) and bool(date.fromisoformat(entry))
    except ValueError:
        return False


def _list(entry: object) -> bool:
    return isinstance(entry, list)


def _named(entry: object) -> bool:
    return isinstance(entry, dict)


def _condition(entry: object) -> bool:
    """Read with its place in `_questions` and `_sections`: it has a message of its own."""
    return entry is not None


def _kind(entry: object) -> bool:
    return entry in list(Kind)


# Entries that must stand, and those that may.
Table = tuple[dict[str, Check], dict[str, Check]]

DEFINITION: Table = (
    {"title": _labels, "intro": _labels, "basis": _text, "sections": _list, "index": _named},
    {"code": _text, "scales": _named, "agency": _text},
)
INDEX: Table = (
    {
        "version": _text,
        "items": _texts,
        "satisfied": _wholes,
        "decimals": _whole,
        "basis": _text,
    },
    {"pooling": _text, "name": _labels},
)
SCALE: Table = ({"choices": _list}, {})
CHOICE: Table = (
    {"code": _whole, "label": _labels},
    {"na": _flag, "declined": _flag, "exclusive": _flag, "other": _flag},
)
GRID: Table = ({"label": _labels}, {})
IMPORTANCE: Table = ({"part": _text, "most": _wholes}, {})
ENDS: Table = ({"low": _labels, "high": _labels}, {})
SECTION: Table = (
    {"code": _text, "slug": _text, "title": _labels, "questions": _list},
    {"scored": _flag, "show_if": _condition, "grids": _named, "shuffle": _flag},
)
_EVERY: dict[str, Check] = {"code": _text, "type": _kind, "label": _labels, "required": _flag}
_MAY: dict[str, Check] = {"hint": _labels, "show_if": _condition}
_OF_KIND: dict[Kind, Table] = {
    Kind.AGENCY: ({}, {}),
    Kind.SCALE: ({"scale": _text}, {"grid": _text, "importance_of": _named}),
    Kind.SINGLE: ({"choices": _list}, {"shuffle": _flag}),
    Kind.MULTIPLE: ({"choices": _list}, {"shuffle": _flag, "min": _whole, "max": _whole}),
    Kind.RATING: ({}, {"choices": _list, "ends": _named}),
    Kind.RANKING: ({"choices": _list}, {"shuffle": _flag}),
    Kind.NUMBER: ({}, {"min": is_number, "max": is_number, "decimals": _whole, "unit": _labels}),
    Kind.DATE: ({}, {"min": _day, "max": _day}),
    Kind.SHORT: ({"max_length": _whole}, {}),
    Kind.TEXT: ({"max_length": _whole}, {}),
}


def shape_problems(definition: object) -> list[str]:
    """What keeps a definition from being read, each with its place."""
    found = list(_entries(_("questionnaire"), definition, DEFINITION))
    if found:
        return found
    found += _entries(_("index"), definition["index"], INDEX)
    for name, scale in definition.get("scales", {}).items():
        place = _("scale %(name)s") % {"name": name}
        found += _nested(place, scale, SCALE, "choices", CHOICE)
    for number, section in enumerate(definition["sections"], 1):
        found += _section(number, section, definition.get("scales", {}))
    return found


def _entries(place: str, data: object, table: Table) -> Iterator[str]:
    if not isinstance(data, dict):
        yield _("%(place)s: entries are missing") % {"place": place}
        return
    must, may = table
    for name in must:
        if name not in data:
            yield _("%(place)s: “%(name)s” is missing") % {"place": place, "name": name}
    for name, entry in data.items():
        check = must.get(name) or may.get(name)
        if check is None:
            yield _("%(place)s: unknown entry “%(name)s”") % {"place": place, "name": name}
        elif not check(entry):
            yield _fault(place, name, check)


def _fault(place: str, name: str, check: Check) -> str:
    told = {"place": place, "name": name}
    if check is _labels:
        return _("%(place)s: “%(name)s” has no Vietnamese words") % told
    if check is _kind:
        return _("%(place)s: unknown kind of question") % told
    return _("%(place)s: “%(name)s” cannot hold this") % told


def _nested(place: str, data: object, table: Table, name: str, inner: Table) -> Iterator[str]:
    """A thing and the list it holds."""
    found = list(_entries(place, data, table))
    yield from found
    if isinstance(data, dict) and isinstance(data.get(name), list):
        for number, entry in enumerate(data[name], 1):
            at = _("%(place)s, choice %(number)d") % {"place": place, "number": number}
            yield from _entries(at, entry, inner)


def _section(number: int, data: object, scales: dict) -> Iterator[str]:
    code = data.get("code") if isinstance(data, dict) else None
    place = code if _text(code) else _("section %(number)d") % {"number": number}
    found = list(_entries(place, data, SECTION))
    yield from found
    if found:
        return
    yield from _condition_faults(place, data)
    for name, grid in data.get("grids", {}).items():
        yield from _entries(f"{place}.{name}", grid, GRID)
    for position, question in enumerate(data["questions"], 1):
        yield from _question(place, position, question, scales)


def _question(section: str, number: int, data: object, scales: dict) -> Iterator[str]:
    code = data.get("code") if isinstance(data, dict) else None
    named = code if _text(code) else _("question %(number)d") % {"number": number}
    place = f"{section}.{named}"
    if isinstance(data, dict) and "type" in data and not _kind(data["type"]):
        yield _fault(place, "type", _kind)
        return
    must, may = _OF_KIND.get(data.get("type") if isinstance(data, dict) else None, ({}, {}))
    found = list(_nested(place, data, (_EVERY | must, _MAY | may), "choices", CHOICE))
    yield from found
    if found:
        return
    yield from _condition_faults(place, data)
    if "ends" in data:
        yield from _entries(place, data["ends"], ENDS)
    if "importance_of" in data:
        yield from _entries(place, data["importance_of"], IMPORTANCE)
    if "scale" in data and data["scale"] not in scales:
        yield _("%(place)s: unknown scale “%(name)s”") % {"place": place, "name": data["scale"]}
    if data["type"] in LISTED and not data["choices"]:
        yield _("%(place)s: there is nothing to choose from") % {"place": place}


def _condition_faults(place: str, data: dict) -> Iterator[str]:
    if "show_if" not in data:
        return
    try:
        read_condition(data["show_if"])
    except MalformedCondition as fault:
        yield f"{place}: {fault}"
