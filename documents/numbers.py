"""The grammar of document numbers (Decree 30/2020, Annex III; the Party has its own)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from portal.text import fold, nfc

# An ordinal may carry a letter: 30c/NQ-CP and 36a/NQ-CP are real.
_ORDINAL = r"[0-9]{1,6}[a-zđ]?"
_UPPER = "A-ZĐĂÂÊÔƠƯ"
_GROUP = rf"[{_UPPER}][{_UPPER}a-zđ0-9&]*"
_TAIL_GROUP = rf"(?:TTg|[{_UPPER}0-9&]+)"
_GRAMMAR = re.compile(
    rf"""
    (?P<party_ordinal>{_ORDINAL})-(?P<party_type>[{_UPPER}][{_UPPER}a-zđ]{{0,5}})
        /(?P<party_issuer>[{_UPPER}]{{2,12}})
    | (?P<law_ordinal>{_ORDINAL})/(?P<law_year>[0-9]{{4}})/(?P<assembly>QH[0-9]{{2}})
    | (?P<ordinal>{_ORDINAL})(/(?P<year>[0-9]{{4}}))?/(?P<head>{_GROUP})
        # Joint circulars of old: 01/2006/TTLT/BNV-BTC.
        (?P<joint>(?<=LT)/|-)?(?P<tail>(?(joint){_TAIL_GROUP}(?:-{_TAIL_GROUP})*))
    """,
    re.VERBOSE,
)

# Symbols of types; a first group that is none of them is an agency's: an official letter.
# "" is a symbol of a type that the register does not tell apart.
TYPE_SYMBOLS = {
    "L": "luat",
    "PL": "phap-lenh",
    "NQ": "nghi-quyet",
    "NQLT": "nghi-quyet",
    "NĐ": "nghi-dinh",
    "QĐ": "quyet-dinh",
    "CT": "chi-thi",
    "TT": "thong-tu",
    "TTLT": "thong-tu-lien-tich",
    "KH": "ke-hoach",
    "CTr": "chuong-trinh",
    "ĐA": "de-an",
    "HD": "huong-dan",
    "BC": "bao-cao",
    "TTr": "to-trinh",
    "TB": "thong-bao",
    "KL": "ket-luan",
    "CĐ": "cong-dien",
    "QC": "quy-che",
    "QyĐ": "quy-dinh",
    "GM": "giay-moi",
    "BB": "bien-ban",
    "TC": "",
    "PA": "",
    "DA": "",
    "HĐ": "",
    "BGN": "",
    "BTT": "",
    "GUQ": "",
    "GGT": "",
    "GNP": "",
    "VBHN": "",
}
# The Party's own: a decision and a rule may share QĐ, TT is a circular letter of another kind.
PARTY_SYMBOLS = {
    "NQ": ("nghi-quyet",),
    "QĐ": ("quyet-dinh", "quy-dinh"),
    "QĐi": ("quy-dinh",),
    "QyĐ": ("quy-dinh",),
    "CT": ("chi-thi",),
    "KL": ("ket-luan",),
    "TB": ("thong-bao",),
    "KH": ("ke-hoach",),
    "CTr": ("chuong-trinh",),
    "ĐA": ("de-an",),
    "HD": ("huong-dan",),
    "BC": ("bao-cao",),
    "TTr": ("to-trinh",),
    "QC": ("quy-che",),
    "CV": ("cong-van",),
    "BB": ("bien-ban",),
}
# Symbols with a small letter, however they are typed.
_SPELLED = {
    symbol.upper(): symbol
    for symbol in (*TYPE_SYMBOLS, *PARTY_SYMBOLS, "TTg")
    if symbol != symbol.upper()
}
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SLASHES = re.compile("[\u2044\u2215\uff0f]")
_SAID = re.compile(r"số:?(?=\d)", re.IGNORECASE)


class NumberKind(Enum):
    NORMATIVE = "normative"  # 224/2026/NĐ-CP: the year is part of the number
    LAW = "law"  # 64/2025/QH15
    INDIVIDUAL = "individual"  # 819/QĐ-UBND: repeats every year
    LETTER = "letter"  # 12729/VPCP-KGVX: no type, the agency comes first
    PARTY = "party"  # 18-NQ/TW


@dataclass(frozen=True)
class DocumentNumber:
    """A number taken apart; str() is as printed."""

    kind: NumberKind
    ordinal: str
    year: int | None
    type_symbol: str
    issuer_symbol: str
    # What stands between type and issuer.
    joint: str = "-"

    def __str__(self) -> str:
        symbol = self.joint.join(part for part in (self.type_symbol, self.issuer_symbol) if part)
        if self.kind is NumberKind.PARTY:
            return f"{self.ordinal}-{symbol}"
        year = f"{self.year}/" if self.year else ""
        return f"{self.ordinal}/{year}{symbol}"

    @property
    def doc_types(self) -> tuple[str, ...]:
        """The types that the symbol allows, the likeliest first; () where it tells none."""
        if self.kind is NumberKind.PARTY:
            return PARTY_SYMBOLS.get(self.type_symbol, ())
        # 38/CP of 1994 is a resolution: only a drafter after the agency makes a letter certain.
        if self.kind is NumberKind.LETTER:
            return ("cong-van",) if "-" in self.issuer_symbol else ()
        told = TYPE_SYMBOLS.get(self.type_symbol, "")
        return (told,) if told else ()

    @property
    def doc_type(self) -> str:
        """The likeliest type, or "" where the symbol tells none."""
        return next(iter(self.doc_types), "")


def tidy(text: str) -> str:
    """The number without spaces and invisible signs, composed, with plain dashes and Đ."""
    text = nfc(text).replace("\u00d0", "\u0110")
    text = "".join(
        char for char in text if not char.isspace() and unicodedata.category(char) != "Cf"
    )
    return _SAID.sub("", _SLASHES.sub("/", _DASHES.sub("-", text)), count=1)


def as_printed(text: str) -> str:
    """The number as printed where it is one (456/TTR-SNV is 456/TTr-SNV), else tidied."""
    number = parse(text)
    return tidy(text) if number is None else str(number)


def parse(text: str) -> DocumentNumber | None:
    """Take a number apart, however it is spaced; None for what is no number."""
    match = _GRAMMAR.fullmatch(tidy(text))
    if match is None:
        return None
    part = match.groupdict()
    if part["party_ordinal"]:
        symbol = _spelled(part["party_type"])
        return DocumentNumber(
            NumberKind.PARTY, part["party_ordinal"], None, symbol, part["party_issuer"], "/"
        )
    if part["law_ordinal"]:
        year = int(part["law_year"])
        return DocumentNumber(NumberKind.LAW, part["law_ordinal"], year, "", part["assembly"])
    return _parse_common(part)


def _spelled(symbol: str | None) -> str:
    return _SPELLED.get(symbol or "", symbol or "")


def _parse_common(part: dict[str, str | None]) -> DocumentNumber:
    head = _spelled(part["head"])
    tail = "-".join("TTg" if group == "TTG" else group for group in (part["tail"] or "").split("-"))
    ordinal, year = part["ordinal"] or "", int(part["year"]) if part["year"] else None
    if head not in TYPE_SYMBOLS:
        # 04/2024/UBTVQH15: with a year it is normative, though the type is not told.
        unnamed = NumberKind.NORMATIVE if year else NumberKind.LETTER
        symbol = "-".join(item for item in (head, tail) if item)
        return DocumentNumber(unnamed, ordinal, year, "", symbol)
    kind = NumberKind.NORMATIVE if year else NumberKind.INDIVIDUAL
    return DocumentNumber(kind, ordinal, year, head, tail, part["joint"] or "-")


def is_document_number(text: str) -> bool:
    return parse(text) is not None


def search_keys(text: str) -> str:
    """What people type for a number, beside its parts: 'nq76', '76nq', 'nq76cp', 'nq5' for 05."""
    number = parse(text)
    if number is None:
        return ""
    kind, issuer = (
        re.sub(r"\W", "", fold(part)) for part in (number.type_symbol, number.issuer_symbol)
    )
    keys: set[str] = set()
    for ordinal in {number.ordinal, number.ordinal.lstrip("0")} - {""}:
        for told in {ordinal, f"{ordinal}{number.year or ''}"}:
            keys |= {told, f"{kind}{told}", f"{told}{kind}", f"{told}{kind}{issuer}"}
            keys.add(f"{kind}{told}{issuer}")
    return " ".join(sorted(keys - {number.ordinal}))
