"""What an edition carries beside its PDF, drawn from the same snapshot and frozen with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone, translation

from .formats import NBSP, day_in_words
from .kinds import DataFile, ReportKind
from .models import Edition, EditionFile, FileKind
from .pdf import Attached, to_pdf
from .word import to_docx

# What each is called at its address, and what it is for a browser.
NAMES: dict[str, tuple[str, str]] = {
    FileKind.ARCHIVE: ("luu-tru.pdf", "application/pdf"),
    FileKind.SUMMARY: ("tom-tat.pdf", "application/pdf"),
    FileKind.DOCX: (
        "bao-cao.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    FileKind.CSV: ("so-lieu.csv", "text/csv; charset=utf-8"),
    FileKind.JSON: ("so-lieu.json", "application/json; charset=utf-8"),
    FileKind.DICTIONARY: ("mo-ta-cot.json", "application/json; charset=utf-8"),
    FileKind.METHOD: ("phuong-phap.txt", "text/plain; charset=utf-8"),
}
# The draft for editing is the office's own.
PUBLIC = {kind: name for kind, (name, _type) in NAMES.items() if kind != FileKind.DOCX}
DATA = (FileKind.CSV, FileKind.JSON, FileKind.DICTIONARY, FileKind.METHOD)


@dataclass(frozen=True)
class Extra:
    kind: str
    content: bytes


def draw(
    edition: Edition, kind: ReportKind, html: str, summary: str, snapshot: bytes
) -> list[Extra]:
    """Everything that this kind of report carries; `html` is that of the PDF for reading."""
    made: list[Extra] = []
    if summary:
        made.append(Extra(FileKind.SUMMARY, to_pdf(summary, now=edition.made_at)))
    if kind.paper:
        made.append(Extra(FileKind.DOCX, _docx(edition, kind)))
    if kind.data:
        files = kind.data(edition.snapshot, edition.code)
        made += [Extra(file.kind, file.content) for file in files]
        made.append(Extra(FileKind.ARCHIVE, _archive(edition, html, files, snapshot)))
    return made


def _docx(edition: Edition, kind: ReportKind) -> bytes:
    with translation.override("vi"):
        paper = kind.paper(edition.snapshot)
    blank = NBSP * 6
    year = timezone.localtime(edition.made_at).year
    date = (
        day_in_words(edition.document_date)
        if edition.document_date
        else f"ngày{blank}tháng{blank}năm {year}"
    )
    number = edition.document_number or f"{blank}/{kind.whole_letterhead['symbol']}"
    opening = [f"Bản đính chính. {edition.change_note}"] if edition.change_note else []
    return to_docx(
        paper.chapters,
        title=edition.title,
        letterhead=kind.whole_letterhead,
        reference=(number, f"{kind.whole_letterhead['place']}, {date}"),
        opening=opening + paper.opening,
        signature=paper.signature,
        recipients=paper.recipients,
        code=edition.code,
        now=edition.made_at,
    )


def _archive(edition: Edition, html: str, files: list[DataFile], snapshot: bytes) -> bytes:
    """PDF/A-3a: the report with its data, the whole snapshot and the method inside."""
    attached = [
        Attached(NAMES[file.kind][0], file.content, file.description)
        for file in files
        if file.kind != FileKind.JSON
    ]
    attached.append(
        Attached("anh-chup-so-lieu.json", snapshot, "Toàn bộ số liệu của bản phát hành")
    )
    return to_pdf(html, now=edition.made_at, variant="pdf/a-3a", attached=attached)


def keep(edition: Edition, made: list[Extra]) -> None:
    """Store what was drawn, in place of what an earlier drawing left."""
    edition.files.all().delete()
    for extra in made:
        digest = hashlib.sha256(extra.content).hexdigest()
        row = EditionFile(edition=edition, kind=extra.kind, sha256=digest, size=len(extra.content))
        name = f"{edition.code}-{digest[:8]}-{NAMES[extra.kind][0]}"
        row.file.save(name, ContentFile(extra.content), save=False)
        row.save(force_insert=True)


def kind_named(name: str) -> str | None:
    """The kind of file that stands at this name of a public address."""
    return next((kind for kind, known in PUBLIC.items() if known == name), None)
