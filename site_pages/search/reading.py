"""Taking the text out of one file; run as a process of its own (file_text.py), without Django."""

from __future__ import annotations

import resource
import sys
import zipfile
from pathlib import Path

from defusedxml.ElementTree import iterparse
from pypdf import PdfReader

SECONDS = 60
MEMORY = 1024 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
LONGEST_TEXT = 300_000
MOST_PAGES = 1000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_pdf(path: Path) -> str:
    pages = PdfReader(path).pages
    return "\n".join(pages[n].extract_text() for n in range(min(len(pages), MOST_PAGES)))


def read_docx(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo("word/document.xml").file_size > LARGEST_UNPACKED:
            raise ValueError("the document unpacks to more than it may")
        with archive.open("word/document.xml") as source:
            parts = []
            for _event, element in iterparse(source):
                if element.tag == f"{_W}t":
                    parts.append(element.text or "")
                elif element.tag in (f"{_W}p", f"{_W}tab", f"{_W}br"):
                    parts.append(" ")
                    element.clear()
    return "".join(parts)


def _main(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    reader = read_pdf if path.suffix.lower() == ".pdf" else read_docx
    text = reader(path)[:LONGEST_TEXT]
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
