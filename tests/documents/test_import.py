"""Importing a table of documents: all of it or nothing, and every mistake by its row."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from documents import importing
from documents.models import DocumentImport, DocumentsPage, LegalDocumentPage
from portal.outbox.draining import drain
from site_pages import tree
from tests.accounts import staff, user

HEADER = ["Số, ký hiệu", "Loại", "Cơ quan ban hành", "Cấp", "Ngày ban hành", "Trích yếu"]


@pytest.fixture
def register(db) -> DocumentsPage:
    tree.lay()
    return DocumentsPage.objects.get(locale__language_code="vi")


@pytest.fixture
def editor(register):
    return user("bientap", is_superuser=True)


def line(n: int, **changes: object) -> list[object]:
    values = {
        "number": f"{n}/QĐ-UBND",
        "type": "Quyết định",
        "issuer": "UBND thành phố Hà Nội",
        "level": "Thành phố",
        "day": f"{1 + n % 28:02d}/{1 + n % 12:02d}/2026",
        "title": f"Kế hoạch cải cách hành chính số {n}",
    }
    return list({**values, **changes}.values())


def as_csv(lines: list[list[object]], header: list[str] = HEADER, separator: str = ";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([header, *lines])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(lines: list[list[object]]) -> bytes:
    book = Workbook()
    for cells in [HEADER, *lines]:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_five_thousand_rows_with_twenty_mistakes_name_the_rows_and_take_none(editor):
    lines = [line(n) for n in range(1, 5001)]
    spoiled = {
        57: {"day": "31/02/2026"},
        133: {"number": "không số"},
        260: {"level": "Huyện"},
        391: {"title": ""},
        512: {"type": "Nghị quyết"},
        640: {"issuer": ""},
        777: {"day": "2026"},
        888: {"number": ""},
        999: {"title": "x" * 300},
        1111: {"number": "1111/2025/QĐ-UBND"},
        1500: {"day": ""},
        1777: {"type": "Thư tay"},
        2000: {"level": ""},
        2222: {"day": "05/13/2026"},
        2500: {"number": "2500/"},
        3000: {"issuer": "y" * 201},
        3333: {"number": "1/QĐ-UBND", "day": "02/02/2026"},
        4000: {"day": "01/01/1900"},
        4500: {"number": "<script>"},
        5000: {"title": "   "},
    }
    for n, changes in spoiled.items():
        lines[n - 1] = line(n, **changes)
    made = importing.hand_in("van-ban.csv", as_csv(lines), editor)
    assert {row for row, _column, _text in made.problems} == {n + 1 for n in spoiled}
    assert made.state == "refused"
    assert made.rows == []
    importing.start(made.pk, editor)
    assert LegalDocumentPage.objects.count() == 0


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_a_sound_table_becomes_documents_once(editor, make):
    lines = [line(n) for n in range(1, 31)]
    lines[4] = line(5, issuer=unicodedata.normalize("NFD", "Ủy ban nhân dân TP Hà Nội"))
    made = importing.hand_in("bảng.xlsx" if make is as_xlsx else "bảng.csv", make(lines), editor)
    assert made.problems == []
    assert LegalDocumentPage.objects.count() == 0
    importing.start(made.pk, editor, goes_live=True)
    importing.start(made.pk, editor, goes_live=True)
    drain()
    drain()
    assert LegalDocumentPage.objects.live().count() == 30
    assert len(LegalDocumentPage.objects.issuers()) == 1
    assert LegalDocumentPage.objects.get(number="7/QĐ-UBND").issued_on == date(2026, 8, 8)
    again = importing.hand_in("bang.csv", as_csv(lines), editor)
    assert len(again.problems) == 30


def test_drafts_are_not_public(editor, client):
    made = importing.hand_in("a.csv", as_csv([line(1)]), editor)
    importing.start(made.pk, editor)
    drain()
    page = LegalDocumentPage.objects.get()
    assert not page.live
    assert client.get(page.url or "/van-ban/1-qd-ubnd/").status_code == 404


def test_what_was_registered_meanwhile_stops_the_whole_import(editor):
    first = importing.hand_in("a.csv", as_csv([line(1)]), editor)
    second = importing.hand_in("b.csv", as_csv([line(1), line(2)]), editor)
    importing.start(first.pk, editor)
    importing.start(second.pk, editor)
    drain()
    second.refresh_from_db()
    assert second.state == "failed"
    assert LegalDocumentPage.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "trống"),
        ("a.csv", "Số,ký hiệu".encode("utf-16-be"), ""),
        ("a.csv", b"\x00\xff\xfe\x01", ""),
        ("a.pdf", b"%PDF-1.7", "CSV"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "XLSX"),
        ("a.csv", as_csv([[*line(1), "x"]], [*HEADER, "Cột lạ"]), "Cột này"),
        ("a.csv", as_csv([line(1)], [*HEADER[:-1], "Cấp"]), "Cột này"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(editor, name, content, says):
    made = importing.hand_in(name, content, editor)
    assert made.state == "refused"
    assert any(says in text for _row, _column, text in made.problems)


def test_a_zip_bomb_is_not_opened(editor):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (201 * 1024 * 1024))
    made = importing.hand_in("a.xlsx", out.getvalue(), editor)
    assert made.state == "refused"


def test_the_admin_shows_the_report_and_imports(client, editor):
    client.force_login(editor)
    bad = SimpleUploadedFile("a.csv", as_csv([line(1, day="x")]))
    page = client.post(reverse("document_import_hand_in"), {"file": bad}, follow=True)
    assert "dd/mm/yyyy" in page.content.decode()
    assert client.post(reverse("document_import_hand_in"), {}).status_code == 200
    good = SimpleUploadedFile("a.csv", as_csv([line(1)]))
    page = client.post(reverse("document_import_hand_in"), {"file": good}, follow=True)
    made = DocumentImport.objects.first()
    client.post(reverse("document_import_start", args=[made.pk]), {"publish": "1"})
    drain()
    assert LegalDocumentPage.objects.live().count() == 1
    assert client.get(reverse("document_imports")).status_code == 200
    assert client.get(reverse("document_import", args=[made.pk])).status_code == 200
    sample = client.get(reverse("document_import_sample"))
    assert sample.content.startswith("\ufeff".encode())


def test_who_may_not_add_documents_may_not_import(client, register):
    stranger = staff("lanhdao")
    client.force_login(stranger)
    for name in ("document_imports", "document_import_sample"):
        assert client.get(reverse(name)).status_code in (302, 403)
    posted = client.post(
        reverse("document_import_hand_in"), {"file": SimpleUploadedFile("a.csv", b"x")}
    )
    assert posted.status_code in (302, 403)
    assert not DocumentImport.objects.exists()
