"""LimeSurvey's one-letter types of questions and the kinds that they are here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..questionnaires import Kind
from .assembling import Option

KINDS = {
    "L": Kind.SINGLE,
    "!": Kind.SINGLE,
    "O": Kind.SINGLE,
    "M": Kind.MULTIPLE,
    "P": Kind.MULTIPLE,
    "N": Kind.NUMBER,
    "S": Kind.SHORT,
    "T": Kind.TEXT,
    "U": Kind.TEXT,
    "D": Kind.DATE,
    "R": Kind.RANKING,
}
ARRAYS = frozenset("FABCE")
LEFT_OUT = {
    "|": _("it asks for files, which surveys here do not take."),
    "*": _("it is computed and not asked."),
    "I": _("people choose the language by the page's own links."),
    "1": _("a table with two scales is not known here: make two tables of it."),
    "H": _("a table by columns is not known here: turn it round."),
    ":": _("a table of numbers is not known here."),
    ";": _("a table of texts is not known here."),
}


@dataclass(frozen=True)
class Fixed:
    """Choices that LimeSurvey does not write into the file."""

    choices: tuple[tuple[str, str, str], ...]

    def options(self, line: int) -> list[Option]:
        return [
            Option(code, {"vi": vi, "en": en}, "questions", line) for code, vi, en in self.choices
        ]


def _levels(most: int) -> Fixed:
    return Fixed(tuple((str(n), str(n), str(n)) for n in range(1, most + 1)))


FIXED = {
    "5": _levels(5),
    "A": _levels(5),
    "B": _levels(10),
    "Y": Fixed((("Y", "Có", "Yes"), ("N", "Không", "No"))),
    "G": Fixed((("F", "Nữ", "Female"), ("M", "Nam", "Male"))),
    "C": Fixed((("Y", "Có", "Yes"), ("U", "Không chắc", "Uncertain"), ("N", "Không", "No"))),
    "E": Fixed((("I", "Tăng", "Increase"), ("S", "Như cũ", "Same"), ("D", "Giảm", "Decrease"))),
}
