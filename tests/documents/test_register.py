"""The register of documents: one entry each, lists, files, search."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from wagtail.documents.models import Document

from documents.issuers import canonical
from documents.models import DocumentFile, DocumentRelation, LegalDocumentPage
from tests.accounts import staff, user
from tests.documents.factories import add
from tests.pages import assert_lean, assert_valid_html


def test_the_same_document_is_not_registered_twice(register):
    add(register)
    with pytest.raises(ValidationError) as refused:
        add(register, slug="khac")
    assert "number" in refused.value.message_dict


def test_a_leading_zero_makes_no_other_document(register):
    add(register, number="05/QĐ-UBND")
    with pytest.raises(ValidationError):
        add(register, slug="khac", number="5/QĐ-UBND")
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalDocumentPage.objects.filter(pk=add(register, 7).pk).update(
            number="5/QĐ-UBND", issued_on=date(2026, 1, 2)
        )


def test_the_year_of_a_law_is_its_year_of_issue(register):
    law = {"number": "64/2025/QH15", "doc_type": "luat", "issuer": "Quốc hội"}
    with pytest.raises(ValidationError):
        add(register, **law)
    assert add(register, **law, issued_on=date(2025, 2, 19)).number == "64/2025/QH15"


def test_drafts_wait_for_their_number_but_not_for_their_day(client, register):
    client.force_login(user("bientap", is_superuser=True))
    form = {
        "title": "Dự thảo <b>kế hoạch</b>",
        "issuer": "Sở Nội vụ",
        **{f"{name}-{part}_FORMS": 0 for name in FORMSETS for part in ("TOTAL", "INITIAL")},
    }
    address = f"/quan-tri/pages/add/documents/legaldocumentpage/{register.pk}/"
    assert client.post(address, form).status_code == 200
    assert not LegalDocumentPage.objects.exists()
    for n in range(2):
        made = client.post(address, form | {"issued_on": "2026-06-01", "slug": f"nhap-{n}"})
        assert made.status_code == 302
    assert LegalDocumentPage.objects.filter(number="", live=False).count() == 2


def test_a_draft_of_a_registered_document_is_told_so(client, register):
    known = add(register, 1)
    client.force_login(user("bientap", is_superuser=True))
    form = {
        "title": "Lần nữa",
        "slug": "lan-nua",
        "number": " 01/2026/QĐ\u2013UBND",
        "doc_type": known.doc_type,
        "issuer": "UBND TP Hà Nội",
        "level": known.level,
        "issued_on": known.issued_on.isoformat(),
        **{f"{name}-{part}_FORMS": 0 for name in FORMSETS for part in ("TOTAL", "INITIAL")},
    }
    address = f"/quan-tri/pages/add/documents/legaldocumentpage/{register.pk}/"
    for action in ({}, {"action-publish": "1"}):
        page = client.post(address, form | action)
        assert page.status_code == 200
        assert "đã có trong danh mục" in page.content.decode()
    assert LegalDocumentPage.objects.count() == 1


FORMSETS = ("files", "relations", "comments")


def test_dates_run_forward(register):
    with pytest.raises(ValidationError):
        add(register, effective_on=date(2025, 1, 1))
    with pytest.raises(ValidationError):
        add(register, effective_on=date(2026, 5, 1), expires_on=date(2026, 4, 1))


def test_the_address_says_the_filter(client, register):
    add(register, 1)
    add(
        register,
        2,
        level="central",
        doc_type="nghi-dinh",
        number="2/2026/NĐ-CP",
        issuer="Chính phủ",
    )
    add(register, 3, issued_on=date(2020, 3, 1), number="3/QĐ-UBND")
    for query, numbers in [
        ({}, {"1/2026/QĐ-UBND", "2/2026/NĐ-CP", "3/QĐ-UBND"}),
        ({"cap": "central"}, {"2/2026/NĐ-CP"}),
        ({"loai": "quyet-dinh", "nam": "2026"}, {"1/2026/QĐ-UBND"}),
        ({"tu": "3 / QĐ"}, {"3/QĐ-UBND"}),
        ({"tu": "3/Q\x00Đ"}, {"3/QĐ-UBND"}),
        ({"tu": "2 / 2026 / NĐ\u2013CP"}, {"2/2026/NĐ-CP"}),
        ({"tu": "nd2"}, {"2/2026/NĐ-CP"}),
        ({"tu": "x" * 10_000}, set()),
        ({"hieuluc": "in-force", "coquan": "Chính phủ", "trang": "9" * 40}, {"2/2026/NĐ-CP"}),
        ({"nam": "abc", "cap": "'"}, {"1/2026/QĐ-UBND", "2/2026/NĐ-CP", "3/QĐ-UBND"}),
    ]:
        response = client.get("/van-ban/", query)
        assert {page.number for page in response.context["page_obj"]} == numbers
        assert_valid_html(response)


def test_files_are_fetched_only_where_a_public_page_carries_them(client, register, settings):
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    shown = add(register, 1)
    document = Document(title="Toàn văn")
    document.file.save("toan-van.pdf", ContentFile(b"%PDF-1.7 x"))
    document.save()
    assert client.get(document.url).status_code == 404
    shown.files.add(DocumentFile(document=document))
    shown.save()
    assert client.get(document.url).status_code == 200
    assert "PDF" in client.get(shown.url).content.decode()
    shown.view_restrictions.create(restriction_type="login")
    assert client.get(document.url).status_code == 404
    shown.view_restrictions.all().delete()
    shown.unpublish()
    assert client.get(document.url).status_code == 404
    client.force_login(staff("bientap"))
    assert client.get(document.url).status_code == 200


def test_the_symbol_and_the_type_agree(register):
    with pytest.raises(ValidationError) as refused:
        add(register, doc_type="nghi-quyet")
    assert "doc_type" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        add(register, issued_on=date(2025, 12, 31))
    assert "number" in refused.value.message_dict


def test_an_issuer_has_one_spelling(register):
    first = add(register, 1)
    second = add(register, 2, issuer=unicodedata.normalize("NFD", "UBND  TP Hà Nội "))
    assert second.issuer == first.issuer
    assert canonical("Bộ Nội vụ", [first.issuer]) == "Bộ Nội vụ"


def test_the_clock_of_72_hours_runs_from_the_end_of_the_day_of_issue(register, at):
    at("2026-06-04 23:59")
    document = LegalDocumentPage(issued_on=date(2026, 6, 1))
    assert (document.timeliness.state, document.timeliness.hours) == ("running", 0)
    at("2026-06-05 00:01")
    assert document.timeliness.state == "overdue"
    document.first_published_at = at("2026-06-04 08:00")
    assert document.timeliness.state == "on-time"
    assert LegalDocumentPage(issued_on=date(2020, 1, 1)).timeliness is None


@pytest.mark.parametrize("count", [10, 60])
def test_the_register_costs_the_same_however_long(
    client, register, count, django_assert_max_num_queries
):
    for n in range(1, count + 1):
        add(register, n)
    client.get("/van-ban/")
    with django_assert_max_num_queries(15):
        response = client.get("/van-ban/")
    assert_lean(response)


def test_a_document_shows_relations_both_ways(client, register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2)
    DocumentRelation.objects.create(source=new, kind="replaces", target=old)
    page = client.get(old.url)
    assert "Được thay thế bởi" in page.content.decode()
    assert "Hết hiệu lực" in page.content.decode()
    assert "Thay thế" in client.get(new.url).content.decode()
    assert_valid_html(page)


@pytest.mark.parametrize(
    "words",
    [
        "76/NQ-CP",
        "76 NQ CP",
        "nq76",
        "NQ-76",
        "76nqcp",
        "nq76cp",
        "nghị quyết 76",
        "Số 76/NQ\u2013CP",
    ],
)
def test_a_document_is_found_first_by_its_number_however_typed(client, register, words):
    kept = {"issuer": "Chính phủ", "level": "central", "doc_type": "nghi-quyet"}
    sought = add(register, 1, number="76/NQ-CP", issued_on=date(2021, 7, 15), **kept)
    add(register, 2, title="Kế hoạch thực hiện Nghị quyết số 76/NQ-CP của Chính phủ")
    add(register, 3, number="176/NQ-CP", **kept)
    rows = client.get("/tim-kiem/", {"q": words}).context["page_obj"].object_list
    assert rows[0].page_id == sought.pk


@pytest.mark.parametrize("words", ["nq5", "NQ05", "5/NQ-CP", "05 nq cp"])
def test_a_leading_zero_may_be_typed_or_not(client, register, words):
    sought = add(register, 1, number="05/NQ-CP", doc_type="nghi-quyet")
    rows = client.get("/tim-kiem/", {"q": words}).context["page_obj"].object_list
    assert [row.page_id for row in rows] == [sought.pk]
