"""The grammar of document numbers (Decree 30/2020, Annex III; the Party has its own)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from portal.text import fold, nfc

_GROUP = r"[A-ZĐ]{1,6}[A-Za-zĐđ0-9]*"
_GRAMMAR = re.compile(
    rf"""
    (?P<party_ordinal>\d{{1,6}})-(?P<party_type>[A-ZĐ][A-Za-zĐđ]{{0,5}})/(?P<party_issuer>T[UW])
    | (?P<law_ordinal>\d{{1,6}})/(?P<law_year>\d{{4}})/(?P<assembly>QH\d{{2}})
    | (?P<ordinal>\d{{1,6}})(/(?P<year>\d{{4}}))?/(?P<head>{_GROUP})(?P<tail>(-[A-ZĐ0-9&]+)*)
    """,
    re.VERBOSE,
)

# Symbols of types; a first group that is none of them is an agency's: an official letter.
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
}


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

    def __str__(self) -> str:
        if self.kind is NumberKind.PARTY:
            return f"{self.ordinal}-{self.type_symbol}/{self.issuer_symbol}"
        if self.kind is NumberKind.LAW:
            return f"{self.ordinal}/{self.year}/{self.issuer_symbol}"
        symbol = "-".join(part for part in (self.type_symbol, self.issuer_symbol) if part)
        year = f"{self.year}/" if self.year else ""
        return f"{self.ordinal}/{year}{symbol}"

    @property
    def doc_type(self) -> str:
        """The type that the symbol tells, or "" where it tells none."""
        if self.kind is NumberKind.LETTER:
            return "cong-van"
        return TYPE_SYMBOLS.get(self.type_symbol, "")


def tidy(text: str) -> str:
    """The number without stray spaces, in composed form, with Vietnamese Đ."""
    return re.sub(r"\s+", "", nfc(text)).replace("\u00d0", "\u0110")


def parse(text: str) -> DocumentNumber | None:
    """Take a number apart, however it is spaced; None for what is no number."""
    match = _GRAMMAR.fullmatch(tidy(text))
    if match is None:
        return None
    part = match.groupdict()
    if part["party_ordinal"]:
        return DocumentNumber(
            NumberKind.PARTY, part["party_ordinal"], None, part["party_type"], part["party_issuer"]
        )
    if part["law_ordinal"]:
        year = int(part["law_year"])
        return DocumentNumber(NumberKind.LAW, part["law_ordinal"], year, "", part["assembly"])
    return _parse_common(part)


def _parse_common(part: dict[str, str | None]) -> DocumentNumber:
    head, tail = part["head"] or "", (part["tail"] or "").removeprefix("-")
    year = int(part["year"]) if part["year"] else None
    if head not in TYPE_SYMBOLS:
        # 04/2024/UBTVQH15: with a year it is normative, though the type is not told.
        unnamed = NumberKind.NORMATIVE if year else NumberKind.LETTER
        symbol = "-".join(item for item in (head, tail) if item)
        return DocumentNumber(unnamed, part["ordinal"] or "", year, "", symbol)
    kind = NumberKind.NORMATIVE if year else NumberKind.INDIVIDUAL
    return DocumentNumber(kind, part["ordinal"] or "", year, head, tail)


def is_document_number(text: str) -> bool:
    return parse(text) is not None


def search_keys(text: str) -> str:
    """What people type for a number, beside its parts: 'nq76', '76nq', '76nqcp'."""
    number = parse(text)
    if number is None:
        return ""
    symbols = [fold(number.type_symbol), fold(number.issuer_symbol)]
    type_symbol, whole = symbols[0], re.sub(r"\W", "", "".join(symbols))
    keys = {f"{type_symbol}{number.ordinal}", f"{number.ordinal}{type_symbol}"}
    keys |= {f"{number.ordinal}{whole}", re.sub(r"\W", "", fold(str(number)))}
    return " ".join(sorted(keys - {number.ordinal}))
