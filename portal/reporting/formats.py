"""How figures and dates stand in Vietnamese documents: 1.234,5 · 83,57% · ngày 05 tháng 01."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

NBSP = "\u00a0"
Number = int | float | Decimal | Fraction


def rounded(x: Number, places: int) -> Decimal:
    """`x` rounded half up (away from zero at the half), exactly: counts are never floats."""
    exact = x if isinstance(x, Fraction) else Fraction(x)
    scaled = exact * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    with localcontext() as context:
        context.prec = 60
        return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def number(x: Number, places: int = 0) -> str:
    """1234.5 → '1.234,5'."""
    text = f"{rounded(x, places):,.{places}f}"
    return text.translate(str.maketrans({",": ".", ".": ","})).replace("-", "−")


def percent(share: Number, places: int = 2) -> str:
    """A share of one: Fraction(8357, 10000) → '83,57%'."""
    exact = share if isinstance(share, Fraction) else Fraction(share)
    return number(exact * 100, places) + "%"


def day(value: date) -> str:
    """'05/01/2026'."""
    return f"{value:%d/%m/%Y}"


def day_in_words(value: date) -> str:
    """'ngày 05 tháng 01 năm 2026'; months 3 to 9 carry no zero (Decree 30/2020, Annex I, II.4)."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày{NBSP}{value.day:02d} tháng{NBSP}{month} năm{NBSP}{value.year}"
