"""Numbers and symbols of documents (Decree 30/2020)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.numbers import (
    PARTY_SYMBOLS,
    TYPE_SYMBOLS,
    NumberKind,
    as_printed,
    is_document_number,
    parse,
    search_keys,
    tidy,
)


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
        "1500/QĐ-TTg",
        "30c/NQ-CP",
        "36a/NQ-CP",
        "38/CP",
        "04/2024/UBTVQH15",
        "01/2006/TTLT/BNV-BTC",
        "403/2017/NQLT-CP-UBTVQH14-ĐCTUBTWMTTQVN",
        "41-QĐ/TW",
        "17-QĐi/TW",
        "05-KH/BCĐTW",
        "1279-CV/BTCTU",
        "01/VBHN-BNV",
        "123/SKH&CN-VP",
    ],
)
def test_numbers_of_every_kind_are_known_however_they_are_typed(number):
    assert is_document_number(number)
    assert tidy(unicodedata.normalize("NFD", number.replace("/", " / "))) == number


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("76/NQ\u2013CP", "76/NQ-CP"),
        ("76/NQ\u2011CP", "76/NQ-CP"),
        ("76\u200b/NQ\u00ad-CP", "76/NQ-CP"),
        ("76\uff0fNQ-CP", "76/NQ-CP"),
        ("Số: 76/NQ-CP", "76/NQ-CP"),
        ("10/\u00d0A-UBND", "10/ĐA-UBND"),
        ("456/TTR-SNV", "456/TTr-SNV"),
        ("10/CT-TTG", "10/CT-TTg"),
    ],
)
def test_a_pasted_number_is_kept_as_it_is_printed(typed, printed):
    assert as_printed(typed) == printed
    assert str(parse(typed)) == printed


@pytest.mark.parametrize(
    ("number", "types"),
    [
        ("41-QĐ/TW", ("quyet-dinh", "quy-dinh")),
        ("12-TT/TU", ()),
        ("38/CP", ()),
        ("12/PA-UBND", ()),
        ("01/VBHN-BNV", ()),
        ("1500/QĐ-TTg", ("quyet-dinh",)),
        ("4263/UBND-SNV", ("cong-van",)),
    ],
)
def test_a_symbol_tells_only_what_it_can(number, types):
    assert parse(number).doc_types == types


@pytest.mark.parametrize(
    "text",
    [
        "",
        "76",
        "NQ-CP",
        "76/",
        "76/nq",
        "<b>1/QĐ</b>",
        "76//NQ-CP",
        "76/NQ-",
        "٧٦/NQ-CP",
        "1/QĐ/BNV",
    ],
)
def test_anything_else_is_not_a_number(text):
    assert not is_document_number(text)


ORDINALS = st.from_regex(r"[1-9][0-9]{0,5}[a-c]?", fullmatch=True)
AGENCIES = st.sampled_from(["CP", "UBND", "HĐND", "SNV", "BTTTT", "VPCP-KGVX", "SNV-CCHC", "TTg"])
TYPES = st.sampled_from(sorted(TYPE_SYMBOLS))


def _noisy(number: str) -> str:
    return unicodedata.normalize("NFD", number.replace("/", " / ").replace("-", " - "))


@given(ORDINALS, st.none() | st.integers(1945, 2100), TYPES, AGENCIES)
def test_a_number_taken_apart_is_the_same_number_put_together(ordinal, year, symbol, agency):
    written = f"{ordinal}/{f'{year}/' if year else ''}{symbol}-{agency}"
    number = parse(_noisy(written))
    assert str(number) == written
    assert (number.ordinal, number.year, number.type_symbol) == (ordinal, year, symbol)
    assert number.issuer_symbol == agency
    assert number.doc_type == TYPE_SYMBOLS[symbol]
    assert number.kind is (NumberKind.NORMATIVE if year else NumberKind.INDIVIDUAL)


@given(
    ORDINALS,
    st.sampled_from(sorted(PARTY_SYMBOLS)),
    st.sampled_from(["TW", "TU", "BCĐTW", "VPTU", "ĐU"]),
)
def test_party_numbers_have_a_grammar_of_their_own(ordinal, symbol, issuer):
    written = f"{ordinal}-{symbol}/{issuer}"
    number = parse(_noisy(written))
    assert str(number) == written
    assert (number.kind, number.issuer_symbol) == (NumberKind.PARTY, issuer)
    assert number.doc_types == PARTY_SYMBOLS[symbol]


@given(ORDINALS, st.sampled_from(["VPCP-KGVX", "CTK-CSCL", "SNV-CCHC", "UBND-NC"]))
def test_an_official_letter_has_its_agency_first(ordinal, symbol):
    number = parse(f"{ordinal}/{symbol}")
    assert (number.kind, number.doc_type) == (NumberKind.LETTER, "cong-van")
    assert str(number) == f"{ordinal}/{symbol}"


@given(st.text(max_size=40) | st.text("0123456789/-&QĐNTtrgCPU ", max_size=20))
def test_any_text_is_a_number_or_is_not_and_nothing_breaks(text):
    number = parse(text)
    if number is None:
        assert as_printed(text) == tidy(text)
        assert search_keys(text) == ""
        return
    assert parse(str(number)) == number
    assert str(number).upper() == tidy(text).upper()
    assert search_keys(text)
