"""Personal data in free text, masked before others read it: numbers, addresses, names.

Rules that a person can read, no dictionary of people: rather too much is masked than too
little. What a machine cannot tell, the person sees who approves a text before it is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.text import nfc


class Kind(StrEnum):
    """What was found; the value stands in its place."""

    MAIL = "[thư điện tử]"
    LINK = "[đường dẫn]"
    DOSSIER = "[mã hồ sơ]"
    ACCOUNT = "[số tài khoản]"
    PHONE = "[số điện thoại]"
    PAPER = "[số giấy tờ]"
    PLATE = "[biển số xe]"
    BIRTH = "[ngày sinh]"
    ADDRESS = "[địa chỉ]"
    NAME = "[họ tên]"
    NUMBER = "[dãy số]"


@dataclass(frozen=True)
class Masked:
    text: str
    kinds: Counter[Kind]

    @property
    def is_changed(self) -> bool:
        return bool(self.kinds)


def mask(text: str) -> str:
    return masked(text).text


def masked(text: str) -> Masked:
    """The text with personal data replaced by words for what stood there, and how much there was.

    Masking twice is masking once.
    """
    text, kinds = nfc(text), Counter()
    for kind, pattern, keep in _RULES:
        text = pattern.sub(_replacer(kind, keep, kinds), text)
    return Masked(text, kinds)


Keep = Callable[[re.Match], str | None]


def _replacer(kind: Kind, keep: Keep, kinds: Counter[Kind]) -> Callable[[re.Match], str]:
    def replace(match: re.Match) -> str:
        before = keep(match)
        if before is None:
            return match[0]
        kinds[kind] += 1
        return f"{before}{kind}"

    return replace


def _all(match: re.Match) -> str:
    """Nothing of it stays."""
    return ""


def _but_before(match: re.Match) -> str:
    """The word that tells what follows stays."""
    return match["before"]


_LETTERS = [chr(n) for n in (*range(0x41, 0x180), *range(0x1A0, 0x1B1), *range(0x1EA0, 0x1EFA))]
_UPPER = "".join(letter for letter in _LETTERS if letter.isupper())
_LOWER = "".join(letter for letter in _LETTERS if letter.islower())
_WORD = rf"[{_UPPER}][{_LOWER}{_UPPER}]*"
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|"
    "Lương|Đào|Tạ|Tô|Chu|Hà|Lưu|Cao|Tống|Quách|Thái|Mai|Triệu|Kiều|Khổng|Nghiêm|Phùng|Vương"
)
# Written small they are names only where no everyday word is spelt alike.
_PLAIN_SURNAMES = "nguyễn|trần|phạm|hoàng|huỳnh|phan|đặng|bùi|đỗ|ngô|trịnh|đoàn"
_TITLES = "ông|bà|anh|chị|cô|chú|bác|cụ|đồng chí|đ/c|đc|thầy|em|cháu"
_ROLES = frozenset(
    [
        "Chủ",
        "Phó",
        "Giám",
        "Trưởng",
        "Bí",
        "Công",
        "Cán",
        "Ủy",
        "Uỷ",
        "Chánh",
        "Thanh",
        "Bộ",
        "Sở",
        "Phòng",
        "Ban",
        "Đảng",
        "Nhà",
        "Tổ",
        "Thôn",
        "UBND",
        "HĐND",
        "CBCC",
        "Thủ",
        "Tổng",
        "Kế",
        "Văn",
        "Địa",
        "Tư",
        "Y",
    ]
)
# Places bear people's names.
_PLACES = (
    "phố|đường|phường|quận|huyện|xã|thị trấn|trường|cầu|chợ|bệnh viện|công viên|hồ|đảo|ga|bến|"
    "thành phố|tp|tp\\.|ubnd|khu|quảng trường|chủ tịch|đại lộ|ngõ|viện|nhà hát|thpt|thcs"
)
_NUMBERED = r"\d+[A-Za-zĐđ]?(?:[/\-]\d+[A-Za-z]?)*"
_PLACE_NAME = rf"\s+(?:số\s+)?(?:{_NUMBERED}|{_WORD}(?:\s+{_WORD}){{0,3}})"
_LANE = rf"(?:ngõ|ngách|ngỏ|hẻm|kiệt|phố|đường|tổ|tổ dân phố|thôn|xóm){_PLACE_NAME}"
_STREET = rf"(?:{_LANE}|(?:khu|tòa|toà|tầng|phòng|cụm){_PLACE_NAME})"
_CHAIN = rf"(?:\s*[,\-]?\s*{_STREET})*"
_MONEY = r"(?!\s*(?:đồng|đ\b|vnđ|vnd|usd|triệu|tỷ|nghìn))"


def _name_after_title(match: re.Match) -> str | None:
    """ "Ông Trưởng phòng" is a post; in a text all in capitals only a surname tells a name."""
    words = match["name"].split()
    if words[0] in _ROLES or (
        words[0].isupper() and len(words[0]) > 1 and not _is_surname(words[0])
    ):
        return None
    return match["before"]


def _is_surname(word: str) -> bool:
    return re.fullmatch(_SURNAMES, word, re.IGNORECASE) is not None


def _name_alone(match: re.Match) -> str | None:
    return None if match["place"] else match["before"]


_i = re.IGNORECASE
_RULES: list[tuple[Kind, re.Pattern, Keep]] = [
    (Kind.MAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"), _all),
    (
        Kind.LINK,
        re.compile(
            r"(?:https?://|www\.)(?![\w.-]{0,80}\.gov\.vn)\S{3,}"
            r"|\b(?:facebook|fb|zalo|tiktok)\.(?:com|me|vn)/\S+",
            _i,
        ),
        _all,
    ),
    (Kind.DOSSIER, re.compile(r"\b\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{3,6}\b", _i), _all),
    (
        Kind.ACCOUNT,
        re.compile(
            r"(?P<before>\b(?:stk|số tài khoản|tài khoản|số tk|tk|số thẻ|thẻ)\b[^\d\n.;]{0,40})"
            r"\d(?:[ .\-]?\d){5,18}",
            _i,
        ),
        _but_before,
    ),
    (
        Kind.PAPER,
        re.compile(
            r"(?<![\d.,/-])(?:\d{12}|\d{9}|\d{3} \d{3} \d{3}(?: \d{3})?)(?![\d/]|[.,]\d)"
            rf"{_MONEY}|\b[A-Z]\d{{7,8}}\b",
            _i,
        ),
        _all,
    ),
    (
        Kind.PHONE,
        re.compile(r"(?<![\d.,/])(?:\+?84|\(?0)\)?(?:[ .\-()]{0,2}\d){8,10}(?![\d/])"),
        _all,
    ),
    (
        Kind.PLATE,
        re.compile(r"\b\d{2}[A-ZĐ]{1,2}\d?[ \-]{0,3}\d{3}(?:\.?\d{2}|\d)\b"),
        _all,
    ),
    (
        Kind.BIRTH,
        re.compile(
            r"(?P<before>\b(?:sinh|sn)\s*(?:ngày|năm)?\s*:?\s*)"
            r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d{2}|(?:19|20)\d{2})\b",
            _i,
        ),
        _but_before,
    ),
    (
        Kind.ADDRESS,
        re.compile(
            rf"\b(?:(?:số nhà|nhà số|căn hộ(?: số)?|ngõ|ngách|hẻm|kiệt)\s+{_NUMBERED}{_CHAIN}"
            rf"|số\s+{_NUMBERED}\s*[,\-]?\s*{_LANE}{_CHAIN})",
            _i,
        ),
        _all,
    ),
    (
        Kind.NAME,
        re.compile(
            rf"(?P<before>(?<!\w)(?<!phố )(?<!đường )(?i:{_TITLES})\s+)"
            rf"(?P<name>{_WORD}(?:[ \u00a0]+{_WORD}){{0,4}})"
        ),
        _name_after_title,
    ),
    (
        Kind.NAME,
        re.compile(
            rf"(?P<before>(?<!\w)(?i:{_TITLES})\s+)(?P<name>(?:{_PLAIN_SURNAMES})"
            rf"(?:[ \u00a0]+[{_LOWER}{_UPPER}]+){{1,3}})"
        ),
        _but_before,
    ),
    (
        Kind.NAME,
        re.compile(
            rf"(?P<before>(?P<place>(?<!\w)(?i:{_PLACES})\s+)?)(?<!\w)(?:{_SURNAMES})"
            rf"(?:[ \u00a0]+{_WORD}){{1,4}}"
        ),
        _name_alone,
    ),
    (Kind.NUMBER, re.compile(rf"(?<![\d.,/-])\d{{9,}}(?![\d/]|[.,]\d){_MONEY}", _i), _all),
]
