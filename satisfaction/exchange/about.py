"""What a form's settings say of the questionnaire itself: title, introduction, basis, index."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from ..questionnaires import Labels
from .columns import OWN
from .report import Effect, Report
from .workbook import Row

_INDEX = f"{OWN}index::"
NOT_SAID = "Chưa nêu"


def about(
    settings: Row, default: str, labels: Callable[[Row, str], Labels], report: Report
) -> dict:
    """`default` is the language of what names none."""
    name = settings["form_title"]
    if not name:
        name = settings["form_id"] or _("Imported questionnaire")
        _open(report, _("Give the questionnaire a title."))
    title = labels(Row(0, {**settings.cells, f"{OWN}title::{default}": name}), f"{OWN}title")
    intro = labels(settings, f"{OWN}intro")
    if not intro:
        intro = dict(title)
        _open(report, _("Write an introduction: the title stands in its place."))
    basis = settings[f"{OWN}basis"]
    if not basis:
        _open(report, _("Say what the survey rests on (legal basis)."))
    entries = {"title": title, "intro": intro, "basis": basis or NOT_SAID}
    for name in ("code", "agency"):
        if settings[OWN + name]:
            entries[name] = settings[OWN + name]
    made = index(settings, report)
    index_name = labels(settings, f"{OWN}index_name")
    return {**entries, "index": {**made, "name": index_name} if index_name else made}


def index(settings: Row, report: Report) -> dict:
    """The index, empty where the form has none: an editor names its items."""
    satisfied = re.findall(r"\d{1,3}", settings[f"{_INDEX}satisfied"], re.ASCII)
    decimals = settings[f"{_INDEX}decimals"]
    if not settings[f"{_INDEX}items"]:
        _open(report, _("Name the items of the index and its satisfied levels."))
    pooling = settings[f"{_INDEX}pooling"]
    return {
        "version": settings[f"{_INDEX}version"] or settings["version"] or "1",
        "items": settings[f"{_INDEX}items"].split(),
        "satisfied": [int(code) for code in satisfied],
        "decimals": int(decimals) if re.fullmatch("[0-6]", decimals) else 2,
        "basis": settings[f"{_INDEX}basis"] or NOT_SAID,
        **({"pooling": pooling} if pooling else {}),
    }


def _open(report: Report, message: str) -> None:
    report.add(Effect.OPEN, "settings", 0, message)
