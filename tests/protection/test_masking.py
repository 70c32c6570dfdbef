"""Personal data in free text is masked; what is no personal data stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.protection.masking import Kind, mask, masked

MASKED = [
    ("Gọi tôi số 0912 345 678 nhé", "Gọi tôi số [số điện thoại] nhé"),
    ("ĐT: 0912.345.678", "ĐT: [số điện thoại]"),
    ("(024) 3825-3536 không ai nghe", "[số điện thoại] không ai nghe"),
    ("+84912345678", "[số điện thoại]"),
    ("CCCD 001099012345 đã nộp", "CCCD [số giấy tờ] đã nộp"),
    ("CMND 012345678", "CMND [số giấy tờ]"),
    ("CMND 112345678.", "CMND [số giấy tờ]."),
    ("cccd 001 099 012 345", "cccd [số giấy tờ]"),
    ("hộ chiếu C1234567", "hộ chiếu [số giấy tờ]"),
    ("thư: an.nguyen+1@hanoi.example.vn.", "thư: [thư điện tử]."),
    ("STK 19034567890123 Techcombank", "STK [số tài khoản] Techcombank"),
    ("số tài khoản: 0011 0042 1234", "số tài khoản: [số tài khoản]"),
    ("nhà tôi ở số nhà 12B ngõ 34 phố Huế, chờ lâu", "nhà tôi ở [địa chỉ], chờ lâu"),
    ("ở số 15, ngách 2/7, tổ 5 đến nộp", "ở [địa chỉ] đến nộp"),
    ("gặp ông Nguyễn Văn An ở quầy 3", "gặp ông [họ tên] ở quầy 3"),
    ("Chị Hạnh rất tận tình", "Chị [họ tên] rất tận tình"),
    ("ÔNG NGUYỄN VĂN AN LÀM TỐT", "ÔNG [họ tên]"),
    ("anh nguyễn văn nam, quầy 2", "anh [họ tên], quầy 2"),
    ("Cán bộ Trần Thị Bích Ngọc nhận hồ sơ", "Cán bộ [họ tên] nhận hồ sơ"),
    ("sinh ngày 01/02/1980", "sinh ngày [ngày sinh]"),
    ("xe 29A-123.45 gửi mất vé", "xe [biển số xe] gửi mất vé"),
    ("hồ sơ 000.00.12.H26-261120-0001 trễ", "hồ sơ [mã hồ sơ] trễ"),
    ("xem facebook.com/nguyen.van.a", "xem [đường dẫn]"),
]  # fmt: skip

LEFT = [
    "Nộp phí 100.000.000 đồng và 123456789 đồng",
    "Quyết định số 5997/QĐ-UBND ngày 02/12/2025, Thông tư số 12/2020/TT-BNV",
    "Tổng đài 1900 1009 và 1022 trả lời nhanh",
    "Đi đường Nguyễn Trãi ra quận Hoàng Mai, qua phố Trần Hưng Đạo",
    "Ông Trưởng phòng hướng dẫn rõ ràng",
    "ANH CHỊ LÀM VIỆC TỐT",
    "Cảm ơn ông/bà và anh chị em ở quầy số 3, phòng 203",
    "Thành phố Hồ Chí Minh đã làm, Chủ tịch Hồ Chí Minh dạy",
    "Bà con chờ 45 phút, 12 người",
    "Xem https://dichvucong.gov.vn/p/home nhé",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_personal_data_is_masked(text, expected):
    assert mask(text) == expected
    assert mask(unicodedata.normalize("NFD", text)) == expected


@pytest.mark.parametrize("text", LEFT)
def test_what_is_not_personal_stays(text):
    assert mask(text) == text


def test_it_says_what_and_how_much_it_found():
    found = masked("ông Hùng 0912345678, bà Lan 0987654321")
    assert found.kinds == {Kind.NAME: 2, Kind.PHONE: 2}
    assert found.is_changed
    assert not masked("Nhanh, tốt").is_changed


@given(st.text(max_size=300))
def test_masking_twice_is_masking_once(text):
    assert mask(mask(text)) == mask(text)


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.sampled_from([" ", ", ", ": ", "\n"]))
def test_no_telephone_number_gets_through(number, mark):
    text = mask(f"số{mark}{number}{mark}nhé")
    assert number not in text
