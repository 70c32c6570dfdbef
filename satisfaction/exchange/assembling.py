"""What an import read, made into a definition: codes given, conditions resolved, pages divided.

The readers of the formats fill pages with items; everything that both formats share is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.text import fold

from .. import conditions
from ..checks import _CODE as CODE
from ..checks import _SLUG as SLUG
from ..checks import _TAKEN as TAKEN_NAMES
from ..checks import MAX_CODE, problems
from ..exports.columns import FIXED_NAMES
from ..questionnaires import COUNTED, LISTED, RATINGS, Kind, Labels
from ..shape import shape_problems
from .conditions_text import NotUnderstood, parse
from .report import Effect, Report, Taken

MOST_QUESTIONS = 500
# Whether a condition can be met takes up to a second; the builder checks the rest.
MOST_CHECKED = 60
CODE_LENGTH = 14
FLAGS = ("na", "declined", "exclusive", "other")
_NOT_APPLICABLE = {"na", "n/a", "n_a", "not_applicable", "khong_ap_dung"}


@dataclass
class Option:
    """A choice as the file names it; `code` is given to it here."""

    name: str
    labels: Labels
    place: str
    row: int
    flags: dict[str, bool] = field(default_factory=dict)
    code: int = -1

    def as_json(self) -> dict:
        return {"code": self.code, "label": self.labels, **self.flags}


@dataclass
class Item:
    """A question as the file has it. `entries` are those of the definition, but for choices."""

    name: str
    kind: Kind
    labels: Labels
    is_required: bool
    place: str
    row: int
    entries: dict = field(default_factory=dict)
    options: list[Option] | None = None
    relevants: list[str] = field(default_factory=list)
    show_if: dict | None = None
    wanted_code: str = ""
    code: str = ""

    def option(self, name: object) -> Option | None:
        return next((o for o in self.options or [] if o.name == str(name)), None)


@dataclass
class Page:
    name: str
    labels: Labels
    place: str
    row: int
    entries: dict = field(default_factory=dict)
    grids: dict[str, dict] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    relevants: list[str] = field(default_factory=list)
    show_if: dict | None = None
    wanted_code: str = ""


@dataclass
class Whole:
    """What the file says of the questionnaire itself, and all its parts."""

    about: dict
    pages: list[Page]
    scales: dict[str, list[Option]]
    report: Report
    # LimeSurvey names an answer of a multiple choice by question and choice.
    aliases: dict[str, tuple[str, str]] = field(default_factory=dict)


def assemble(whole: Whole) -> Taken:
    """The definition and the report; no definition where anything was refused."""
    report = whole.report
    items = [item for page in whole.pages for item in page.items]
    if not items and not report.is_refused:
        report.add(Effect.REFUSED, "", 0, _("The file has no question that can be taken."))
    if len(items) > MOST_QUESTIONS:
        message = _("The file has more than %(most)d questions.") % {"most": MOST_QUESTIONS}
        report.add(Effect.REFUSED, "", 0, message)
        return Taken(None, report)
    _give_codes(items, report)
    for options in [*whole.scales.values(), *(i.options for i in items if i.kind in LISTED)]:
        give_choice_codes(options or [], report)
    for item in items:
        if item.kind is Kind.RATING:
            give_choice_codes(item.options or [], report, RATINGS)
    if report.is_refused:
        return Taken(None, report)
    definition = _definition(whole, _Resolver(whole, {item.name: item for item in items}))
    for fault in shape_problems(definition):
        report.add(Effect.REFUSED, "", 0, fault)
    if report.is_refused:
        return Taken(None, report)
    return Taken(definition, report)


def tell_what_is_open(definition: dict, report: Report) -> None:
    """What would keep the definition from being published; the database knows the agencies."""
    asking = [s for s in definition["sections"] if "show_if" in s]
    asking += [q for s in definition["sections"] for q in s["questions"] if "show_if" in q]
    if len(asking) > MOST_CHECKED:
        report.add(Effect.OPEN, "", 0, _("There are many conditions: check them in the builder."))
        return
    for fault in problems(definition):
        report.add(Effect.OPEN, "", 0, fault)


def as_code(text: str, taken: set[str]) -> str:
    """A code of ours for a name of theirs; `taken` are codes in small letters."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", _folded_keeping_case(text)).strip("_")
    if not plain or not plain[0].isalpha():
        plain = f"q{plain}"
    plain = plain[:CODE_LENGTH].rstrip("_")
    code, number = plain, 2
    while code.casefold() in taken or code in TAKEN_NAMES:
        suffix = f"_{number}"
        code, number = plain[: CODE_LENGTH - len(suffix)] + suffix, number + 1
    return code


def _folded_keeping_case(text: str) -> str:
    folded = [fold(char) for char in text]
    return "".join(f.upper() if char.isupper() else f for char, f in zip(text, folded, strict=True))


def _give_codes(items: list[Item], report: Report) -> None:
    first: dict[str, Item] = {}
    # The agency's code is the same everywhere.
    taken: set[str] = {"agency"}
    for item in items:
        other = first.setdefault(item.name, item)
        if other is not item:
            told = {"name": item.name, "row": other.row}
            message = _("The code “%(name)s” stands in row %(row)s already.") % told
            report.add(Effect.REFUSED, item.place, item.row, message)
            continue
        item.code = _code_of(item, taken)
        taken.add(item.code.casefold())
        if item.code != (item.wanted_code or item.name):
            told = {"name": item.name, "code": item.code}
            message = _("The code “%(name)s” became “%(code)s”.") % told
            report.add(Effect.CHANGED, item.place, item.row, message)


def _code_of(item: Item, given: set[str]) -> str:
    """An own workbook names the code that a question had; no other takes a column of exports."""
    if item.kind is Kind.AGENCY:
        return "agency"
    wanted = item.wanted_code or item.name
    taken = given if item.wanted_code else given | FIXED_NAMES
    is_free = wanted.casefold() not in taken and wanted not in TAKEN_NAMES
    return wanted if is_free and CODE.fullmatch(wanted) else as_code(wanted, taken)


def give_choice_codes(options: list[Option], report: Report, apart: Iterable[int] = ()) -> None:
    """Names that are whole numbers are the codes; others get the lowest free number."""
    seen: dict[str, Option] = {}
    for option in options:
        other = seen.setdefault(option.name, option)
        if other is not option:
            told = {"name": option.name, "row": other.row}
            message = _("The choice “%(name)s” stands in row %(row)s already.") % told
            report.add(Effect.REFUSED, option.place, option.row, message)
    used = {code for o in options if (code := _number(o.name)) is not None} | set(apart)
    for option in options:
        number = _number(option.name)
        if number is None:
            number = next(n for n in range(1, MAX_CODE + len(options) + 2) if n not in used)
            used.add(number)
            told = {"name": option.name, "code": number}
            message = _("The choice “%(name)s” got the code %(code)d.") % told
            report.add(Effect.CHANGED, option.place, option.row, message)
            _mark_not_applicable(option, report)
        option.code = number


def _mark_not_applicable(option: Option, report: Report) -> None:
    if fold(option.name) in _NOT_APPLICABLE and not option.flags:
        option.flags["na"] = True
        message = _("“%(name)s” is taken as “does not apply”: it is in no denominator.")
        report.add(Effect.CHANGED, option.place, option.row, message % {"name": option.name})


def _number(name: str) -> int | None:
    return int(name) if re.fullmatch(r"0|[1-9][0-9]{0,2}", name, re.ASCII) else None


@dataclass
class _Resolver:
    """Turns the file's conditions into ours."""

    whole: Whole
    items: dict[str, Item]
    # Codes of the questions that stand before the one whose condition is read.
    earlier: set[str] = field(default_factory=set)

    def tree(self, part: Page | Item, texts: list[str]) -> dict | None:
        """All of the texts must hold; what is not understood is left out and told."""
        trees = []
        for text in texts:
            try:
                tree = parse(text, self.compared)
                if tree is not None:
                    conditions.read(tree)
                    trees.append(tree)
            except (NotUnderstood, conditions.MalformedCondition) as fault:
                told = {"text": text[:200], "fault": str(fault)}
                message = _(
                    "The condition “%(text)s” is left out, so everybody is asked: %(fault)s"
                )
                self.whole.report.add(Effect.LEFT_OUT, part.place, part.row, message % told)
        if not trees:
            return None
        return trees[0] if len(trees) == 1 else {"op": "and", "of": trees}

    def tell_what_comes_later(self, part: Page | Item, tree: dict | None) -> None:
        """A condition in a circle, or of itself, can never be met: the editor has to mend it."""
        asked = conditions.questions(conditions.read(tree)) if tree else frozenset()
        for code in sorted(asked - self.earlier):
            message = _(
                "The condition asks for “%(code)s”, which is not asked before: change the order, "
                "or the condition."
            )
            self.whole.report.add(Effect.OPEN, part.place, part.row, message % {"code": code})

    def compared(self, operator: str, name: str, value: object) -> dict:
        if name in self.whole.aliases:
            return self._alias(operator, name, value)
        item = self.items.get(name)
        if item is None:
            raise NotUnderstood(_("“%(name)s” is not in the file or was left out") % {"name": name})
        if item.kind not in COUNTED:
            told = {"name": name}
            raise NotUnderstood(_("“%(name)s” has no code, number or day to ask for") % told)
        if value == "":
            answered = {"op": "answered", "question": item.code}
            return _told(operator, answered, {"op": "not", "of": answered})
        if item.kind in (Kind.NUMBER, Kind.DATE):
            return _sized(operator, item, _size(item, value))
        if operator in ("=", "!="):
            chosen = {"op": "is", "question": item.code, "codes": [self._code(item, value)]}
            return _told(operator, {"op": "not", "of": chosen}, chosen)
        if item.kind in (Kind.MULTIPLE, Kind.RANKING):
            raise NotUnderstood(_("“%(name)s” is not more or less than anything") % {"name": name})
        return _sized(operator, item, self._code(item, value))

    def _alias(self, operator: str, name: str, value: object) -> dict:
        question, choice = self.whole.aliases[name]
        item = self.items.get(question)
        option = item.option(choice) if item else None
        if option is None or value not in ("Y", "") or operator not in ("=", "!="):
            raise NotUnderstood(_("“%(name)s” is not in the file or was left out") % {"name": name})
        chosen = {"op": "is", "question": item.code, "codes": [option.code]}
        is_meant = (value == "Y") == (operator == "=")
        return chosen if is_meant else {"op": "not", "of": chosen}

    def _code(self, item: Item, value: object) -> int:
        options = self.whole.scales.get(item.entries.get("scale", ""), item.options or [])
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        found = next((option.code for option in options if option.name == text), None)
        if found is None and item.kind is Kind.RATING and _number(text) in RATINGS:
            found = int(text)
        if found is None:
            told = {"name": item.name, "value": text}
            raise NotUnderstood(_("“%(name)s” has no choice “%(value)s”") % told)
        return found


def _told(operator: str, unequal: dict, equal: dict) -> dict:
    if operator not in ("=", "!="):
        raise NotUnderstood(_("“%(part)s” is not understood") % {"part": operator})
    return equal if operator == "=" else unequal


def _size(item: Item, value: object) -> object:
    if item.kind is Kind.DATE:
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise NotUnderstood(_("“%(part)s” is no day") % {"part": value}) from None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", value, re.ASCII):
        return float(value) if "." in value else int(value)
    if not conditions.is_number(value):
        raise NotUnderstood(_("“%(part)s” is no number") % {"part": value})
    return value


def _sized(operator: str, item: Item, value: object) -> dict:
    def bound(op: str) -> dict:
        return {"op": op, "question": item.code, "value": value}

    answered = {"op": "answered", "question": item.code}
    equal = {"op": "and", "of": [bound("at_least"), bound("at_most")]}
    return {
        "=": equal,
        "!=": {"op": "not", "of": equal},
        ">=": bound("at_least"),
        "<=": bound("at_most"),
        # Who did not answer is neither above nor below.
        ">": {"op": "and", "of": [answered, {"op": "not", "of": bound("at_most")}]},
        "<": {"op": "and", "of": [answered, {"op": "not", "of": bound("at_least")}]},
    }[operator]


def _definition(whole: Whole, resolver: _Resolver) -> dict:
    codes: set[str] = set()
    slugs: set[str] = set()
    sections = []
    for page in whole.pages:
        if not page.items:
            message = _("The page “%(name)s” has no question and is left out.")
            told = {"name": page.name or page.labels.get("vi", "")}
            whole.report.add(Effect.LEFT_OUT, page.place, page.row, message % told)
            continue
        for part in _parts(page, resolver):
            sections.append(_section(page, part, whole.report, codes, slugs))
    scales = {
        name: {"choices": [option.as_json() for option in options]}
        for name, options in whole.scales.items()
    }
    return {**whole.about, **({"scales": scales} if scales else {}), "sections": sections}


@dataclass
class _Part:
    """The page, or a piece of it; questions with their conditions."""

    show_if: dict | None
    questions: list[dict] = field(default_factory=list)


def _parts(page: Page, resolver: _Resolver) -> Iterator[_Part]:
    """Conditions ask only for earlier pages: where one asks for its own page, a new one begins."""
    show_if = page.show_if or resolver.tree(page, page.relevants)
    resolver.tell_what_comes_later(page, show_if)
    part, here = _Part(show_if), set()
    for item in page.items:
        condition = item.show_if or resolver.tree(item, item.relevants)
        resolver.tell_what_comes_later(item, condition)
        resolver.earlier.add(item.code)
        asked = conditions.questions(conditions.read(condition)) if condition else frozenset()
        if asked & here:
            yield part
            part, here = _Part(show_if), set()
            message = _(
                "A new page begins at “%(name)s”: its condition asks for an answer of the same "
                "page, and conditions ask for earlier pages only."
            )
            told = {"name": item.name}
            resolver.whole.report.add(Effect.CHANGED, item.place, item.row, message % told)
        part.questions.append(_question(item, condition))
        here.add(item.code)
    yield part


def _question(item: Item, condition: dict | None) -> dict:
    made = {
        "code": item.code,
        "type": item.kind.value,
        "label": item.labels,
        "required": item.is_required,
        **item.entries,
    }
    if item.kind in LISTED or (item.kind is Kind.RATING and item.options):
        made["choices"] = [option.as_json() for option in item.options or []]
    if condition:
        made["show_if"] = condition
    return made


def _section(page: Page, part: _Part, report: Report, codes: set[str], slugs: set[str]) -> dict:
    wanted = page.wanted_code or page.name
    is_fit = CODE.fullmatch(wanted) and wanted.casefold() not in codes
    code = wanted if is_fit else as_code(wanted or "S1", codes)
    codes.add(code.casefold())
    if wanted and code != wanted:
        message = _("The page “%(name)s” has the code “%(code)s”.")
        told = {"name": wanted, "code": code}
        report.add(Effect.CHANGED, page.place, page.row, message % told)
    entries = {name: entry for name, entry in page.entries.items() if name != "slug"}
    used = {question["grid"] for question in part.questions if "grid" in question}
    grids = {name: grid for name, grid in page.grids.items() if name in used}
    return {
        "code": code,
        "slug": _slug(page.entries.get("slug") or page.labels["vi"] or code, code, slugs),
        "title": page.labels,
        **entries,
        **({"grids": grids} if grids else {}),
        **({"show_if": part.show_if} if part.show_if else {}),
        "questions": part.questions,
    }


def _slug(wanted: str, code: str, slugs: set[str]) -> str:
    plain = wanted if SLUG.fullmatch(wanted) else slugify(fold(wanted).replace("_", "-"))[:40]
    plain = plain.strip("-") or code.lower().replace("_", "-")
    slug, number = plain, 2
    while slug in slugs:
        slug, number = f"{plain}-{number}", number + 1
    slugs.add(slug)
    return slug
