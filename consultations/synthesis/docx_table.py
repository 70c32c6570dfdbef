"""The table as DOCX, A4 across, for an office that goes on working with it.

Rows are written as XML: python-docx looks through the whole table for each cell, which a
thousand rows do not bear.
"""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .report import answer_text, groups

FONT = "Times New Roman"
HEADS = ["TT", "Nội dung góp ý", "Cơ quan, tổ chức, cá nhân góp ý", "Tiếp thu, giải trình"]
# Twentieths of a point; together the width between the margins.
WIDTHS = [700, 5200, 3300, 5000]


def to_docx(figures: dict, counted: list[str]) -> bytes:
    """`counted` are the sentences with the figures, as the paper has them."""
    paper = Document()
    _set_page(paper)
    _set_style(paper)
    _line(paper, "BẢNG TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN", bold=True)
    _line(paper, figures["consultation"]["title"], bold=True)
    _line(paper, f"Cơ quan chủ trì soạn thảo: {figures['consultation']['agency']}")
    if figures["publication"]["change_note"]:
        note = figures["publication"]["change_note"]
        paper.add_paragraph(_printable(f"Bản đính chính. {note}"))
    for sentence in counted:
        paper.add_paragraph(_printable(sentence))
    paper.element.body.insert(len(paper.element.body) - 1, _grid(figures))
    paper.add_paragraph(f"Dấu vết của bảng (SHA-256): {figures['publication']['sha256']}")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _set_page(paper: Paper) -> None:
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(17)


def _set_style(paper: Paper) -> None:
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(4)


def _line(paper: Paper, text: str, bold: bool = False) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(_printable(text))
    run.bold, run.font.size = bold, Pt(13)


def _printable(text: str) -> str:
    """XML holds no control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


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
    for line in _printable(text).split("\n") or [""]:
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
