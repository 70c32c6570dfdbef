"""The register of documents."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from documents.models import DocumentRelation, DocumentsPage, Force, LegalDocumentPage
from documents.numbers import is_document_number, tidy
from site_pages import tree
from tests.pages import assert_lean, assert_valid_html


@pytest.mark.parametrize(
    "number",
    [
        "224/2026/NĐ-CP",
        "22/2023/TT-BTTTT",
        "64/2025/QH15",
        "1656/NQ-UBTVQH15",
        "12/2025/NQ-HĐND",
        "819/QĐ-UBND",
        "456/TTr-SNV",
        "76/NQ-CP",
        "12729/VPCP-KGVX",
        "1027/CTK-CSCL",
        "690-BC/TU",
        "18-NQ/TW",
    ],
)
def test_numbers_of_every_kind_are_known_however_they_are_typed(number):
    assert is_document_number(number)
    assert tidy(unicodedata.normalize("NFD", number.replace("/", " / "))) == number


@pytest.mark.parametrize("text", ["", "76", "NQ-CP", "76/", "76/nq", "<b>1/QĐ</b>", "76//NQ-CP"])
def test_anything_else_is_not_a_number(text):
    assert not is_document_number(text)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 2000), st.integers(1, 2000))
def test_the_state_follows_from_the_dates_to_the_day(start, wait, life):
    effective = start + timedelta(wait)
    end = effective + timedelta(life)
    document = LegalDocumentPage(issued_on=start, effective_on=effective, expires_on=end)
    assert document.force_on(effective - timedelta(1)) is Force.NOT_YET
    assert document.force_on(effective) is Force.IN_FORCE
    assert document.force_on(end - timedelta(1)) is Force.IN_FORCE
    assert document.force_on(end) is Force.EXPIRED


@pytest.fixture
def register(db) -> DocumentsPage:
    tree.lay()
    return DocumentsPage.objects.get(locale__language_code="vi")


def add(register, n: int = 1, **fields) -> LegalDocumentPage:
    values = {
        "title": f"Văn bản <i>số</i> {n}",
        "slug": f"van-ban-{n}",
        "number": f"{n}/2026/QĐ-UBND",
        "doc_type": "quyet-dinh",
        "issuer": "UBND thành phố Hà Nội",
        "level": "city",
        "issued_on": date(2026, 1, 1) + timedelta(n % 300),
        "locale": register.locale,
    }
    return register.add_child(instance=LegalDocumentPage(**{**values, **fields}))


def test_the_same_document_is_not_registered_twice(register):
    add(register)
    with pytest.raises(ValidationError) as refused:
        add(register, slug="khac")
    assert "number" in refused.value.message_dict


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
        ({"nam": "abc", "cap": "'"}, {"1/2026/QĐ-UBND", "2/2026/NĐ-CP", "3/QĐ-UBND"}),
    ]:
        response = client.get("/van-ban/", query)
        assert {page.number for page in response.context["page_obj"]} == numbers
        assert_valid_html(response)


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
    old = add(register, 1, issued_on=date(2020, 1, 1), expires_on=date(2026, 1, 1))
    new = add(register, 2)
    DocumentRelation.objects.create(source=new, kind="replaces", target=old)
    page = client.get(old.url)
    assert "Được thay thế bởi" in page.content.decode()
    assert "Hết hiệu lực" in page.content.decode()
    assert "Thay thế" in client.get(new.url).content.decode()
    assert_valid_html(page)
