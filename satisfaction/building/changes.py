"""What a definition changes of an earlier one: every word by its place, and every meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext as _

from ..questionnaires import Choice, Question, Questionnaire, in_language, read
from ..versions import meaning_of
from .structure import Definition, Part, questions


class ChangeKind(Enum):
    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"
    REWORDED = "reworded"
    MOVED = "moved"


@dataclass(frozen=True)
class Rewording:
    """One text at its place, such as "Q3.label.vi"; "" where there was or is none."""

    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """`what` is the thing in words; `notes` say what of it is another now."""

    kind: ChangeKind
    code: str
    what: str
    notes: list[str] = field(default_factory=list)


def texts(definition: Definition) -> dict[str, str]:
    """Every text that people read, by its place. Codes stand in the places, never words."""
    found: dict[str, str] = {
        "basis": definition["basis"],
        "index.basis": definition["index"]["basis"],
    }
    for name in ("title", "intro"):
        found |= _in_languages(name, definition[name])
    for name, scale in definition.get("scales", {}).items():
        found |= _of_choices(name, scale["choices"])
    for section in definition["sections"]:
        found |= _in_languages(f"{section['code']}.title", section["title"])
        for code, grid in section.get("grids", {}).items():
            found |= _in_languages(f"{section['code']}.{code}.label", grid["label"])
    for section, question in questions(definition):
        found |= _of_question(f"{section['code']}.{question['code']}", question)
    return found


def _of_question(place: str, question: Part) -> dict[str, str]:
    found = _in_languages(f"{place}.label", question["label"])
    for name in ("hint", "unit"):
        found |= _in_languages(f"{place}.{name}", question.get(name, {}))
    for end, labels in question.get("ends", {}).items():
        found |= _in_languages(f"{place}.{end}", labels)
    return found | _of_choices(place, question.get("choices", []))


def _of_choices(place: str, rows: list[Part]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        found |= _in_languages(f"{place}.{row['code']}", row["label"])
    return found


def _in_languages(place: str, labels: dict[str, str]) -> dict[str, str]:
    return {f"{place}.{language}": text for language, text in labels.items() if text}


def rewordings(old: Definition, new: Definition) -> list[Rewording]:
    """Texts that are others now, of what stands in both."""
    before, after = texts(old), texts(new)
    bases = _bases(before) & _bases(after)
    return [
        Rewording(place, before.get(place, ""), after.get(place, ""))
        for place in [*before, *(place for place in after if place not in before)]
        if before.get(place, "") != after.get(place, "")
        and (place.rpartition(".")[0] in bases or "." not in place or place == "index.basis")
    ]


def _bases(found: dict[str, str]) -> set[str]:
    """Places without their language; hints and units may come and go."""
    bases = {place.rpartition(".")[0] for place in found}
    owners = {base.rpartition(".")[0] for base in bases if base.endswith(".label")}
    return bases | {f"{owner}.{name}" for owner in owners for name in ("hint", "unit")}


def changes(old: Definition, new: Definition) -> list[Change]:
    """In words, thing by thing: what is new, gone, of another meaning, reworded, moved."""
    before, after = read(old), read(new)
    reworded = _owners(rewordings(old, new), old)
    found = [
        *_of_sections(before, after, reworded),
        *_of_questions(before, after, reworded),
        *_of_index(before, after),
    ]
    for owner in sorted(reworded - {change.code for change in found}):
        found.append(Change(ChangeKind.REWORDED, owner, _named(owner, after)))
    order = list(ChangeKind)
    return sorted(found, key=lambda change: order.index(change.kind))


def _owners(made: list[Rewording], definition: Definition) -> set[str]:
    """What each rewording belongs to: a question, a section, a scale, or the whole ("")."""
    asked = {question["code"] for _section, question in questions(definition)}
    parts = {section["code"] for section in definition["sections"]}
    found = set()
    for rewording in made:
        steps = rewording.place.split(".")
        if len(steps) > 2 and steps[0] in parts and steps[1] in asked and steps[1] != "title":
            found.add(f"{steps[0]}.{steps[1]}")
        elif steps[0] in parts or steps[0] in definition.get("scales", {}):
            found.add(steps[0])
        else:
            found.add("")
    return found


def _named(owner: str, questionnaire: Questionnaire) -> str:
    _section, _dot, question_code = owner.partition(".")
    if question_code:
        return next(
            (question_name(q) for q in questionnaire.questions() if q.code == question_code), owner
        )
    for section in questionnaire.sections:
        if section.code == owner:
            return _("Section “%(title)s”") % {"title": section.title}
    return _("Scale %(name)s") % {"name": owner} if owner else _("Title, introduction, basis")


def question_name(question: Question) -> str:
    return _("%(code)s “%(label)s”") % {"code": question.code, "label": question.label}


def _of_sections(
    before: Questionnaire, after: Questionnaire, reworded: set[str]
) -> Iterator[Change]:
    old = {section.code: section for section in before.sections}
    new = {section.code: section for section in after.sections}
    for code, section in new.items():
        what = _("Section “%(title)s”") % {"title": section.title}
        if code not in old:
            yield Change(ChangeKind.ADDED, code, what)
            continue
        notes = []
        if section.show_if != old[code].show_if:
            notes.append(_("it is shown under another condition"))
        if section.is_scored != old[code].is_scored:
            notes.append(_("it counts as a criterion of the index, or no longer does"))
        if notes:
            yield Change(ChangeKind.ALTERED, code, what, notes)
        elif code in reworded:
            yield Change(ChangeKind.REWORDED, code, what)
    for code, section in old.items():
        if code not in new:
            yield Change(
                ChangeKind.REMOVED, code, _("Section “%(title)s”") % {"title": section.title}
            )
    kept_old = [code for code in old if code in new]
    if kept_old != [code for code in new if code in old]:
        yield Change(ChangeKind.MOVED, "", _("Sections stand in another order"))


def _of_questions(
    before: Questionnaire, after: Questionnaire, reworded: set[str]
) -> Iterator[Change]:
    old, new = _placed(before), _placed(after)
    for code, (part, question) in new.items():
        if code not in old:
            yield Change(ChangeKind.ADDED, code, question_name(question))
            continue
        notes = _altered(old[code][1], question)
        if notes:
            yield Change(ChangeKind.ALTERED, code, question_name(question), notes)
        elif part != old[code][0]:
            yield Change(ChangeKind.MOVED, code, question_name(question))
        elif f"{part}.{code}" in reworded:
            yield Change(ChangeKind.REWORDED, f"{part}.{code}", question_name(question))
    for code, (_part, question) in old.items():
        if code not in new:
            yield Change(ChangeKind.REMOVED, code, question_name(question))
    yield from _reordered(before, after)


def _reordered(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    order = {section.code: [q.code for q in section.questions] for section in before.sections}
    for section in after.sections:
        codes = [q.code for q in section.questions]
        earlier = order.get(section.code, [])
        if [c for c in codes if c in earlier] != [c for c in earlier if c in codes]:
            yield Change(
                ChangeKind.MOVED,
                section.code,
                _("Questions of “%(title)s” stand in another order") % {"title": section.title},
            )


def _placed(questionnaire: Questionnaire) -> dict[str, tuple[str, Question]]:
    return {
        question.code: (section.code, question)
        for section in questionnaire.sections
        for question in section.questions
    }


def _altered(old: Question, new: Question) -> list[str]:
    """What of a question's meaning is another now."""
    if meaning_of(old) == meaning_of(new):
        return []
    told = []
    if old.type is not new.type:
        told.append(_("it is a question of another kind"))
    if old.required != new.required:
        told.append(_("an answer is required now") if new.required else _("it may be skipped now"))
    if old.show_if != new.show_if:
        told.append(_("it is shown under another condition"))
    if (old.low, old.high, old.decimals) != (new.low, new.high, new.decimals):
        told.append(_("it has other bounds"))
    if old.units != new.units:
        told.append(_("it is answered in another unit"))
    return told + _altered_choices(old, new)


def _altered_choices(old: Question, new: Question) -> list[str]:
    before = {choice.code: choice for choice in old.choices}
    after = {choice.code: choice for choice in new.choices}
    told = [
        _("new choice “%(choice)s”") % {"choice": in_language(choice.labels)}
        for code, choice in after.items()
        if code not in before
    ]
    told += [
        _("choice “%(choice)s” is gone") % {"choice": in_language(choice.labels)}
        for code, choice in before.items()
        if code not in after
    ]
    told += [
        _("choice “%(choice)s” is of another kind") % {"choice": in_language(choice.labels)}
        for code, choice in after.items()
        if code in before and _flags(choice) != _flags(before[code])
    ]
    if not told and list(before) != list(after):
        told.append(_("its choices stand in another order"))
    return told


def _flags(choice: Choice) -> tuple[bool, ...]:
    return choice.is_na, choice.is_declined, choice.is_exclusive, choice.is_other


def _of_index(before: Questionnaire, after: Questionnaire) -> Iterator[Change]:
    old, new = before.index, after.index
    notes = []
    if old.items != new.items:
        added = ", ".join(code for code in new.items if code not in old.items) or "–"
        gone = ", ".join(code for code in old.items if code not in new.items) or "–"
        told = {"added": added, "gone": gone}
        notes.append(_("items added: %(added)s; taken out: %(gone)s") % told)
    if old.satisfied != new.satisfied:
        notes.append(_("other levels count as satisfied"))
    if old.decimals != new.decimals:
        notes.append(_("it is rounded to another number of decimals"))
    if notes:
        yield Change(ChangeKind.ALTERED, "index", _("The index"), notes)
    if before.agency != after.agency:
        yield Change(ChangeKind.ALTERED, "agency", _("The agency that every answer is about"))
