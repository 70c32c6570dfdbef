"""Writing .docx files by hand, with everything that drafts come with."""

# ruff: noqa: E501
from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = f"""{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>
<Override PartName="/word/numbering.xml" ContentType="{_OFFICE}.numbering+xml"/>
<Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/>
<Override PartName="/word/footnotes.xml" ContentType="{_OFFICE}.footnotes+xml"/>
</Types>"""
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = f"""{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>
</Relationships>"""
_DOCUMENT_RELS = f"""{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{_RELATION}/numbering" Target="numbering.xml"/>
<Relationship Id="rId2" Type="{_RELATION}/styles" Target="styles.xml"/>
<Relationship Id="rId3" Type="{_RELATION}/footnotes" Target="footnotes.xml"/>
</Relationships>"""
# A list of articles with clauses and points, bound to styles; a second one of plain dashes.
_NUMBERING = f"""{_HEAD}<w:numbering {_W}>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%2.%3."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="3">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>
</w:numbering>"""
_STYLES = f"""{_HEAD}<w:styles {_W}>
<w:style w:styleId="Dieu"><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Khoan"><w:basedOn w:val="Dieu"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>"""


def run(text: str, properties: str = "") -> str:
    """Words in one run; a tab and a line break are Word's own signs."""
    parts = []
    for number, line in enumerate(text.split("\n")):
        parts.append("<w:br/>" if number else "")
        for place, piece in enumerate(line.split("\t")):
            parts.append("<w:tab/>" if place else "")
            parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{''.join(parts)}</w:r>"


def note(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def p(
    text: str = "",
    *,
    list_: tuple[int, int] | None = None,
    style: str = "",
    more: str = "",
    centred: bool = False,
) -> str:
    """A paragraph; `list_` is (numId, level), `more` are runs of XML after the words."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_:
        properties += (
            f'<w:numPr><w:ilvl w:val="{list_[1]}"/><w:numId w:val="{list_[0]}"/></w:numPr>'
        )
    properties += '<w:jc w:val="center"/>' if centred else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}{more}</w:p>"


def cell(*paragraphs: str, columns: int = 1, merge: str = "") -> str:
    """Paragraphs as plain words or as XML; merge: "restart" or "continue"."""
    inner = "".join(text if text.startswith("<w:") else p(text) for text in paragraphs or ("",))
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge == "restart" else "<w:vMerge/>" if merge else ""
    return f"<w:tc><w:tcPr>{span}{down}</w:tcPr>{inner}</w:tc>"


def table(*rows: list[str], heads: int = 0) -> str:
    made = []
    for number, row in enumerate(rows):
        cells = "".join(text if text.startswith("<w:tc") else cell(text) for text in row)
        head = "<w:trPr><w:tblHeader/></w:trPr>" if number < heads else ""
        made.append(f"<w:tr>{head}{cells}</w:tr>")
    return f"<w:tbl>{''.join(made)}</w:tbl>"


def inserted(text: str) -> str:
    return f'<w:ins w:id="1" w:author="a">{run(text)}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="a"><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>'


def hidden(text: str) -> str:
    return run(text, "<w:vanish/>")


def box(text: str) -> str:
    """A text box, which Word writes twice."""
    inner = f"<w:txbxContent>{p(text)}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{inner}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{inner}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def control(*blocks: str) -> str:
    return f"<w:sdt><w:sdtContent>{''.join(blocks)}</w:sdtContent></w:sdt>"


def docx(*blocks: str, notes: dict[int, str] | None = None, **parts: str) -> bytes:
    """A whole file, the same bytes each time; `parts` stand in for its XML by name."""
    footnotes = "".join(
        f'<w:footnote w:id="{number}">{p(text)}</w:footnote>'
        for number, text in (notes or {}).items()
    )
    body = (
        f"{_HEAD}<w:document {_W} {_MC}><w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>"
    )
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS,
        "word/_rels/document.xml.rels": _DOCUMENT_RELS,
        "word/document.xml": parts.get("document", body),
        "word/numbering.xml": parts.get("numbering", _NUMBERING),
        "word/styles.xml": parts.get("styles", _STYLES),
        "word/footnotes.xml": f"{_HEAD}<w:footnotes {_W}>{footnotes}</w:footnotes>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), content)
    return made.getvalue()
