"""XLSForm (.xlsx, the convention of ODK and Kobo) read as a definition, with a report by rows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .. import conditions
from ..questionnaires import RATINGS, Kind, Labels
from .about import about
from .assembling import Item, Option, Page, Whole, assemble
from .columns import FALSE, OWN, TRUE, language_of
from .conditions_text import Asked, written
from .constraints import Bounds, read_constraint
from .report import Effect, Taken, UnreadableFile, refusal
from .workbook import Row, read_workbook
from .xlsform_kinds import (
    ALLOWED,
    BASES,
    CHOOSING,
    META,
    UNKNOWN_HERE,
    base_of,
    kind_of,
)
from .xlsform_sheets import CHOICES, SETTINGS, SURVEY, WORDS, Sheets

_TEXT_LENGTH = {Kind.SHORT: 200, Kind.TEXT: 2000}
_OTHER_WORDS = re.compile(r"(other|specify|khac|khác|ghi_ro)$", re.IGNORECASE)


def read_xlsform(content: bytes) -> Taken:
    """A dry run: nothing is stored and nothing is evaluated."""
    try:
        sheets = read_workbook(content, frozenset({SURVEY, CHOICES, SETTINGS}))
        return _Reader(sheets).taken()
    except UnreadableFile as fault:
        return refusal(fault)


@dataclass
class _Group:
    """An open begin_group. A grid's rows stay on the page that the grid stands on."""

    row: Row
    kind: str
    relevant: str
    grid: str = ""
    page: Page | None = None
    is_inner: bool = False


@dataclass
class _Reader(Sheets):
    pages: list[Page] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    notes: list[Labels] = field(default_factory=list)

    def taken(self) -> Taken:
        survey = self.sheets.get(SURVEY)
        if survey is None or not survey.rows:
            raise UnreadableFile(_("The workbook has no sheet “survey” with questions."), SURVEY)
        self.settings = self._settings()
        self.default = language_of(self.settings["default_language"]) or "vi"
        survey = self._renamed(survey, {"type", "name"})
        self._read_lists()
        for row in survey.rows:
            self._row(row)
        for group in self.groups:
            message = _("The group that begins here does not end.")
            self.report.add(Effect.REFUSED, SURVEY, group.row.number, message)
        self._leave_notes(0)
        return assemble(Whole(self._about(), self.pages, self.scales, self.report))

    # --- Rows of the survey ---------------------------------------------------------------

    def _row(self, row: Row) -> None:
        if not row["type"]:
            if row.cells:
                self.report.add(Effect.LEFT_OUT, SURVEY, row.number, _("The row has no type."))
            return
        base, arguments = base_of(row["type"])
        if base.startswith("begin"):
            self._begin(row, base)
        elif base.startswith("end"):
            self._end(row, base)
        elif base == "note":
            self.notes.append(self._labels(row, "label"))
            message = _("The note stands as a hint of the next question.")
            self.report.add(Effect.CHANGED, SURVEY, row.number, message)
        elif row[OWN + "part"] == "other":
            return
        elif base in META:
            message = _("“%(type)s” is about the device or computed: it is not asked.")
            self._tell(Effect.LEFT_OUT, SURVEY, row.number, message, {"type": row["type"]})
        elif base not in BASES:
            message = UNKNOWN_HERE.get(base) or _("The type “%(type)s” is not known here.")
            self._tell(Effect.LEFT_OUT, SURVEY, row.number, message, {"type": row["type"][:80]})
        else:
            self._ask(row, base, arguments)

    def _begin(self, row: Row, base: str) -> None:
        kind = base.partition("_")[2] or "group"
        is_grid = "table-list" in row["appearance"].split()
        if kind == "repeat":
            message = _("The questions are asked once: the portal repeats none.")
            self.report.add(Effect.CHANGED, SURVEY, row.number, message)
        group = _Group(row, kind, row["relevant"])
        if is_grid and self._is_on_own_page():
            page = self._current_page(row)
            code = row[OWN + "code"] or row["name"] or f"grid{row.number}"
            page.grids[code] = {"label": self._labels(row, "label") or page.labels}
            group.grid, group.page, group.is_inner = code, page, True
            self._told_taken(row, _("table of rows"))
        self.groups.append(group)
        if group.grid:
            return
        group.page = self._new_page(row)
        if is_grid:
            code = row[OWN + "code"] or row["name"] or f"grid{row.number}"
            group.page.grids[code] = {"label": group.page.labels}
            group.grid = code

    def _is_on_own_page(self) -> bool:
        """Whether a page of the form's own is open: a table alone makes a page of itself."""
        return bool(self.groups)

    def _end(self, row: Row, base: str) -> None:
        kind = base.partition("_")[2] or "group"
        if not self.groups or self.groups[-1].kind != kind:
            message = _("“%(type)s” ends what did not begin.")
            self._tell(Effect.REFUSED, SURVEY, row.number, message, {"type": row["type"]})
            return
        self._leave_notes(row.number)
        closed = self.groups.pop()
        if self.groups and not closed.grid:
            # What follows stands on a page after the inner one.
            self.groups[-1].page = None

    def _new_page(self, row: Row) -> Page:
        labels = self._labels(row, "label") or {"vi": row["name"] or _("Questions")}
        entries: dict[str, object] = {}
        if row[OWN + "slug"]:
            entries["slug"] = row[OWN + "slug"]
        for flag in ("scored", "shuffle"):
            if row[OWN + flag]:
                entries[flag] = row[OWN + flag].casefold() in TRUE
        page = Page(row["name"], labels, SURVEY, row.number, entries)
        page.wanted_code = row[OWN + "code"]
        page.relevants = [group.relevant for group in self.groups if group.relevant]
        page.show_if = self._trusted(row) if len(page.relevants) <= 1 else None
        self.pages.append(page)
        self._told_taken(row, _("page"))
        return page

    def _current_page(self, row: Row) -> Page:
        """The page that a question stands on; questions outside of groups get one."""
        holder = next((group for group in reversed(self.groups) if not group.grid), None)
        if holder is None and self.groups:
            return self.groups[-1].page
        if holder is not None:
            if holder.page is None:
                holder.page = self._new_page(
                    Row(row.number, {**holder.row.cells, OWN + "code": ""})
                )
            return holder.page
        last = self.pages[-1] if self.pages else None
        if last is None or last.name:
            last = Page("", {"vi": _("Questions")}, SURVEY, row.number)
            self.pages.append(last)
        return last

    # --- One question ---------------------------------------------------------------------

    def _ask(self, row: Row, base: str, arguments: list[str]) -> None:
        if not self._is_whole(row, base, arguments):
            return
        page = self._current_page(row)
        grid = self.groups[-1].grid if self.groups else ""
        options = self._options(row, base, arguments)
        kind = self._kind(row, base, bool(grid), options)
        if self._is_words_beside(row, kind, page):
            return
        item = Item(row["name"], kind, self._labels(row, "label"), self._required(row), SURVEY,
                    row.number)  # fmt: skip
        item.wanted_code = row[OWN + "code"]
        self._fill(item, row, base, arguments, options)
        if kind is Kind.SCALE and grid:
            item.entries["grid"] = grid
        inner = [group.relevant for group in self.groups if group.is_inner and group.relevant]
        item.relevants = [text for text in (*inner, row["relevant"]) if text]
        item.show_if = self._trusted(row) if not inner else None
        page.items.append(item)
        self._told_taken(row, kind.value)

    def _is_whole(self, row: Row, base: str, arguments: list[str]) -> bool:
        if not row["name"]:
            self.report.add(Effect.REFUSED, SURVEY, row.number, _("The question has no name."))
            return False
        if not self._labels(row, "label"):
            message = _("“%(name)s” has no words and is left out.")
            self._tell(Effect.LEFT_OUT, SURVEY, row.number, message, {"name": row["name"]})
            return False
        if row["choice_filter"]:
            message = _(
                "“%(name)s” shows its choices by a filter (choice_filter), which the portal does "
                "not do. Take the filter away, or ask one question for each set of choices."
            )
            self._tell(Effect.REFUSED, SURVEY, row.number, message, {"name": row["name"]})
            return False
        if base in CHOOSING and (not arguments or arguments[0] not in self.lists):
            message = _("The list “%(list)s” is not on the sheet “choices”.")
            told = {"list": " ".join(arguments[:1])}
            self._tell(Effect.REFUSED, SURVEY, row.number, message, told)
            return False
        self._tell_markup(row)
        return True

    def _tell_markup(self, row: Row) -> None:
        words = " ".join(text for name, text in row.cells.items() if name.split("::")[0] in WORDS)
        if re.search(r"<\s*/?\s*[a-zA-Z!]", words):
            message = _("Markup in the words is kept as letters: it is shown and never run.")
            self.report.add(Effect.CHANGED, SURVEY, row.number, message)
        if re.search(r"\$\{", words):
            message = _("“${…}” in the words is kept as letters: answers are not put into words.")
            self.report.add(Effect.CHANGED, SURVEY, row.number, message)

    def _kind(self, row: Row, base: str, in_grid: bool, options: list[Option]) -> Kind:
        parameters = _parameters(row["parameters"])
        list_name = " ".join(row["type"].split()[1:2])
        kind = kind_of(base, row["appearance"].split(), in_grid or list_name in self.scale_of_list)
        if kind is Kind.RATING and not _is_rating(parameters):
            message = _("The range is asked as a number: only 0 to 10 in steps of 1 is a rating.")
            self.report.add(Effect.CHANGED, SURVEY, row.number, message)
            kind = Kind.NUMBER
        wanted = row[OWN + "type"]
        if wanted and wanted != kind and wanted in set(Kind):
            if Kind(wanted) in ALLOWED[base]:
                return Kind(wanted)
            message = _("The type “%(type)s” decides; “%(own)s” beside it is ignored.")
            told = {"type": base, "own": wanted}
            self._tell(Effect.CHANGED, SURVEY, row.number, message, told)
        return kind

    def _options(self, row: Row, base: str, arguments: list[str]) -> list[Option]:
        if base not in CHOOSING:
            return []
        options = [
            Option(o.name, o.labels, o.place, o.row, dict(o.flags))
            for o in self.lists[arguments[0]]
        ]
        if "or_other" in arguments[1:] or row["type"].endswith("or_other"):
            labels = {"vi": "Khác (xin ghi rõ)", "en": "Other (please say)"}
            options.append(Option("other", labels, SURVEY, row.number, {"other": True}))
            message = _("“or_other” became a choice that asks for words.")
            self.report.add(Effect.CHANGED, SURVEY, row.number, message)
        return options

    def _required(self, row: Row) -> bool:
        text = row["required"].casefold()
        if text not in TRUE | FALSE:
            message = _("“%(text)s” in “required” is not understood: the question may stay open.")
            self._tell(Effect.LEFT_OUT, SURVEY, row.number, message, {"text": text[:80]})
        return text in TRUE

    def _is_words_beside(self, row: Row, kind: Kind, page: Page) -> bool:
        """A text right after a question, asked only for one of its choices, is that choice's."""
        before = page.items[-1] if page.items else None
        match = re.fullmatch(
            r"(?:selected\()?\s*\$\{(\w+)\}\s*(?:=|,)\s*'([^']+)'\)?", row["relevant"]
        )
        if kind not in (Kind.SHORT, Kind.TEXT) or before is None or match is None:
            return False
        option = before.option(match[2]) if match[1] == before.name else None
        if option is None or before.kind not in (Kind.SINGLE, Kind.MULTIPLE):
            return False
        if not _OTHER_WORDS.search(row["name"]) or any(
            o.flags.get("other") for o in before.options
        ):
            return False
        option.flags["other"] = True
        message = _("The text became the words beside the choice “%(choice)s” of “%(name)s”.")
        told = {"choice": option.labels["vi"], "name": before.name}
        self._tell(Effect.CHANGED, SURVEY, row.number, message, told)
        return True

    def _fill(
        self, item: Item, row: Row, base: str, arguments: list[str], options: list[Option]
    ) -> None:
        hint = self._labels(row, "hint")
        if self.notes:
            hint = _joined([*self.notes, hint])
            self.notes = []
        if hint:
            item.entries["hint"] = hint
        bounds = self._bounds(item, row)
        if item.kind is Kind.SCALE:
            item.entries["scale"] = self._scale(arguments[0])
            self._fill_importance(item, row)
        elif item.kind is Kind.RATING:
            self._fill_rating(item, row, options)
        elif base in CHOOSING:
            item.options = options
            self._fill_choosing(item, row, bounds)
        else:
            self._fill_written(item, row, base, bounds)

    def _fill_importance(self, item: Item, row: Row) -> None:
        """“A 3”: the importance of part A is the share at level 3."""
        part, *most = row[f"{OWN}importance_of"].split()[:20] or [""]
        if part and most and all(re.fullmatch("[0-9]{1,3}", code) for code in most):
            item.entries["importance_of"] = {"part": part, "most": [int(code) for code in most]}
        elif part:
            message = _("“%(name)s”: it is not understood how important what is.")
            self._tell(Effect.LEFT_OUT, SURVEY, row.number, message, {"name": row["name"]})

    def _scale(self, list_name: str) -> str:
        name = self.scale_of_list.setdefault(list_name, list_name)
        self.scales.setdefault(name, self.lists[list_name])
        return name

    def _fill_rating(self, item: Item, row: Row, options: list[Option]) -> None:
        low, high = (self._labels(row, f"{OWN}{end}") for end in ("low", "high"))
        if low and high:
            item.entries["ends"] = {"low": low, "high": high}
        levels = {str(level) for level in RATINGS}
        item.options = [option for option in options if option.name not in levels]

    def _fill_choosing(self, item: Item, row: Row, bounds: Bounds) -> None:
        own = row[OWN + "shuffle"]
        if own or _parameters(row["parameters"]).get("randomize") == "true":
            item.entries["shuffle"] = own.casefold() in TRUE if own else True
        if item.kind is Kind.MULTIPLE:
            item.entries |= bounds.as_entries(whole=True)
            for option in item.options or []:
                if option.name in bounds.alone and "exclusive" not in option.flags:
                    is_told = option.flags.get("na") or option.flags.get("declined")
                    option.flags |= {} if is_told else {"exclusive": True}

    def _fill_written(self, item: Item, row: Row, base: str, bounds: Bounds) -> None:
        if item.kind in _TEXT_LENGTH:
            item.entries["max_length"] = bounds.length or _TEXT_LENGTH[item.kind]
            return
        if item.kind in (Kind.NUMBER, Kind.DATE):
            item.entries |= bounds.as_entries()
        if item.kind is not Kind.NUMBER:
            return
        if base == "range":
            self._fill_range(item, row)
        decimals = row[OWN + "decimals"]
        if decimals.isdecimal():
            item.entries["decimals"] = int(decimals[:2])
        elif base == "decimal":
            item.entries["decimals"] = 2
            message = _("The number may have 2 decimals.")
            self.report.add(Effect.CHANGED, SURVEY, row.number, message)
        unit = self._labels(row, f"{OWN}unit")
        if unit:
            item.entries["unit"] = unit

    def _fill_range(self, item: Item, row: Row) -> None:
        given = _parameters(row["parameters"])
        for name, entry in (("start", "min"), ("end", "max")):
            text = given.get(name, {"start": "1", "end": "10"}[name])
            if re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
                item.entries[entry] = int(text)

    def _bounds(self, item: Item, row: Row) -> Bounds:
        bounds, left = read_constraint(row["constraint"], item.kind)
        for text in left:
            message = _("The constraint “%(text)s” is left out: it is not understood here.")
            self._tell(Effect.LEFT_OUT, SURVEY, row.number, message, {"text": text[:200]})
        return bounds

    def _trusted(self, row: Row) -> dict | None:
        """Our own condition beside the XPath, if that is still what we wrote for it."""
        own = row[f"{OWN}show_if"]
        if not own:
            return None
        try:
            tree = json.loads(own)
            conditions.read(tree)
        except (ValueError, RecursionError):
            tree = None
        if tree is not None and written(tree, self._asked()) == row["relevant"]:
            return tree
        message = _("The condition in “relevant” was changed by hand and decides.")
        self.report.add(Effect.CHANGED, SURVEY, row.number, message)
        return None

    def _asked(self) -> dict[str, Asked]:
        return {
            item.wanted_code or item.name: _as_asked(item, self.scales)
            for page in self.pages
            for item in page.items
        }

    def _leave_notes(self, row: int) -> None:
        if self.notes:
            message = _("A note that no question follows is left out.")
            self.report.add(Effect.LEFT_OUT, SURVEY, row, message)
        self.notes = []

    def _told_taken(self, row: Row, kind: str) -> None:
        told = {"name": row["name"], "kind": kind}
        self._tell(Effect.TAKEN, SURVEY, row.number, _("“%(name)s”: %(kind)s"), told)

    # --- The questionnaire itself -----------------------------------------------------------

    def _about(self) -> dict:
        return about(self.settings, self.default, self._labels, self.report)


def _joined(labels: list[Labels]) -> Labels:
    languages = dict.fromkeys(language for part in labels for language in part)
    return {
        language: "\n".join(text for part in labels if (text := part.get(language, part.get("vi"))))
        for language in languages
    }


def _parameters(text: str) -> dict[str, str]:
    return dict(re.findall(r"([\w-]+)\s*=\s*([^\s;,]+)", text.casefold()))


def _is_rating(parameters: dict[str, str]) -> bool:
    return [parameters.get(name) for name in ("start", "end")] == ["0", "10"] and (
        parameters.get("step", "1") == "1"
    )


def _as_asked(item: Item, scales: dict[str, list[Option]]) -> Asked:
    options = scales.get(str(item.entries.get("scale", "")), item.options or [])
    apart = [
        int(o.name)
        for o in options
        if (o.flags.get("na") or o.flags.get("declined")) and o.name.isdecimal()
    ]
    return Asked(
        item.kind is Kind.MULTIPLE,
        item.kind is Kind.RATING and not item.options,
        tuple(apart) if item.kind is not Kind.MULTIPLE else (),
    )
