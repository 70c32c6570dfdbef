"""The report on the portal's work: a month, a quarter, a year, frozen (Art. 5.1.g, 5.5.n, 10.2).

Each room registers the chapter on what it holds; a chapter is tables of plain values, so
that an edition looks the same in ten years.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.reporting import editions
from portal.reporting.formats import number
from portal.reporting.kinds import Progress, ReportKind
from portal.reporting.models import Edition

from .authority import in_post, may_screen
from .models import Post
from .periods import Period

KIND = "editorial.activity"
# 2: by agency; what the public sends in, and on which grounds it is refused.
METHOD = "activity/2"


@dataclass(frozen=True)
class Table:
    """Rows of a label and whole numbers, one for each column after the first."""

    caption: str
    columns: list[str]
    rows: list[tuple[str, list[int | str]]]
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    """What one room tells of a period: a sentence that says the result, and its tables."""

    title: str
    finding: str
    tables: list[Table] = field(default_factory=list)


Teller = Callable[[Period], Chapter]
_chapters: dict[str, tuple[int, Teller]] = {}


def register_chapter(code: str, order: int, teller: Teller) -> None:
    _chapters[code] = (order, teller)


def snapshot(subject_id: int, now: datetime, progress: Progress) -> dict:
    period = Period.of(subject_id)
    tellers = [teller for _order, teller in sorted(_chapters.values(), key=lambda pair: pair[0])]
    chapters = []
    with translation.override("vi"):
        for place, teller in enumerate(tellers):
            chapters.append(asdict(teller(period)))
            progress(10 + 50 * (place + 1) // len(tellers))
    return {
        "period": period.words,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "as_of": timezone.localtime(now).isoformat(timespec="minutes"),
        "is_over": now >= period.ends,
        "chapters": chapters,
    }


def context(figures: dict) -> dict:
    """Roman numerals for chapters, running numbers for tables, Vietnamese figures."""
    numerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    numerals += ["XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX"]
    table_number = 0
    chapters = []
    for numeral, chapter in zip(numerals, figures["chapters"], strict=False):
        tables = []
        for table in chapter["tables"]:
            table_number += 1
            rows = [
                (label, [number(cell) if isinstance(cell, int) else cell for cell in cells])
                for label, cells in table["rows"]
            ]
            tables.append({**table, "number": table_number, "rows": rows})
        chapters.append({**chapter, "numeral": numeral, "tables": tables})
    return {
        "figures": figures,
        "chapters": chapters,
        "as_of": datetime.fromisoformat(figures["as_of"]),
    }


def may_order(user: User, _subject_id: int = 0) -> bool:
    return may_screen(user)


def may_publish(user: User, _subject_id: int = 0) -> bool:
    """The Head signs, the standing deputy, or who acts for one of them today (Art. 5.3.a)."""
    return in_post(user, [Post.HEAD, Post.STANDING_DEPUTY]) is not None


def order(period: Period, user: User) -> Edition:
    """Order an edition of a period that has begun."""
    if not may_order(user):
        raise PermissionDenied
    if period.begins > clock.now():
        raise ValidationError(_("This period has not begun."))
    return editions.order(KIND, period.number, title(period), user)


def title(period: Period) -> str:
    return f"Tình hình, kết quả hoạt động của Trang thông tin {period.words}"


REPORT = ReportKind(
    code=KIND,
    build=snapshot,
    context=context,
    template="editorial/report/activity.html",
    web_template="editorial/report/activity_web.html",
    method_version=METHOD,
    may_order=may_order,
    may_publish=may_publish,
)
