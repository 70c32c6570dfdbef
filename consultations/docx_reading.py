"""Reading a .docx as a reader sees it: automatic numbers, footnotes and tables included.

Only the parts that hold words are opened, each within a limit, by a parser that knows no
entities and fetches nothing. Whether the file may be taken at all is asked before, by
`portal.protection` (macros, bombs, parts fetched from elsewhere).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException, ElementTree
from django.utils.translation import gettext as _

from .docx_numbering import Numbering
from .docx_xml import NS, OFF, W, attribute, is_on, value_of
from .structure import Block, Cell, Rows

# A draft of a thousand pages unpacks to some twenty megabytes.
LARGEST_PART = 40 * 1024 * 1024
DEEPEST = 60
_TRANSPARENT = {W + "ins", W + "smartTag", W + "hyperlink", W + "fldSimple", W + "customXml"}
_TRANSPARENT |= {W + "sdt", W + "sdtContent", W + "moveTo", W + "dir", W + "bdo"}
# What was struck out, moved away or commands a field is not the text.
_SILENT = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "instrText", W + "delText"}
_PRIVATE = {W + name for name in ("ins", "del", "moveFrom", "moveTo", "comment")}
_SPOKEN_PARTS = ("document", "footnotes", "endnotes", "comments")
_SIGNS = {
    W + "tab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "sym": "•",
}


class Unreadable(Exception):
    """The file is no .docx that can be read; the words say what to do."""


def read_docx(file: IO[bytes]) -> list[Block]:
    """The paragraphs, tables and footnotes of a .docx in their order."""
    try:
        with zipfile.ZipFile(file) as archive:
            return list(_Reader(archive).blocks())
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        raise Unreadable(
            _("The file is damaged or locked by a password. Save it again as .docx.")
        ) from None
    except (ElementTree.ParseError, DefusedXmlException, RecursionError, ValueError):
        raise Unreadable(
            _("The file is not built as Word builds it. Save it again as .docx in Word.")
        ) from None


def has_private_marks(file: IO[bytes]) -> bool:
    """Whether the file still carries what the public is not to read: changes, notes, hidden words.

    A file that cannot be read carries who knows what.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = [_part(archive, f"word/{name}.xml") for name in _SPOKEN_PARTS]
    except (zipfile.BadZipFile, Unreadable, RuntimeError, EOFError, zlib.error, ValueError):
        return True
    except (ElementTree.ParseError, DefusedXmlException, RecursionError):
        return True
    return any(
        _is_private(element) for part in parts if part is not None for element in part.iter()
    )


def _is_private(element: Element) -> bool:
    if element.tag == W + "vanish":
        return attribute(element, "val").lower() not in OFF
    return element.tag in _PRIVATE or element.tag.endswith("PrChange")


def _part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """A part as a tree; None where the file has none of this name."""
    try:
        told = archive.getinfo(name)
    except KeyError:
        return None
    if told.file_size > LARGEST_PART:
        raise Unreadable(_("The file is too large to be read. Split it and send the parts."))
    with archive.open(told) as content:
        # The size that the archive tells may be a lie.
        raw = content.read(LARGEST_PART + 1)
    if len(raw) > LARGEST_PART:
        raise Unreadable(_("The file is too large to be read. Split it and send the parts."))
    return ElementTree.fromstring(raw, forbid_dtd=True)


@dataclass
class _Words:
    """What a paragraph says, and the footnotes that it calls for."""

    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


class _Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        document = _part(archive, "word/document.xml")
        body = None if document is None else document.find("w:body", NS)
        if body is None:
            raise zipfile.BadZipFile
        self.body = body
        self.numbering = Numbering(
            _part(archive, "word/numbering.xml"), _part(archive, "word/styles.xml")
        )
        self.notes = {
            **_notes(_part(archive, "word/footnotes.xml"), "footnote"),
            **_notes(_part(archive, "word/endnotes.xml"), "endnote"),
        }
        # Notes are counted as they are met, like in print.
        self.numbers: dict[str, int] = {}

    def blocks(self) -> Iterator[Block]:
        yield from self._of_container(self.body, 0)

    def _of_container(self, container: Element, depth: int) -> Iterator[Block]:
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
        for child in container:
            if child.tag == W + "p":
                yield from self._of_paragraph(child, depth)
            elif child.tag == W + "tbl":
                yield from self._of_table(child, depth)
            elif child.tag in _TRANSPARENT:
                yield from self._of_container(child, depth + 1)
            elif child.tag.endswith("}AlternateContent"):
                yield from self._of_container(_choice(child), depth + 1)

    def _of_paragraph(self, paragraph: Element, depth: int) -> Iterator[Block]:
        words = _Words()
        self._listen(paragraph, words, 0)
        number = self.numbering.number_of(paragraph)
        text = "".join(words.said)
        # An empty paragraph of a list shows its number too; nobody means it.
        text = f"{number} {text}" if number and text.strip() else text
        is_centred = value_of(paragraph, "w:pPr/w:jc") == "center"
        for line in text.split("\n"):
            if line.strip():
                yield Block(line.strip(), is_centred=is_centred)
        for key in words.notes:
            yield Block(f"[{self.numbers[key]}] {self.notes.get(key, '')}".strip(), is_note=True)
        for box in words.boxes:
            yield from self._of_container(box, depth + 1)

    def _listen(self, element: Element, words: _Words, depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
        for child in element:
            tag = child.tag
            if tag in _SILENT or (tag == W + "r" and is_on(child, "w:rPr/w:vanish")):
                continue
            if tag == W + "t" or tag.endswith("/math}t"):
                words.said.append(child.text or "")
            elif tag in _SIGNS:
                words.said.append("" if attribute(child, "type") == "page" else _SIGNS[tag])
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                self._call_note(child, words)
            elif tag == W + "txbxContent":
                words.boxes.append(child)
            elif tag.endswith("}AlternateContent"):
                self._listen(_choice(child), words, depth + 1)
            else:
                self._listen(child, words, depth + 1)

    def _call_note(self, reference: Element, words: _Words) -> None:
        kind = "footnote" if reference.tag == W + "footnoteReference" else "endnote"
        key = f"{kind} {attribute(reference, 'id')}"
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            words.notes.append(key)
        words.said.append(f"[{self.numbers[key]}]")

    # Tables

    def _of_table(self, table: Element, depth: int) -> Iterator[Block]:
        """A frame of one cell is no table: its paragraphs stand in the text."""
        rows = list(_rows(table))
        cells = [cell for row in rows for cell in _cells(row)]
        if len(cells) == 1:
            yield from self._of_container(cells[0], depth + 1)
            return
        notes: list[Block] = []
        grid = [list(self._row(row, depth, notes)) for row in rows]
        merged = _merged(grid)
        if any(str(cell["text"]) for row in merged for cell in row):
            yield Block(cells=merged)
        yield from notes

    def _row(self, row: Element, depth: int, notes: list[Block]) -> Iterator[_RawCell]:
        is_head = is_on(row, "w:trPr/w:tblHeader")
        for cell in _cells(row):
            blocks = list(self._of_container(cell, depth + 1))
            notes += [block for block in blocks if block.is_note]
            lines = [_flat(block) for block in blocks if not block.is_note]
            merge = cell.find("w:tcPr/w:vMerge", NS)
            yield _RawCell(
                "\n".join(lines),
                _span(cell),
                goes_on=merge is not None and attribute(merge, "val") != "restart",
                begins=merge is not None and attribute(merge, "val") == "restart",
                is_head=is_head,
            )


@dataclass
class _RawCell:
    text: str
    columns: int
    goes_on: bool
    begins: bool
    is_head: bool


def _span(cell: Element) -> int:
    told = value_of(cell, "w:tcPr/w:gridSpan")
    return min(max(int(told), 1), 60) if told.isascii() and told.isdecimal() else 1


def _merged(grid: list[list[_RawCell]]) -> Rows:
    """Cells that go on from the row above are one with it; their words, if any, go along."""
    rows: Rows = []
    above: dict[int, Cell] = {}
    for raw in grid:
        row, column = [], 0
        for cell in raw:
            if cell.goes_on and column in above and not cell.text:
                above[column]["rows"] = int(str(above[column].get("rows", 1))) + 1
            else:
                made = _as_cell(cell)
                row.append(made)
                above.pop(column, None)
                if cell.begins:
                    above[column] = made
            column += cell.columns
        rows.append(row)
    return rows


def _as_cell(cell: _RawCell) -> Cell:
    made: Cell = {"text": cell.text}
    if cell.columns > 1:
        made["columns"] = cell.columns
    if cell.is_head:
        made["is_head"] = True
    return made


def _flat(block: Block) -> str:
    """A table within a cell, as lines."""
    if block.cells is None:
        return block.text
    return "\n".join(" | ".join(str(cell["text"]) for cell in row) for row in block.cells)


def _rows(table: Element) -> Iterator[Element]:
    yield from _within(table, W + "tr")


def _cells(row: Element) -> Iterator[Element]:
    yield from _within(row, W + "tc")


def _within(element: Element, tag: str, depth: int = 0) -> Iterator[Element]:
    """Children of this tag, also where Word wraps them in controls and tracked changes."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _within(child, tag, depth + 1)


def _choice(alternate: Element) -> Element:
    """Of the same content twice, the first form that there is."""
    return next(iter(alternate), alternate)


def _notes(part: Element | None, kind: str) -> dict[str, str]:
    """Footnotes by kind and id; separators are none."""
    found: dict[str, str] = {}
    for note in [] if part is None else part.findall(f"w:{kind}", NS):
        if attribute(note, "type"):
            continue
        said = ["".join(text.text or "" for text in p.iter(W + "t")) for p in note.iter(W + "p")]
        found[f"{kind} {attribute(note, 'id')}"] = " ".join(line.strip() for line in said).strip()
    return found
