"""A file that is uploaded is what its name says."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents.models import Document

from tests.accounts import user

pytestmark = pytest.mark.django_db

WORD = ("[Content_Types].xml", "word/document.xml")


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "is_taken"),
    [
        ("a.pdf", b"%PDF-1.7 x", True),
        ("a.pdf", b"MZ\x90\x00 program", False),
        ("a.pdf", b"<html><script>alert(1)</script>", False),
        ("a.docx", packed(*WORD), True),
        ("a.docx", packed(*WORD, "word/vbaProject.bin"), False),
        ("a.docx", b"%PDF-1.7 x", False),
        ("a.xlsx", packed(*WORD), False),
        ("a.csv", "Số;Tên".encode("utf-16"), True),
        ("a.csv", b"\x7fELF\x00", False),
        ("a.exe", b"MZ", False),
        ("a.pdf.html", b"%PDF-1.7", False),
    ],
)
def test_the_content_decides(client, home, name, content, is_taken):
    client.force_login(user("bientap", is_superuser=True))
    file = SimpleUploadedFile(name, content)
    client.post("/quan-tri/documents/add/", {"title": "Tệp <b>", "file": file})
    client.post(
        "/quan-tri/documents/multiple/add/",
        {"title": "Tệp <b>", "files[]": SimpleUploadedFile(name, content)},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert Document.objects.count() == (2 if is_taken else 0)
