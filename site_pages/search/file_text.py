"""The text inside attached PDF and DOCX files, read by the queue in a process of its own.

A file may be hostile or huge: the child process has a limit of time and of memory,
and whatever happens to it happens to nobody else.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction
from wagtail.documents.models import Document

from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.text import clean

from ..file_access import carrying_pages
from .indexing import index_page
from .models import FileText, TextState
from .reading import LONGEST_TEXT, SECONDS

logger = logging.getLogger(__name__)

KIND = "search.file-text"
READER = "site_pages.search.reading"
READABLE = {"pdf", "docx"}


def call_for(document: Document) -> None:
    """Have a new or replaced file read; the same file is read once."""
    if document.file_extension.lower() not in READABLE:
        return
    with transaction.atomic():
        send(KIND, f"{document.pk}-{document.get_file_hash()}", document_id=document.pk)


def carry_out(row: OutboxRow) -> None:
    """The effect: read the file, keep its text, index the pages that carry it."""
    document = Document.objects.filter(pk=row.payload["document_id"]).first()
    if document is None:
        return
    with NamedTemporaryFile(suffix=f".{document.file_extension.lower()}") as copy:
        with document.file.open("rb") as source:
            shutil.copyfileobj(source, copy)
        copy.flush()
        text, state = read_apart(Path(copy.name))
    with transaction.atomic():
        FileText.objects.update_or_create(
            document=document,
            defaults={"file_hash": document.file_hash, "text": text, "state": state},
        )
        for page_id in carrying_pages(document):
            index_page(page_id)


def read_apart(path: Path) -> tuple[str, TextState]:
    """The file's text, read by a child process that may die without harm."""
    try:
        done = subprocess.run(  # noqa: S603 the path is our own, given by the storage
            [sys.executable, "-m", READER, str(path)],
            capture_output=True,
            timeout=SECONDS + 5,
            check=True,
            cwd=Path(__file__).resolve().parents[2],
        )
    except subprocess.TimeoutExpired:
        logger.warning("reading %s took longer than %s s", path.name, SECONDS)
        return "", TextState.FAILED
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        logger.warning("%s could not be read: %s", path.name, said[-1:] or error.returncode)
        return "", TextState.FAILED
    text = clean(done.stdout.decode("utf-8", "replace"))[:LONGEST_TEXT]
    return text, TextState.READ if text else TextState.NO_TEXT
