"""Where in a questionnaire a text stands, in words: section, question, what of it, language."""

from __future__ import annotations

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .structure import Definition, Part

_BETWEEN = " › "
_WHOLE: dict[str, str | Promise] = {
    "basis": gettext_lazy("Legal basis of the survey"),
    "index.basis": gettext_lazy("Legal basis of the index"),
}
_TEXTS: dict[str, str | Promise] = {
    "title": gettext_lazy("title"),
    "intro": gettext_lazy("introduction"),
    "label": gettext_lazy("question"),
    "hint": gettext_lazy("help text"),
    "unit": gettext_lazy("unit"),
    "low": gettext_lazy("words at the low end"),
    "high": gettext_lazy("words at the high end"),
}


class Places:
    """The places of one definition (see `changes.texts`), each told once asked for."""

    def __init__(self, definition: Definition) -> None:
        self.sections = {section["code"]: section for section in definition["sections"]}
        self.scales = definition.get("scales", {})

    def in_words(self, place: str) -> str:
        """Never a bare code where the thing is known; the place itself where nothing is."""
        if place in _WHOLE:
            return str(_WHOLE[place])
        rest, _dot, language = place.rpartition(".")
        steps = rest.split(".")
        told = self._of(steps)
        return _BETWEEN.join(told) + f" ({_language(language)})" if told else place

    def _of(self, steps: list[str]) -> list[str]:
        if len(steps) == 1:
            return [str(_TEXTS[steps[0]]).capitalize()] if steps[0] in _TEXTS else []
        section = self.sections.get(steps[0])
        if section is None:
            return self._of_scale(*steps) if len(steps) == 2 else []
        named = _("Section “%(title)s”") % {"title": _words(section["title"])}
        if steps[1:] == ["title"]:
            return [named, str(_TEXTS["title"])]
        if len(steps) != 3:
            return []
        return [named, *self._inside(section, steps[1], steps[2])]

    def _of_scale(self, name: str, code: str) -> list[str]:
        if name not in self.scales:
            return []
        return [_("Scale %(name)s") % {"name": name}, _choice(self.scales[name], code)]

    def _inside(self, section: Part, code: str, name: str) -> list[str]:
        grid = section.get("grids", {}).get(code)
        if grid is not None and name == "label":
            return [_("Heading of the grid “%(label)s”") % {"label": _words(grid["label"])}]
        question = next((q for q in section["questions"] if q["code"] == code), None)
        if question is None:
            return [code]
        told = _("%(code)s “%(label)s”") % {"code": code, "label": _words(question["label"])}
        return [told, str(_TEXTS[name]) if name in _TEXTS else _choice(question, name)]


def _words(labels: dict[str, str], most: int = 60) -> str:
    text = labels.get("vi") or next(iter(labels.values()), "")
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _choice(part: Part, code: str) -> str:
    rows = part.get("choices", [])
    label = next((_words(row["label"]) for row in rows if str(row["code"]) == code), "")
    return _("choice %(code)s “%(label)s”") % {"code": code, "label": label}


def _language(code: str) -> str:
    """As people who speak it call it."""
    return dict(settings.LANGUAGES).get(code, code)
