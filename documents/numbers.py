"""The grammar of document numbers (Decree 30/2020; party documents have their own)."""

from __future__ import annotations

import re

from portal.text import nfc

_GRAMMAR = re.compile(
    r"""
    \d{1,6}(/\d{4})?/[A-ZĐ]{1,6}[A-Za-zĐđ0-9]*(-[A-ZĐ0-9&]+)*   # 76/NQ-CP, 224/2026/NĐ-CP
    | \d{1,6}-[A-ZĐ]{1,6}/T[UW]                                  # 18-NQ/TW
    | \d{1,6}/\d{4}/QH\d{2}                                      # 64/2025/QH15
    """,
    re.VERBOSE,
)


def tidy(text: str) -> str:
    """The number without stray spaces, in composed form, with Vietnamese Đ."""
    return re.sub(r"\s+", "", nfc(text)).replace("\u00d0", "\u0110")


def is_document_number(text: str) -> bool:
    return bool(_GRAMMAR.fullmatch(text))
