"""DOCX for editing, in the layout of Decree 30/2020 (Annex I).

Tables only: a chart stands as its title and its table. The same report and moment give
the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from django.utils import timezone
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph

from .parts import Block, Chapter, Figure, Heading, Table, Text, roman

FONT = "Times New Roman"
# The earliest moment a ZIP can hold: when an entry was written is no part of the paper.
_EPOCH = (1980, 1, 1, 0, 0, 0)
CENTRE, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
RIGHT, LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def to_docx(
    chapters: list[Chapter],
    *,
    title: str,
    letterhead: dict[str, str],
    reference: tuple[str, str],
    opening: list[str],
    signature: str,
    recipients: list[str],
    code: str,
    now: datetime,
) -> bytes:
    """`reference` is the document's number and its place and date, as printed."""
    paper = Document()
    _set_page(paper)
    _set_styles(paper)
    set_facts(paper, title, letterhead["issuer"], now)
    _head(paper, letterhead, reference)
    _line(paper, "BÁO CÁO", CENTRE, bold=True, size=14, before=18)
    _line(paper, title, CENTRE, bold=True, size=14)
    for text in opening:
        _body(paper, text)
    for place, chapter in enumerate(chapters, 1):
        paper.add_heading(f"{roman(place)}. {chapter.title.upper()}", level=1)
        for block in chapter.blocks:
            _block(paper, block)
    _closing(paper, signature, recipients)
    _line(paper, f"Mã xác thực: {code}", LEFT, size=11, before=12)
    return saved(paper)


def _set_page(paper: Paper) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(22)
    section.left_margin, section.right_margin = Mm(30), Mm(18)
    # The number stands at the top, in the middle, from the second page on.
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _field(number, "PAGE")


def _field(paragraph: Paragraph, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _set_styles(paper: Paper) -> None:
    for name, size in (("Normal", 13.5), ("Heading 1", 13.5), ("Heading 2", 13.5), ("Caption", 12)):
        style = paper.styles[name]
        set_letters(style, size)
        style.font.bold = name.startswith("Heading")
        style.font.italic = name == "Caption"
        if name != "Caption":
            style.paragraph_format.first_line_indent = Cm(1.27)
            style.paragraph_format.space_before = Pt(6)
            style.paragraph_format.space_after = Pt(0)


def set_letters(style: ParagraphStyle, size: float) -> None:
    """The typeface of Decree 30 in every script, whatever the theme says; Vietnamese words."""
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    letters = style.element.get_or_add_rPr()
    fonts = letters.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    language.set(qn("w:eastAsia"), "vi-VN")
    letters.append(language)


def set_facts(paper: Paper, title: str, author: str, now: datetime) -> None:
    facts = paper.core_properties
    facts.title, facts.author, facts.language = title[:255], author, "vi-VN"
    facts.comments, facts.revision = "", 1
    facts.created = facts.modified = now.astimezone(timezone.get_fixed_timezone(0)).replace(
        tzinfo=None, microsecond=0
    )
    facts.last_modified_by = author


def _line(
    place: Paper | object,
    text: str,
    align: WD_ALIGN_PARAGRAPH,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 13.5,
    before: float = 0,
) -> Paragraph:
    """A paragraph of its own shape, in the paper or in a cell."""
    paragraph = place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = Cm(0)
    paragraph.paragraph_format.space_before = Pt(before)
    run = paragraph.add_run(printable(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def printable(text: str) -> str:
    """XML holds no control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def _body(paper: Paper, text: str) -> None:
    paragraph = paper.add_paragraph(printable(text))
    paragraph.alignment = JUSTIFY


def _head(paper: Paper, letterhead: dict[str, str], reference: tuple[str, str]) -> None:
    grid = paper.add_table(rows=2, cols=2)
    grid.autofit = False
    for row in grid.rows:
        for cell, width in zip(row.cells, (66, 96), strict=True):
            cell.width = Mm(width)
    issuer, state = grid.rows[0].cells
    _in_cell(issuer, [(letterhead["parent"].upper(), False), (letterhead["issuer"].upper(), True)])
    _in_cell(
        state,
        [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True)],
    )
    number, place = grid.rows[1].cells
    _in_cell(number, [(f"Số: {reference[0]}", False)])
    _in_cell(place, [(reference[1], False)], italic=True)


def _in_cell(cell: object, lines: list[tuple[str, bool]], italic: bool = False) -> None:
    for text, bold in lines:
        _line(cell, text, CENTRE, bold=bold, italic=italic, size=12.5)
    # A cell is born with an empty paragraph.
    first = cell.paragraphs[0]._p
    first.getparent().remove(first)


def _block(paper: Paper, block: Block) -> None:
    if isinstance(block, Text):
        text = f"Nhận xét của Tổ công tác: {block.text}" if block.is_comment else block.text
        _body(paper, text)
    elif isinstance(block, Heading):
        paper.add_heading(printable(block.text), level=2)
    elif isinstance(block, Table):
        _table(paper, block.label, block.header, block.rows, block.note, block.has_total)
    elif isinstance(block, Figure) and not block.has_table:
        chart = block.chart
        _table(paper, block.label, chart.header, chart.rows, chart.source, has_total=False)


def _table(
    paper: Paper,
    label: str,
    header: list[str],
    rows: list[list[str]],
    note: str,
    has_total: bool,
) -> None:
    caption = paper.add_paragraph(printable(label), style="Caption")
    caption.paragraph_format.keep_with_next = True
    grid = paper.add_table(rows=1 + len(rows), cols=len(header))
    grid.style = "Table Grid"
    _describe(grid, label, f"{len(rows)} dòng; cột: {', '.join(header)}")
    for column, text in enumerate(header):
        _fill(grid.rows[0].cells[column], text, CENTRE, bold=True)
    _repeat(grid.rows[0])
    for place, row in enumerate(rows, 1):
        cells = grid.rows[place].cells
        is_total = has_total and place == len(rows)
        for column, text in enumerate(row):
            _fill(cells[column], text, RIGHT if column else LEFT, bold=is_total)
    if note:
        _line(paper, note, LEFT, italic=True, size=11, before=3)


def _fill(cell: object, text: str, align: WD_ALIGN_PARAGRAPH, *, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = Cm(0)
    paragraph.paragraph_format.space_before = Pt(1)
    run = paragraph.add_run(printable(text))
    run.bold, run.font.size = bold, Pt(12)


def _repeat(row: object) -> None:
    """Word repeats the header row on each page and reads it as a header."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _describe(grid: Grid, title: str, text: str) -> None:
    """What a screen reader says of the table."""
    for tag, words in (("w:tblCaption", title), ("w:tblDescription", text)):
        mark = OxmlElement(tag)
        mark.set(qn("w:val"), printable(words)[:250])
        grid._tbl.tblPr.append(mark)


def _closing(paper: Paper, signature: str, recipients: list[str]) -> None:
    grid = paper.add_table(rows=1, cols=2)
    left, right = grid.rows[0].cells
    _line(left, "Nơi nhận:", LEFT, bold=True, italic=True, size=12)
    for text in recipients:
        _line(left, f"- {text}", LEFT, size=11)
    _line(right, signature, CENTRE, bold=True)
    for cell in (left, right):
        first = cell.paragraphs[0]._p
        first.getparent().remove(first)


def saved(paper: Paper) -> bytes:
    out = io.BytesIO()
    paper.save(out)
    return _without_moments(out.getvalue())


def _without_moments(content: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            kept.writestr(entry, made.read(name))
    return out.getvalue()
