"""Importing a table of documents: all of it or nothing, and every mistake by its row."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook
from wagtail.models import PageLogEntry

from documents import importing, tables
from documents.models import DocumentImport, DocumentsPage, LegalDocumentPage
from editorial.models import Appointment, BoardDecision, Post
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
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


def as_xlsx(lines: list[list[object]], header: list[str] = HEADER) -> bytes:
    book = Workbook()
    for cells in [header, *lines]:
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
    other = user("nguoikhac", is_superuser=True)
    importing.start(made.pk, other, goes_live=True)
    importing.start(made.pk, editor, goes_live=True)
    (entry,) = PageLogEntry.objects.filter(action="documents.import")
    assert (entry.user, entry.data["documents"]) == (other, 30)
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


def unpacked_to(size: int) -> bytes:
    """A sound workbook whose sheet goes on with blanks."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx([line(1)]))) as sound,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in sound.namelist():
            content = sound.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b" " * size + b"</sheetData>")
            bomb.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_not_opened(editor):
    assert importing.hand_in("a.xlsx", unpacked_to(10), editor).state == "checked"
    assert importing.hand_in("a.xlsx", unpacked_to(tables.LARGEST_UNPACKED), editor).rows == []


@pytest.mark.parametrize(
    "content",
    [
        ("\n" * 21_000 + as_csv([line(1)]).decode()).encode(),
        as_csv([[*line(1), *[""] * 300]]),
        as_xlsx([[*line(1), *[None] * 300, "x"]]),
    ],
)
def test_a_table_of_emptiness_is_not_read_to_its_end(editor, content):
    name = "a.xlsx" if content.startswith(b"PK") else "a.csv"
    assert importing.hand_in(name, content, editor).state == "refused"


def test_rows_are_counted_as_a_spreadsheet_counts_them(editor):
    lines = [line(1, title="Hai\ndòng"), [], line(2, day="x")]
    made = importing.hand_in("a.csv", as_csv(lines), editor)
    assert [row for row, _column, _text in made.problems] == [4]
    made = importing.hand_in("a.csv", b"sep=;\n" + as_csv([line(1), line(2, day="x")])[3:], editor)
    assert [row for row, _column, _text in made.problems] == [4]


def test_a_cell_beyond_the_header_is_told_and_not_dropped(editor):
    shifted = as_csv([line(1)], separator=",").replace(b" ch", b", ch")
    made = importing.hand_in("a.csv", shifted, editor)
    assert [row for row, _column, _text in made.problems] == [2]


@pytest.mark.parametrize(
    "changes",
    [
        {"day": datetime(1900, 1, 1)},  # noqa: DTZ001
        {"day": 45000},
        {"title": "#N/A"},
        {"number": f"1/{'A' * 70}-UBND"},
        {"issuer": None},
    ],
)
def test_what_excel_makes_of_a_cell_is_checked_too(editor, changes):
    made = importing.hand_in("a.xlsx", as_xlsx([line(1), line(2, **changes)]), editor)
    assert {row for row, _column, _text in made.problems} == {3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_excel_saves_csv_in_many_ways(editor, encoding, separator):
    text = as_csv([line(1)], separator=separator).decode("utf-8-sig")
    made = importing.hand_in("a.csv", text.encode(encoding), editor)
    assert made.problems == []


def test_a_formula_is_only_text(editor):
    made = importing.hand_in("a.csv", as_csv([line(1, title="=1+1")]), editor)
    assert made.rows[0]["title"] == "=1+1"
    made = importing.hand_in("a.xlsx", as_xlsx([line(1, title="=1+1")]), editor)
    assert [row for row, _column, _text in made.problems] == [2]


def test_the_same_document_with_a_leading_zero_is_a_duplicate(editor):
    lines = [line(5, number="05/QĐ-UBND"), line(5, number="5/QĐ-UBND")]
    made = importing.hand_in("a.csv", as_csv(lines), editor)
    assert [row for row, _column, _text in made.problems] == [3]


def test_a_table_costs_the_queue_few_statements_however_long(editor, register):
    made = importing.hand_in("a.csv", as_csv([line(n) for n in range(1, 201)]), editor)
    importing.start(made.pk, editor, goes_live=True)
    row = OutboxRow.objects.get(kind=importing.KIND)
    with CaptureQueriesContext(connection) as asked:
        importing.carry_out(row)
    assert len(asked) < 200 * 1.5 + 60


def test_imported_documents_are_pages_like_any_other(client, editor, register):
    made = importing.hand_in("a.csv", as_csv([line(n) for n in range(1, 4)]), editor)
    importing.start(made.pk, editor, goes_live=True)
    drain()
    drain()
    page = LegalDocumentPage.objects.get(number="2/QĐ-UBND")
    register.refresh_from_db()
    assert register.get_children_count() == register.numchild == 3
    assert DocumentsPage.find_problems() == ([], [], [], [], [])
    assert client.get("/van-ban/2-qd-ubnd/").status_code == 200
    found = client.get("/tim-kiem/", {"q": "2/QĐ-UBND"}).context["page_obj"].object_list
    assert found[0].page_id == page.pk
    assert {entry.action for entry in PageLogEntry.objects.filter(page=page.pk)} == {
        "wagtail.create",
        "wagtail.publish",
    }
    client.force_login(editor)
    assert client.get(f"/quan-tri/pages/{page.pk}/edit/").status_code == 200
    assert page.title in client.get("/quan-tri/pages/search/?q=hành").content.decode()
    page.title = "Sửa lại"
    page.save_revision().publish()
    assert LegalDocumentPage.objects.get(pk=page.pk).title == "Sửa lại"


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


@pytest.mark.gated
def test_a_table_goes_public_only_when_who_decides_on_the_register_approves_it(register):
    decision = BoardDecision.objects.create(
        number="12/QĐ-UBND", issued_on=date(2026, 1, 2), about="Kiện toàn Ban Biên tập"
    )
    first = {"decision": decision, "valid_from": date(2026, 1, 5), "office": "Minh họa"}
    head = staff("truong.ban")
    Appointment.objects.create(user=head, post=Post.HEAD, **first)
    boss = user("quan.tri", is_superuser=True)
    made = importing.hand_in("van-ban.csv", as_csv([line(1)]), boss)
    for person in (boss, staff("nguoi.la", "wagtailcore.publish_page")):
        with pytest.raises(PermissionDenied):
            importing.start(made.pk, person, goes_live=True)
    importing.start(made.pk, head, goes_live=True)
    drain()
    made.refresh_from_db()
    assert (made.approved_by, made.imported) == (head, 1)
    assert LegalDocumentPage.objects.get().live
