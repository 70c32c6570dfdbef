"""Faults of a draft, each with the page of the builder where it is mended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from ..checks import problems
from .structure import Definition, Part, questions

_PLACE = re.compile(r"([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?: ", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """`url` leads to where it is mended; `place` says in words where that is."""

    text: str
    place: str
    url: str
    code: str = ""


def faults(survey_id: int, definition: Definition) -> list[Fault]:
    return [_placed(survey_id, definition, text) for text in problems(definition)]


def _placed(survey_id: int, definition: Definition, text: str) -> Fault:
    if text.startswith(_("index") + ": "):
        return Fault(_message(text), _("Index"), reverse("build_index", args=[survey_id]))
    found = _PLACE.match(text)
    if found:
        for section in definition["sections"]:
            if section["code"] == found[1]:
                rest = text[found.end() :]
                return _in_section(survey_id, section, found[2], rest)
    for name in definition.get("scales", {}):
        if text.startswith(_("scale %(name)s") % {"name": name}):
            url = reverse("build_scale", args=[survey_id, name])
            return Fault(_message(text), _("Scale %(name)s") % {"name": name}, url)
    return Fault(_capital(text), _("Questionnaire"), reverse("build_about", args=[survey_id]))


def _in_section(survey_id: int, section: Part, code: str | None, rest: str) -> Fault:
    title = section["title"]["vi"]
    for row in section["questions"]:
        if row["code"] == code:
            place = _("%(section)s › %(question)s") % {
                "section": title,
                "question": row["label"]["vi"],
            }
            url = reverse("build_question", args=[survey_id, code])
            return Fault(_capital(rest), place, url, code)
    url = reverse("build_section", args=[survey_id, section["code"]])
    return Fault(_capital(rest), title, url, section["code"])


def _message(text: str) -> str:
    return _capital(text.partition(": ")[2] or text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def without_english(definition: Definition) -> list[str]:
    """Codes of what an English reader will see in Vietnamese."""
    found = []
    for section in definition["sections"]:
        if not section["title"].get("en"):
            found.append(section["code"])
    for _section, question in questions(definition):
        labels = [question["label"], *(row["label"] for row in question.get("choices", []))]
        if not all(words.get("en") for words in labels):
            found.append(question["code"])
    return found
