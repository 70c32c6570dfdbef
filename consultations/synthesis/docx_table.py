"""The table as DOCX, A4 across, for an office that goes on working with it.

Rows are written as XML: python-docx looks through the whole table for each cell, which a
thousand rows do not bear.
"""

from __future__ import annotations

from datetime import datetime

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.reporting.word import printable, saved, set_facts, set_letters

from .report import answer_text, groups

TITLE = "BẢNG TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN"
HEADS = ["TT", "Nội dung góp ý", "Cơ quan, tổ chức, cá nhân góp ý", "Tiếp thu, giải trình"]
# Twentieths of a point; together the width between the margins.
WIDTHS = [700, 5200, 3300, 5000]


def to_docx(figures: dict, counted: list[str]) -> bytes:
    """`counted` are the sentences with the figures, as the paper has them."""
    paper = Document()
    _set_page(paper)
    consultation, publication = figures["consultation"], figures["publication"]
    title = f"{TITLE}: {consultation['title']}"
    set_letters(paper.styles["Normal"], 12)
    paper.styles["Normal"].paragraph_format.space_after = Pt(4)
    set_facts(
        paper,
        title,
        consultation["agency"],
        datetime.fromisoformat(publication["published_at"]),
    )
    _line(paper, TITLE, bold=True)
    _line(paper, consultation["title"], bold=True)
    _line(paper, f"Cơ quan chủ trì soạn thảo: {consultation['agency']}")
    if note := publication["change_note"]:
        paper.add_paragraph(printable(f"Bản đính chính. {note}"))
    for sentence in counted:
        paper.add_paragraph(printable(sentence))
    paper.element.body.insert(len(paper.element.body) - 1, _grid(figures))
    paper.add_paragraph(f"Dấu vết của bảng (SHA-256): {publication['sha256']}")
    return saved(paper)


def _set_page(paper: Paper) -> None:
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(17)


def _line(paper: Paper, text: str, bold: bool = False) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(printable(text))
    run.bold, run.font.size = bold, Pt(13)


def _element(name: str, **attributes: str) -> OxmlElement:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _grid(figures: dict) -> OxmlElement:
    table = _element("w:tbl")
    shape = _element("w:tblPr")
    shape.append(_element("w:tblStyle", val="TableGrid"))
    shape.append(_element("w:tblW", w=str(sum(WIDTHS)), type="dxa"))
    shape.append(_element("w:tblLayout", type="fixed"))
    table.append(shape)
    columns = _element("w:tblGrid")
    columns.extend([_element("w:gridCol", w=str(width)) for width in WIDTHS])
    table.append(columns)
    table.append(_row(HEADS, is_head=True))
    for group in groups(figures):
        table.append(_span(group["place"]))
        for row in group["rows"]:
            table.append(_row([str(row["n"]), row["summary"], row["who"], answer_text(row)]))
    return table


def _row(texts: list[str], is_head: bool = False) -> OxmlElement:
    made = _element("w:tr")
    shape = _element("w:trPr")
    if is_head:
        shape.append(_element("w:cantSplit"))
        shape.append(_element("w:tblHeader"))
    made.append(shape)
    for text, width in zip(texts, WIDTHS, strict=True):
        made.append(_cell(text, width, is_bold=is_head))
    return made


def _span(text: str) -> OxmlElement:
    made = _element("w:tr")
    made.append(_cell(text, sum(WIDTHS), is_bold=True, span=len(WIDTHS)))
    return made


def _cell(text: str, width: int, is_bold: bool = False, span: int = 1) -> OxmlElement:
    cell = _element("w:tc")
    shape = _element("w:tcPr")
    shape.append(_element("w:tcW", w=str(width), type="dxa"))
    if span > 1:
        shape.append(_element("w:gridSpan", val=str(span)))
    cell.append(shape)
    for line in printable(text).split("\n") or [""]:
        paragraph, run = _element("w:p"), _element("w:r")
        if is_bold:
            letters = _element("w:rPr")
            letters.append(_element("w:b"))
            run.append(letters)
        words = _element("w:t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(words)
        paragraph.append(run)
        cell.append(paragraph)
    return cell
