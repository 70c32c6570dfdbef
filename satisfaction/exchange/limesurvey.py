"""LimeSurvey's survey structure (.lss, versions 2 to 6) read as a definition, with a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..questionnaires import Kind, Labels
from .about import NOT_SAID
from .assembling import Item, Option, Page, Whole, as_code, assemble
from .lss_kinds import ARRAYS, FIXED, KINDS, LEFT_OUT, Fixed
from .lss_tables import Element, Tables, as_text, languages_of, read_tables
from .report import Effect, Report, Taken, UnreadableFile, refusal

# Tables of LimeSurvey that the portal has no like of, or does in a way of its own.
UNUSED = ("assessments", "defaultvalues", "quota", "quota_members", "survey_url_parameters")
_ALWAYS = {"", "1", "(1)", "((1))"}
QUESTIONS, GROUPS, SUBQUESTIONS, ANSWERS = "questions", "groups", "subquestions", "answers"


def read_lss(content: bytes) -> Taken:
    """A dry run: nothing is stored and nothing is evaluated."""
    try:
        return _Reader(read_tables(content)).taken()
    except UnreadableFile as fault:
        return refusal(fault)


@dataclass
class _Reader:
    tables: Tables
    report: Report = field(default_factory=Report)
    pages: list[Page] = field(default_factory=list)
    scales: dict[str, list[Option]] = field(default_factory=dict)
    aliases: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: list[Labels] = field(default_factory=list)

    def taken(self) -> Taken:
        tables = self.tables
        self.languages = list(languages_of(tables))
        self.of_question = tables.by("question_l10ns", "qid")
        self.of_group = tables.by("group_l10ns", "gid")
        self.of_answer = tables.by("answer_l10ns", "aid")
        # Older files have the words in the rows themselves, a row for each language.
        self.in_rows = {
            QUESTIONS: tables.by(QUESTIONS, "qid"),
            SUBQUESTIONS: tables.by(SUBQUESTIONS, "qid"),
            GROUPS: tables.by(GROUPS, "gid"),
        }
        self.answers = tables.by(ANSWERS, "qid")
        self.subquestions = tables.by(SUBQUESTIONS, "parent_qid")
        self.attributes: dict[str, dict[str, str]] = {}
        for row in tables["question_attributes"]:
            self.attributes.setdefault(row["qid"], {})[row["attribute"]] = row["value"]
        questions: dict[str, list[Element]] = {}
        for row in _once(tables[QUESTIONS], "qid"):
            questions.setdefault(row["gid"], []).append(row)
        self._tell_what_has_no_place(questions)
        for group in _ordered(_once(tables[GROUPS], "gid"), "group_order"):
            page = self._page(group)
            for question in _ordered(questions.get(group["gid"], []), "question_order"):
                self._question(page, question)
            self._leave_notes()
        return assemble(Whole(self._about(), self.pages, self.scales, self.report, self.aliases))

    def _tell(self, effect: Effect, row: Element, message: str, place: str = QUESTIONS) -> None:
        self.report.add(effect, place, row.line, message)

    def _tell_what_has_no_place(self, questions: dict[str, list[Element]]) -> None:
        """Rows that belong to nothing in the file, and tables that mean nothing here."""
        groups = {row["gid"] for row in self.tables[GROUPS]}
        for gid, rows in questions.items():
            for row in rows if gid not in groups else []:
                message = _("“%(name)s” belongs to no group of the file and is left out.")
                self._tell(Effect.LEFT_OUT, row, message % {"name": row["title"]})
        asked = {row["qid"] for row in self.tables[QUESTIONS]}
        for table, key in ((SUBQUESTIONS, "parent_qid"), (ANSWERS, "qid")):
            for row in self.tables[table]:
                if row[key] not in asked:
                    message = _("The row belongs to no question of the file and is left out.")
                    self._tell(Effect.LEFT_OUT, row, message, table)
        for table in UNUSED:
            if rows := self.tables[table]:
                message = _("The table “%(table)s” means nothing here and is left out.")
                self._tell(Effect.LEFT_OUT, rows[0], message % {"table": table}, table)

    # --- Words ------------------------------------------------------------------------------

    def _words(self, rows: list[Element], name: str, place: str) -> Labels:
        found: Labels = {}
        for row in rows:
            text, is_active = as_text(row[name])
            if is_active:
                message = _("A script in the words is taken out; the words stay.")
                self._tell(Effect.CHANGED, row, message, place)
            elif text != row[name]:
                message = _("Markup in the words is taken out; the words stay.")
                self._tell(Effect.CHANGED, row, message, place)
            if text:
                found[(row["language"] or self.languages[0]).split("-")[0].casefold()] = text
        if found and "vi" not in found:
            spare = next((lang for lang in self.languages if lang in found), next(iter(found)))
            found = {"vi": found[spare], **found}
            self.report.add(
                Effect.OPEN, "", 0, _("There are words without Vietnamese: translate them.")
            )
        return found

    def _question_words(self, row: Element, name: str = "question") -> Labels:
        rows = self.of_question.get(row["qid"])
        if rows is None:
            table = SUBQUESTIONS if row["parent_qid"] not in ("", "0") else QUESTIONS
            rows = self.in_rows[table].get(row["qid"], [])
        return self._words(rows, name, QUESTIONS)

    # --- Pages and questions ----------------------------------------------------------------

    def _page(self, group: Element) -> Page:
        rows = self.of_group.get(group["gid"])
        if rows is None:
            rows = self.in_rows[GROUPS][group["gid"]]
        labels = self._words(rows, "group_name", GROUPS) or {"vi": _("Questions")}
        page = Page(f"G{len(self.pages) + 1}", labels, GROUPS, group.line)
        if group["grelevance"].strip() not in _ALWAYS:
            page.relevants = [group["grelevance"]]
        if group["randomization_group"]:
            message = _("Pages are not shuffled here.")
            self._tell(Effect.LEFT_OUT, group, message, GROUPS)
        description = self._words(rows, "description", GROUPS)
        if description:
            self.notes.append(description)
            message = _("The words of the group stand as a hint of its first question.")
            self._tell(Effect.CHANGED, group, message, GROUPS)
        self.pages.append(page)
        self._told(group, labels["vi"][:60], _("page"), GROUPS)
        return page

    def _question(self, page: Page, row: Element) -> None:
        kind = row["type"]
        told = {"name": row["title"], "type": kind}
        if kind == "X":
            self.notes.append(self._question_words(row))
            message = _("The note stands as a hint of the next question.")
            self._tell(Effect.CHANGED, row, message)
        elif kind in LEFT_OUT:
            self._tell(Effect.LEFT_OUT, row, f"“{row['title']}”: {LEFT_OUT[kind]}")
        elif kind in ARRAYS:
            self._array(page, row)
        elif kind in ("K", "Q"):
            self._several(page, row)
        elif kind in KINDS or kind in FIXED:
            self._single(page, row)
        else:
            message = _("“%(name)s”: the type “%(type)s” is not known here.") % told
            self._tell(Effect.LEFT_OUT, row, message)

    def _single(self, page: Page, row: Element) -> None:
        kind = KINDS.get(row["type"], Kind.SINGLE)
        item = self._item(row, kind, row["title"], self._question_words(row))
        if item is None:
            return
        if row["type"] in FIXED:
            item.options = FIXED[row["type"]].options(row.line)
        elif row["type"] in ("M", "P"):
            item.options = self._choices_of_many(row)
        elif kind in (Kind.SINGLE, Kind.RANKING):
            item.options = self._choices(row)
        if row["type"] in ("O", "P"):
            message = _("“%(name)s”: the comment beside the choices is left out.")
            self._tell(Effect.LEFT_OUT, row, message % {"name": row["title"]})
        self._attributes(item, row)
        self._take(page, item, row)

    def _take(self, page: Page, item: Item, row: Element) -> None:
        if item.options == []:
            message = _("“%(name)s” has nothing to choose from and is left out.")
            self._tell(Effect.LEFT_OUT, row, message % {"name": item.name})
            return
        page.items.append(item)
        self._told(row, item.name, item.kind.value)

    def _item(self, row: Element, kind: Kind, name: str, labels: Labels) -> Item | None:
        if not labels:
            message = _("“%(name)s” has no words and is left out.") % {"name": name}
            self._tell(Effect.LEFT_OUT, row, message)
            return None
        item = Item(name, kind, labels, row["mandatory"] in ("Y", "S"), QUESTIONS, row.line)
        hint = self._question_words(row, "help")
        parts = [*self.notes, hint] if hint else self.notes
        if parts:
            item.entries["hint"] = {
                language: "\n".join(part.get(language, part["vi"]) for part in parts)
                for language in dict.fromkeys(name for part in parts for name in part)
            }
        self.notes = []
        if row["relevance"].strip() not in _ALWAYS:
            item.relevants = [row["relevance"]]
        if row["preg"]:
            message = _("“%(name)s”: the pattern that answers must fit is left out.")
            self._tell(Effect.LEFT_OUT, row, message % {"name": name})
        return item

    def _choices(self, row: Element) -> list[Option]:
        options = []
        for answer in _ordered(_once(self.answers.get(row["qid"], []), "code"), "sortorder"):
            if answer["scale_id"] not in ("", "0"):
                continue
            rows = self.of_answer.get(answer["aid"]) if answer["aid"] else None
            rows = rows or [a for a in self.answers[row["qid"]] if a["code"] == answer["code"]]
            labels = self._words(rows, "answer", ANSWERS) or {"vi": answer["code"]}
            options.append(Option(answer["code"], labels, ANSWERS, answer.line))
        return [*options, *self._other(row)] if row["type"] != "R" else options

    def _choices_of_many(self, row: Element) -> list[Option]:
        options = []
        for part in self._rows_of(row):
            labels = self._question_words(part) or {"vi": part["title"]}
            options.append(Option(part["title"], labels, SUBQUESTIONS, part.line))
            self.aliases[f"{row['title']}_{part['title']}"] = (row["title"], part["title"])
        alone = self.attributes.get(row["qid"], {}).get("exclude_all_others", "")
        for option in options:
            if option.name in re.split(r"[;,\s]+", alone):
                option.flags["exclusive"] = True
        return [*options, *self._other(row)]

    def _other(self, row: Element) -> list[Option]:
        if row["other"] != "Y":
            return []
        labels = {"vi": "Khác (xin ghi rõ)", "en": "Other (please say)"}
        return [Option("-oth-", labels, QUESTIONS, row.line, {"other": True})]

    def _rows_of(self, row: Element) -> list[Element]:
        rows = _once(self.subquestions.get(row["qid"], []), "qid")
        return [part for part in _ordered(rows, "question_order") if part["scale_id"] in ("", "0")]

    def _array(self, page: Page, row: Element) -> None:
        """A table: each of its rows is a question on one scale."""
        rows = self._rows_of(row)
        labels = self._question_words(row)
        fixed: Fixed | None = FIXED.get(row["type"])
        options = fixed.options(row.line) if fixed else self._choices(row)
        if not rows or not labels or not options:
            message = _("“%(name)s” has no rows or no levels and is left out.")
            self._tell(Effect.LEFT_OUT, row, message % {"name": row["title"]})
            return
        same = next((name for name, other in self.scales.items() if _alike(other, options)), None)
        scale = same or as_code(row["title"], {name.casefold() for name in self.scales})
        self.scales.setdefault(scale, options)
        page.grids[row["title"]] = {"label": labels}
        for part in rows:
            name = f"{row['title']}_{part['title']}"
            item = self._item(part, Kind.SCALE, name, self._question_words(part))
            if item is None:
                continue
            item.is_required = row["mandatory"] in ("Y", "S")
            item.entries |= {"scale": scale, "grid": row["title"]}
            item.relevants = [
                text for text in (row["relevance"], part["relevance"])
                if text.strip() not in _ALWAYS
            ]  # fmt: skip
            page.items.append(item)
            self._told(part, name, item.kind.value)

    def _several(self, page: Page, row: Element) -> None:
        """Several lines below one question: each is a question of its own."""
        kind = Kind.NUMBER if row["type"] == "K" else Kind.SHORT
        labels = self._question_words(row)
        message = _("“%(name)s”: each of its lines became a question.") % {"name": row["title"]}
        self._tell(Effect.CHANGED, row, message)
        for part in self._rows_of(row):
            words = self._question_words(part)
            joined = {
                language: f"{labels.get(language, labels.get('vi', ''))} – {text}"
                for language, text in words.items()
            }
            name = f"{row['title']}_{part['title']}"
            item = self._item(part, kind, name, joined)
            if item is None:
                continue
            item.is_required = row["mandatory"] in ("Y", "S")
            if row["relevance"].strip() not in _ALWAYS:
                item.relevants = [row["relevance"]]
            self._attributes(item, row)
            self._take(page, item, part)

    def _attributes(self, item: Item, row: Element) -> None:
        given = self.attributes.get(row["qid"], {})
        if item.kind is Kind.MULTIPLE:
            item.entries |= _whole(given, {"min_answers": "min", "max_answers": "max"})
        elif item.kind is Kind.NUMBER:
            item.entries |= _numbers(given, {"min_num_value_n": "min", "max_num_value_n": "max"})
            if given.get("num_value_int_only") != "1":
                item.entries["decimals"] = 2
            if given.get("suffix"):
                item.entries["unit"] = {"vi": as_text(given["suffix"])[0]}
        elif item.kind in (Kind.SHORT, Kind.TEXT):
            length = _whole(given, {"maximum_chars": "max_length"}).get("max_length")
            item.entries["max_length"] = length or (200 if item.kind is Kind.SHORT else 2000)
        if item.options and given.get("random_order") == "1":
            item.entries["shuffle"] = True
        for name in ("array_filter", "array_filter_exclude", "em_validation_q", "code_filter"):
            if given.get(name):
                message = _("“%(name)s”: the setting “%(setting)s” is left out.")
                told = {"name": item.name, "setting": name}
                self._tell(Effect.LEFT_OUT, row, message % told)

    def _leave_notes(self) -> None:
        if self.notes:
            message = _("A note that no question follows is left out.")
            self.report.add(Effect.LEFT_OUT, QUESTIONS, 0, message)
        self.notes = []

    def _told(self, row: Element, name: str, kind: str, place: str = QUESTIONS) -> None:
        message = _("“%(name)s”: %(kind)s") % {"name": name, "kind": kind}
        self._tell(Effect.TAKEN, row, message, place)

    # --- The questionnaire itself -------------------------------------------------------------

    def _about(self) -> dict:
        rows = [
            Element(row.line, {**row.cells, "language": row["surveyls_language"]})
            for row in self.tables["surveys_languagesettings"]
        ]
        place = "surveys_languagesettings"
        title = self._words(rows, "surveyls_title", place) or {"vi": _("Imported questionnaire")}
        intro = self._words(rows, "surveyls_welcometext", place) or self._words(
            rows, "surveyls_description", place
        )
        if not intro:
            message = _("Write an introduction: the title stands in its place.")
            self.report.add(Effect.OPEN, place, 0, message)
        message = _("Say what the survey rests on (legal basis).")
        self.report.add(Effect.OPEN, place, 0, message)
        message = _("Name the items of the index and its satisfied levels.")
        self.report.add(Effect.OPEN, place, 0, message)
        index = {"version": "1", "items": [], "satisfied": [], "decimals": 2, "basis": NOT_SAID}
        return {"title": title, "intro": intro or dict(title), "basis": NOT_SAID, "index": index}


def _once(rows: list[Element], key: str) -> list[Element]:
    """Older files hold a row for each language."""
    return list({row[key]: row for row in reversed(rows)}.values())[::-1]


def _ordered(rows: list[Element], key: str) -> list[Element]:
    return sorted(rows, key=lambda row: int(row[key]) if row[key].isdecimal() else 0)


def _alike(one: list[Option], other: list[Option]) -> bool:
    return [(o.name, o.labels) for o in one] == [(o.name, o.labels) for o in other]


def _whole(given: dict[str, str], names: dict[str, str]) -> dict[str, int]:
    return {
        ours: int(given[theirs])
        for theirs, ours in names.items()
        if re.fullmatch("[0-9]{1,6}", given.get(theirs, ""), re.ASCII)
    }


def _numbers(given: dict[str, str], names: dict[str, str]) -> dict[str, int | float]:
    return {
        ours: float(text) if "." in text else int(text)
        for theirs, ours in names.items()
        if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text := given.get(theirs, ""), re.ASCII)
    }
