"""The tables of LimeSurvey's structure file (.lss), rows with their lines; no hostile XML."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
import nh3
from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _

from portal.text import clean

from .report import UnreadableFile

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_CELL = 20_000
DEEPEST = 8


@dataclass(frozen=True)
class Element:
    """One row of a table of LimeSurvey's database."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass
class Tables:
    kind: str = ""
    languages: list[str] = field(default_factory=list)
    rows: dict[str, list[Element]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> list[Element]:
        return self.rows.get(table, [])

    def by(self, table: str, key: str) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for row in self[table]:
            found.setdefault(row[key], []).append(row)
        return found


def read_tables(content: bytes) -> Tables:
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(_("The file is larger than %(most)d MB.") % {"most": 10})
    collector = _Collector()
    try:
        defusedxml.sax.parse(io.BytesIO(content), collector, forbid_dtd=True)
    except DefusedXmlException as error:
        message = _("The file declares XML entities: LimeSurvey does not do that.")
        raise UnreadableFile(message, "xml", collector.line) from error
    except LookupError as error:
        message = _("The file names a way of writing letters that is not known. Save it as UTF-8.")
        raise UnreadableFile(message, "xml", 1) from error
    except (SAXException, ValueError) as error:
        message = _("The file is not sound XML from this line on.")
        raise UnreadableFile(message, "xml", collector.line) from error
    tables = collector.tables
    if tables.kind != "Survey":
        raise UnreadableFile(_("The file is no survey structure of LimeSurvey (.lss)."))
    return tables


class _Collector(ContentHandler):
    """document / table / rows / row / cell: everything else is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = Tables()
        self.path: list[str] = []
        self.text: list[str] = []
        self.length = self.count = 0
        self.cells: dict[str, str] = {}
        self.started = 0

    def setDocumentLocator(self, locator) -> None:
        self.locator = locator

    @property
    def line(self) -> int:
        return (getattr(self, "locator", None) and self.locator.getLineNumber()) or 0

    def startElement(self, name: str, attributes) -> None:
        self.path.append(name)
        if len(self.path) > DEEPEST:
            raise UnreadableFile(_("The file is nested too deeply."), name, self.line)
        if self._is_row():
            self.cells, self.started = {}, self.line
            self.count += 1
            if self.count > MOST_ROWS:
                message = _("The file has more than %(most)d rows.") % {"most": MOST_ROWS}
                raise UnreadableFile(message, self.path[1], self.line)
        self.text, self.length = [], 0

    def _is_row(self) -> bool:
        return len(self.path) == 4 and self.path[2:] == ["rows", "row"]

    def characters(self, content: str) -> None:
        self.length += len(content)
        if self.length > LONGEST_CELL:
            message = _("An element holds more than %(most)d characters.") % {"most": LONGEST_CELL}
            raise UnreadableFile(message, self.path[-1], self.line)
        self.text.append(content)

    def endElement(self, name: str) -> None:
        text = clean("".join(self.text))
        if self._is_row():
            self.tables.rows.setdefault(self.path[1], []).append(Element(self.started, self.cells))
        elif len(self.path) == 5 and self.path[2:4] == ["rows", "row"]:
            self.cells[name] = text
        elif len(self.path) == 2 and name == "LimeSurveyDocType":
            self.tables.kind = text
        elif len(self.path) == 3 and self.path[1] == "languages":
            self.tables.languages.append(text)
        self.path.pop()
        self.text, self.length = [], 0


_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)


def as_text(words: str) -> tuple[str, bool]:
    """LimeSurvey's words are HTML; here they are text. Whether markup went with a script in it."""
    if "<" not in words and "&" not in words:
        return words, False
    is_active = bool(re.search(r"<\s*(script|iframe|object|embed)|\bon\w+\s*=", words, re.I))
    plain = nh3.clean(_BREAKS.sub("\n", words), tags=set(), clean_content_tags={"script", "style"})
    lines = (" ".join(line.split()) for line in html.unescape(plain).split("\n"))
    return clean("\n".join(line for line in lines if line)), is_active


def languages_of(tables: Tables) -> Iterator[str]:
    for language in tables.languages or ["vi"]:
        yield language.split("-")[0].casefold()
