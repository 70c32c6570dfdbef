"""What WeasyPrint does for papers of any kind and ours never need, left out: long ones take half.

The bytes are the same as without this module (`tests/reporting/test_pdf.py`).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pydyf
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA

# Its style sheet gives each element of a document six pseudo-elements with styles of their own:
# the marker of a list, and what belongs to footnotes. We have lists, and no footnotes of CSS.
_EVERYWHERE = re.compile(r"^::(footnote|note)-[a-z]+ \{[^}]*\}$", re.MULTILINE)
_SHEET = CSS(
    string=re.sub(r"^::marker \{", "li::marker {", _EVERYWHERE.sub("", UA), flags=re.MULTILINE),
    counter_style=CounterStyle(),
)


class Paper(HTML):
    """A document in which only list items have markers, and nothing has footnotes."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_SHEET]


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Boxes and styles live until the paper is drawn: looking for garbage among them finds none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Said(pydyf.Object):
    """An object in its last form."""

    data = b""

    def __init__(self, number: int, data: bytes) -> None:
        super().__init__()
        self.number, self.data = number, data


def say_once(pdf: pydyf.PDF) -> None:
    """Write each object down: pydyf would do it twice, once for the file and once for its hash."""
    for at, known in enumerate(pdf.objects):
        if isinstance(known, pydyf.Stream):
            _pack(known)
        elif known.free != "f" and known is not pdf.catalog:
            pdf.objects[at] = _Said(known.number, known.data)


def _pack(stream: pydyf.Stream) -> None:
    if stream.compress:
        _dictionary, _line, packed = stream.data.partition(b"\nstream\n")
        stream.stream = [packed.removesuffix(b"\nendstream")]
        stream.extra = {**stream.extra, "Filter": "/FlateDecode"}
        stream.compress = False
