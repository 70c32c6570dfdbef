"""Vietnamese text: one form in, one folding, the order of the alphabet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import clean, collation_key, fold, nfc


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đường Thủy", "duong thuy"),
        ("Ðống Đa", "dong da"),
        ("HÒA", "hoa"),
        ("Hoà", "hoa"),
        ("kỹ", "ky"),
        (unicodedata.normalize("NFD", "Phường Ba Đình"), "phuong ba dinh"),
    ],
)
def test_marks_stroke_and_case_fold_away(typed, folded):
    assert fold(typed) == folded


def test_clean_composes_and_drops_control_characters():
    assert clean(unicodedata.normalize("NFD", "  Tiếng Việt\x00\x07\r\nhai ")) == "Tiếng Việt\nhai"


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_both_normal_forms_fold_alike(text):
    assert fold(nfc(text)) == fold(unicodedata.normalize("NFD", text))


def test_names_sort_by_the_vietnamese_alphabet():
    names = ["Đan Phượng", "Dân Hòa", "Ô Chợ Dừa", "Ba Vì", "Bát Tràng", "Ái Quốc", "Âu Cơ", "Ăng"]
    assert sorted(names, key=collation_key) == [
        "Ái Quốc",
        "Ăng",
        "Âu Cơ",
        "Ba Vì",
        "Bát Tràng",
        "Dân Hòa",
        "Đan Phượng",
        "Ô Chợ Dừa",
    ]


def test_tones_decide_only_between_equal_letters():
    assert sorted(["má", "mà", "ma", "mạ", "mả", "mã"], key=collation_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
    ]
