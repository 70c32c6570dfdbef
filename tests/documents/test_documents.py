"""The register of documents."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from documents.issuers import canonical
from documents.models import DocumentRelation, DocumentsPage, Force, LegalDocumentPage
from documents.numbers import TYPE_SYMBOLS, NumberKind, is_document_number, parse, tidy
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


ORDINALS = st.integers(1, 999_999).map(str)
AGENCIES = st.sampled_from(["CP", "UBND", "HĐND", "SNV", "BTTTT", "VPCP-KGVX", "SNV-CCHC", "TTg"])
TYPES = st.sampled_from(sorted(TYPE_SYMBOLS))


def _noisy(number: str) -> str:
    return unicodedata.normalize("NFD", number.replace("/", " / ").replace("-", " - "))


@given(ORDINALS, st.none() | st.integers(1945, 2100), TYPES, AGENCIES)
def test_a_number_taken_apart_is_the_same_number_put_together(ordinal, year, symbol, agency):
    agency = agency.replace("TTg", "TTG")
    written = f"{ordinal}/{f'{year}/' if year else ''}{symbol}-{agency}"
    number = parse(_noisy(written))
    assert str(number) == written
    assert (number.ordinal, number.year, number.type_symbol) == (ordinal, year, symbol)
    assert number.issuer_symbol == agency
    assert number.doc_type == TYPE_SYMBOLS[symbol]
    assert number.kind is (NumberKind.NORMATIVE if year else NumberKind.INDIVIDUAL)


@given(ORDINALS, TYPES.filter(lambda symbol: len(symbol) < 4), st.sampled_from(["TW", "TU"]))
def test_party_numbers_have_a_grammar_of_their_own(ordinal, symbol, issuer):
    written = f"{ordinal}-{symbol}/{issuer}"
    number = parse(_noisy(written))
    assert str(number) == written
    assert (number.kind, number.issuer_symbol) == (NumberKind.PARTY, issuer)


@given(ORDINALS, st.sampled_from(["VPCP-KGVX", "CTK-CSCL", "SNV-CCHC", "UBND-NC"]))
def test_an_official_letter_has_its_agency_first(ordinal, symbol):
    number = parse(f"{ordinal}/{symbol}")
    assert (number.kind, number.doc_type) == (NumberKind.LETTER, "cong-van")
    assert str(number) == f"{ordinal}/{symbol}"


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_is_not_and_nothing_breaks(text):
    number = parse(text)
    assert number is None or str(number) == tidy(text)


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


def test_a_document_that_replaces_another_ends_it_that_day_and_not_before(register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2, issued_on=date(2026, 3, 1), effective_on=date(2026, 4, 15))
    DocumentRelation.objects.create(source=new, kind="replaces", target=old)
    for day, state in [
        (date(2026, 3, 1), Force.IN_FORCE),
        (date(2026, 4, 14), Force.IN_FORCE),
        (date(2026, 4, 15), Force.EXPIRED),
        (date(2030, 1, 1), Force.EXPIRED),
    ]:
        assert old.force_on(day) is state
        assert old in LegalDocumentPage.objects.in_state(state, day)
    new.unpublish()
    assert old.force_on(date(2026, 4, 15)) is Force.IN_FORCE


@pytest.mark.parametrize("day", [date(2026, 2, n) for n in range(1, 29, 3)])
def test_lists_and_documents_agree_on_the_state(register, day):
    older = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    amended = add(register, 2, number="2/QĐ-UBND", issued_on=date(2021, 1, 1))
    add(register, 3, issued_on=date(2026, 1, 2), effective_on=date(2026, 2, 10))
    add(register, 4, issued_on=date(2026, 1, 2), expires_on=date(2026, 2, 20))
    new = add(register, 5, issued_on=date(2026, 1, 2), effective_on=date(2026, 2, 13))
    for kind, target in [("repeals", older), ("amends", amended), ("guides", older)]:
        DocumentRelation.objects.create(source=new, kind=kind, target=target)
    for state in Force:
        listed = set(LegalDocumentPage.objects.in_state(state, day))
        told = {page for page in LegalDocumentPage.objects.all() if page.force_on(day) is state}
        assert listed == told
        rows = LegalDocumentPage.objects.with_force()
        assert {page for page in rows if page.force_on(day) is state} == told


def test_a_newer_document_is_not_ended_by_an_older_one(register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2)
    old.relations.add(DocumentRelation(kind="replaces", target=new))
    with pytest.raises(ValidationError):
        old.save()


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
