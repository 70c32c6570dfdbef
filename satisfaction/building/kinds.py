"""The kinds of question in words of the office."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..questionnaires import Kind


@dataclass(frozen=True)
class KindInWords:
    kind: Kind
    label: str | Promise
    about: str | Promise


KINDS = {
    str(row.kind): row
    for row in [
        KindInWords(
            Kind.SCALE, _("Scale"), _("One level, e.g. very dissatisfied to very satisfied")
        ),
        KindInWords(Kind.SINGLE, _("One choice"), _("One of several answers")),
        KindInWords(
            Kind.MULTIPLE, _("Several choices"), _("Any number, or so many, of the answers")
        ),
        KindInWords(Kind.RATING, _("Mark from 0 to 10"), _("With words for 0 and for 10")),
        KindInWords(Kind.RANKING, _("Ranking"), _("Choices are put in order")),
        KindInWords(
            Kind.NUMBER,
            pgettext_lazy("kind of question", "Number"),
            _("With a unit, a least and a most"),
        ),
        KindInWords(Kind.DATE, _("Date"), _("Day, month and year")),
        KindInWords(Kind.SHORT, _("Short text"), _("One line; kept apart from the figures")),
        KindInWords(Kind.TEXT, _("Long text"), _("Several lines; kept apart from the figures")),
        KindInWords(Kind.AGENCY, _("Agency"), _("Which agency is rated; asked once")),
    ]
}


def kind_label(kind: str) -> str:
    return str(KINDS[kind].label)
