"""A definition as XLSForm (.xlsx): for other survey tools, and for editing in a spreadsheet.

What XLSForm cannot carry stands in columns whose heading begins with "cchc::", which other
tools ignore: read back, the file is the definition it was made of.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from datetime import datetime

import xlsxwriter
from django.utils.text import slugify

from portal.text import fold

from ..exports.columns import FIXED_NAMES
from ..questionnaires import RATINGS, Choice, Kind, Labels, Question, Section, other_name, read
from .columns import LANGUAGES, OWN, OWN_OF_CHOICES, heading
from .conditions_text import Asked, NotUnderstood, parse, written
from .constraints import written_constraint

_FLAGS = ("na", "declined", "exclusive", "other")
# Before this day no spreadsheet is older: the same definition gives the same bytes.
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001
Cells = dict[str, object]


def xlsform(definition: dict) -> bytes:
    """The workbook of a definition that has the form of a questionnaire."""
    return _Writer(definition).workbook()


class _Writer:
    def __init__(self, definition: dict) -> None:
        self.definition = definition
        self.questionnaire = read(definition)
        self.languages = _languages(definition)
        self.asked = {q.code: _asked(q) for q in self.questionnaire.questions()}
        self.survey: list[Cells] = []
        self.choices: list[Cells] = []
        self.lists: dict[str, str] = {}
        # Of every name in the form: XPath finds a question by its name alone.
        self.names = {q.code.casefold() for q in self.questionnaire.questions()}

    def workbook(self) -> bytes:
        for name, scale in self.definition.get("scales", {}).items():
            self.lists[name] = self._list(re.sub(r"[^\w-]", "_", name) or "scale")
            self._choices(self.lists[name], scale["choices"], name)
        parts = zip(self.definition["sections"], self.questionnaire.sections, strict=True)
        for data, section in parts:
            self._section(data, section)
        out = io.BytesIO()
        book = xlsxwriter.Workbook(
            out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                  "strings_to_numbers": False}
        )  # fmt: skip
        book.set_properties({"created": _MADE})
        bold = book.add_format({"bold": True})
        sheets = {
            "survey": (self.survey, ["type", "name", *self._words("label"), *self._words("hint")]),
            "choices": (self.choices, ["list_name", "name", *self._words("label")]),
            "settings": ([self._settings()], ["form_title", "form_id", "version"]),
        }
        for name, (rows, first) in sheets.items():
            _fill(book.add_worksheet(name), rows, first, bold)
        book.close()
        return out.getvalue()

    def _words(self, name: str) -> list[str]:
        return [heading(name, language) for language in self.languages]

    def _labelled(self, name: str, labels: Labels | None) -> Cells:
        return {heading(name, language): text for language, text in (labels or {}).items() if text}

    def _list(self, wanted: str) -> str:
        name, number = wanted, 2
        while name.casefold() in {row["list_name"].casefold() for row in self.choices}:
            name, number = f"{wanted}_{number}", number + 1
        return name

    def _choices(self, list_name: str, choices: Iterable[dict], scale: str = "") -> None:
        for choice in choices:
            flags = {
                f"{OWN_OF_CHOICES}{flag}": _yes(choice[flag]) for flag in _FLAGS if flag in choice
            }
            self.choices.append(
                {
                    "list_name": list_name,
                    "name": str(choice["code"]),
                    **self._labelled("label", choice["label"]),
                    **flags,
                    f"{OWN_OF_CHOICES}scale": scale,
                }
            )

    def _section(self, data: dict, section: Section) -> None:
        self._begin(section.code, data["title"], f"{OWN}slug", data["slug"], "field-list")
        group = self.survey[-1]
        group |= {
            f"{OWN}{flag}": _yes(data[flag]) for flag in ("scored", "shuffle") if flag in data
        }
        group |= self._condition(data)
        grid = ""
        for entries, question in zip(data["questions"], section.questions, strict=True):
            if question.grid != grid:
                grid = self._turn_grid(data, grid, question.grid)
            self._question(entries, question)
        self._turn_grid(data, grid, "")
        self.survey.append({"type": "end_group"})

    def _turn_grid(self, data: dict, old: str, new: str) -> str:
        if old:
            self.survey.append({"type": "end_group"})
        if new:
            label = data.get("grids", {}).get(new, {}).get("label", {"vi": new})
            self._begin(new, label, "", "", "table-list")
        return new

    def _begin(self, code: str, labels: Labels, column: str, entry: str, look: str) -> None:
        name = plain = re.sub(r"[^A-Za-z0-9_]", "_", fold(code)) if not code.isascii() else (
            re.sub(r"[^A-Za-z0-9_]", "_", code)
        )  # fmt: skip
        number = 2
        while name.casefold() in self.names or not name[:1].isalpha():
            name, number = f"page_{plain}" if number == 2 else f"page_{plain}_{number}", number + 1
        self.names.add(name.casefold())
        self.survey.append(
            {
                "type": "begin_group",
                "name": name,
                **self._labelled("label", labels),
                "appearance": look,
                f"{OWN}code": "" if name == code else code,
                **({column: entry} if column else {}),
            }
        )

    def _condition(self, data: dict) -> Cells:
        """XPath, and our own words beside it where reading that back gives another tree."""
        if "show_if" not in data:
            return {}
        tree = data["show_if"]
        text = written(tree, self.asked)
        try:
            is_same = parse(text, _as_ours) == tree
        except NotUnderstood:
            is_same = False
        own = "" if is_same else json.dumps(tree, ensure_ascii=False, sort_keys=True)
        return {"relevant": text, f"{OWN}show_if": own}

    def _question(self, data: dict, question: Question) -> None:
        row: Cells = {
            "type": self._type(data, question),
            "name": question.code,
            f"{OWN}code": question.code if question.code.casefold() in FIXED_NAMES else "",
            **self._labelled("label", data["label"]),
            **self._labelled("hint", data.get("hint")),
            "required": "yes" if question.required else "",
            "constraint": written_constraint(question),
            "appearance": _appearance(question),
            "parameters": _parameters(question),
            f"{OWN}type": question.type.value,
            **self._condition(data),
            **self._labelled(f"{OWN}unit", data.get("unit")),
            **self._labelled(f"{OWN}low", data.get("ends", {}).get("low")),
            **self._labelled(f"{OWN}high", data.get("ends", {}).get("high")),
        }
        if "shuffle" in data:
            row[f"{OWN}shuffle"] = _yes(data["shuffle"])
        if "importance_of" in data:
            said = data["importance_of"]
            row[f"{OWN}importance_of"] = " ".join([said["part"], *map(str, said["most"])])
        if "decimals" in data:
            row[f"{OWN}decimals"] = str(data["decimals"])
        self.survey.append(row)
        if question.other:
            self._words_beside(question, question.other)

    def _words_beside(self, question: Question, choice: Choice) -> None:
        name = other_name(question.code).replace(".", "_")
        while name.casefold() in self.names:
            name += "_"
        self.names.add(name.casefold())
        is_many = question.type is Kind.MULTIPLE
        code, ours = f"${{{question.code}}}", f"'{choice.code}'"
        self.survey.append(
            {
                "type": "text",
                "name": name,
                **self._labelled("label", choice.labels),
                "relevant": f"selected({code}, {ours})" if is_many else f"{code} = {ours}",
                f"{OWN}part": "other",
            }
        )

    def _type(self, data: dict, question: Question) -> str:
        match question.type:
            case Kind.SCALE:
                return f"select_one {self.lists[data['scale']]}"
            case Kind.SINGLE | Kind.MULTIPLE | Kind.RANKING:
                list_name = self._list(question.code)
                self._choices(list_name, data["choices"])
                base = {Kind.SINGLE: "select_one", Kind.MULTIPLE: "select_multiple"}
                return f"{base.get(question.type, 'rank')} {list_name}"
            case Kind.RATING if data.get("choices"):
                list_name = self._list(question.code)
                levels = [{"code": level, "label": {"vi": str(level)}} for level in RATINGS]
                self._choices(list_name, [*levels, *data["choices"]])
                return f"select_one {list_name}"
            case Kind.NUMBER:
                return "decimal" if question.decimals else "integer"
        return {Kind.RATING: "range", Kind.DATE: "date"}.get(question.type, "text")

    def _settings(self) -> Cells:
        data, index = self.definition, self.definition["index"]
        title = data["title"]["vi"]
        others = {name: text for name, text in data["title"].items() if name != "vi"}
        return {
            "form_title": title,
            "form_id": data.get("code") or slugify(fold(title))[:60] or "khao-sat",
            "version": index["version"],
            "default_language": LANGUAGES["vi"],
            "style": "pages",
            f"{OWN}code": data.get("code", ""),
            f"{OWN}agency": data.get("agency", ""),
            **self._labelled(f"{OWN}title", others),
            **self._labelled(f"{OWN}intro", data["intro"]),
            f"{OWN}basis": data["basis"],
            **self._labelled(f"{OWN}index_name", index.get("name")),
            f"{OWN}index::version": index["version"],
            f"{OWN}index::items": " ".join(index["items"]),
            f"{OWN}index::satisfied": " ".join(map(str, index["satisfied"])),
            f"{OWN}index::decimals": str(index["decimals"]),
            f"{OWN}index::pooling": index.get("pooling", ""),
            f"{OWN}index::basis": index["basis"],
        }


def _languages(definition: dict) -> list[str]:
    """Vietnamese first, then every language that the words are in."""
    found: dict[str, None] = {"vi": None}

    def look(part: object) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("vi"), str):
                found.update(dict.fromkeys(name for name, text in part.items() if text))
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(definition)
    return list(found)


def _asked(question: Question) -> Asked:
    has_own = any(choice.code not in RATINGS for choice in question.choices)
    is_many = question.type is Kind.MULTIPLE
    apart = () if is_many else tuple(c.code for c in question.choices if c.is_no_answer)
    return Asked(is_many, question.type is Kind.RATING and not has_own, apart)


def _as_ours(operator: str, name: str, value: object) -> dict:
    """A comparison in our own file: names and codes are ours."""
    if value == "":
        return {"op": "answered", "question": name}
    if operator == "=":
        return {"op": "is", "question": name, "codes": [int(str(value))]}
    if operator not in (">=", "<="):
        raise NotUnderstood(operator)
    shown = value if isinstance(value, int | float) else str(value)
    return {"op": "at_least" if operator == ">=" else "at_most", "question": name, "value": shown}


def _appearance(question: Question) -> str:
    if question.type is Kind.SCALE and not question.grid:
        return "likert"
    return "multiline" if question.type is Kind.TEXT else ""


def _parameters(question: Question) -> str:
    if question.type is Kind.RATING and all(choice.code in RATINGS for choice in question.choices):
        return "start=0 end=10 step=1"
    return "randomize=true" if question.is_shuffled else ""


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _fill(sheet, rows: list[Cells], first: list[str], bold) -> None:
    """Columns that hold anything, the well-known ones first; every cell is text."""
    rest = dict.fromkeys(name for row in rows for name, text in row.items() if text != "")
    # Our own columns stand last.
    columns = sorted(dict.fromkeys([*first, *rest]), key=lambda name: name.startswith("cchc"))
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, bold)
    for number, row in enumerate(rows, start=1):
        for at, name in enumerate(columns):
            text = row.get(name, "")
            if text != "":
                sheet.write_string(number, at, str(text))
    sheet.freeze_panes(1, 2)
