"""The sheets of an XLSForm: headings made one, lists of choices, words by language."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..questionnaires import Labels
from .assembling import FLAGS, Option
from .columns import OWN, TRUE, canonical
from .report import Effect, Report, UnreadableFile
from .workbook import Row, Sheet

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
WORDS = ("label", "hint")
_READ = {
    "type", "name", "required", "relevant", "constraint", "appearance", "parameters", "list_name",
    "choice_filter",
}  # fmt: skip
# Said elsewhere by us, or only for a telephone's screen: nothing is lost.
_SILENT = {
    "constraint_message", "required_message", "order", "calculation", "repeat_count", "disabled",
}  # fmt: skip


@dataclass
class Sheets:
    """`default` is the language of words that name none."""

    sheets: dict[str, Sheet]
    report: Report = field(default_factory=Report)
    lists: dict[str, list[Option]] = field(default_factory=dict)
    scales: dict[str, list[Option]] = field(default_factory=dict)
    scale_of_list: dict[str, str] = field(default_factory=dict)
    default: str = "vi"

    def _settings(self) -> Row:
        sheet = self.sheets.get(SETTINGS)
        if sheet is None or not sheet.rows:
            return Row(0, {})
        return self._renamed(sheet, set()).rows[0]

    def _renamed(self, sheet: Sheet, needed: set[str]) -> Sheet:
        """The sheet with canonical headings; unknown, doubled and missing ones are told."""
        names: dict[str, str | None] = {}
        seen: dict[str, str] = {}
        for header in filter(None, sheet.header):
            name = canonical(header, self.default)
            if name in seen.values() and header not in names:
                told = {"column": header[:80]}
                self._tell(
                    Effect.REFUSED, sheet.name, 1, _("Column “%(column)s” is there twice."), told
                )
            names[header] = seen[header] = name
        if len(set(sheet.header) - {""}) < len([name for name in sheet.header if name]):
            raise UnreadableFile(_("Two columns have the same heading."), sheet.name, 1)
        for name in sorted(needed - set(names.values())):
            told = {"column": name}
            message = _("The column “%(column)s” is missing.") % told
            raise UnreadableFile(message, sheet.name, 1)
        self._tell_unknown(sheet, names)
        rows = [
            Row(row.number, {names[h]: text for h, text in row.cells.items() if names[h]})
            for row in sheet.rows
        ]
        return Sheet(sheet.name, list(filter(None, names.values())), rows)

    def _tell_unknown(self, sheet: Sheet, names: dict[str, str | None]) -> None:
        if sheet.name.strip().casefold() == SETTINGS:
            return
        for header, name in names.items():
            base = (name or "").split("::")[0]
            if name and (name.startswith(OWN) or base in _READ | _SILENT | set(WORDS)):
                continue
            if any(row.cells.get(header) for row in sheet.rows):
                message = _("The column “%(column)s” is not known here.")
                self._tell(Effect.LEFT_OUT, sheet.name, 1, message, {"column": header[:80]})

    def _tell(self, effect: Effect, place: str, row: int, message: str, told: dict) -> None:
        self.report.add(effect, place, row, message % told)

    def _read_lists(self) -> None:
        sheet = self.sheets.get(CHOICES)
        if sheet is None or not sheet.rows:
            return
        for row in self._renamed(sheet, {"list_name", "name"}).rows:
            if not row["list_name"]:
                self.report.add(Effect.LEFT_OUT, CHOICES, row.number, _("The row names no list."))
                continue
            if not row["name"]:
                message = _("The choice has no value in the column “name”.")
                self.report.add(Effect.REFUSED, CHOICES, row.number, message)
                continue
            flags = {flag: row[OWN + flag].casefold() in TRUE for flag in FLAGS if row[OWN + flag]}
            labels = self._labels(row, "label") or {"vi": row["name"]}
            option = Option(row["name"], labels, CHOICES, row.number, flags)
            self.lists.setdefault(row["list_name"], []).append(option)
            if row[OWN + "scale"]:
                self.scale_of_list[row["list_name"]] = row[OWN + "scale"]
        for name, scale in self.scale_of_list.items():
            self.scales[scale] = self.lists[name]

    def _labels(self, row: Row, words: str) -> Labels:
        """Words by language; where Vietnamese is missing, the form's own language stands in."""
        found = {
            name.rpartition("::")[2]: text
            for name, text in row.cells.items()
            if name.rpartition("::")[0] == words
        }
        if found and "vi" not in found:
            spare = self.default if self.default in found else sorted(found)[0]
            found = {"vi": found[spare], **found}
            self.report.add(
                Effect.OPEN, "", 0, _("There are words without Vietnamese: translate them.")
            )
        return found
