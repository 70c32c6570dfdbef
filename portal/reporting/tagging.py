"""The structure tree as readers of PDF/UA need it, where WeasyPrint leaves it short.

WeasyPrint names no scope of header cells, measures figures in its own pixels from the
top, and makes a new table of each page that a table runs over. All three are mended on
the finished tree before the file is written.

For each element it also asks anew for the list of all pages, which makes a paper of a
thousand pages slow: the list is kept until a page is added.
"""

from __future__ import annotations

from collections.abc import Iterator

import pydyf
from weasyprint.document import Document

from .drawing import say_once

_POINTS_PER_PIXEL = 0.75
_list_pages = pydyf.PDF.page_references.fget


def _pages_kept(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    count = pdf.pages["Count"]
    kept = pdf.__dict__.get("kept_pages", (0, ()))
    if kept[0] != count:
        kept = pdf.kept_pages = (count, _list_pages(pdf))
    return kept[1]


pydyf.PDF.page_references = property(_pages_kept)


def finish(document: Document, pdf: pydyf.PDF) -> None:
    """WeasyPrint's finisher: called once everything is drawn."""
    tree = _Tree(pdf)
    for element in tree.elements("/TH"):
        is_column = tree.ancestor(element, 2)["S"] == "/THead"
        element["A"]["Scope"] = "/Column" if is_column else "/Row"
    for element in tree.elements("/Figure"):
        tree.place(element)
    for element in tree.elements("/Document", "/Div", "/Sect", "/NonStruct"):
        tree.join_tables(element)
    say_once(pdf)


class _Tree:
    def __init__(self, pdf: pydyf.PDF) -> None:
        self.pdf = pdf
        self.pages = list(pdf.page_references)
        root = self.at(pdf.catalog["StructTreeRoot"])
        self.nums = self.at(root["ParentTree"])["Nums"]

    def at(self, reference: bytes) -> pydyf.Object:
        return self.pdf.objects[int(reference.split()[0])]

    def elements(self, *kinds: str) -> Iterator[pydyf.Dictionary]:
        for found in list(self.pdf.objects):
            if isinstance(found, pydyf.Dictionary) and found.get("S") in kinds:
                yield found

    def ancestor(self, element: pydyf.Dictionary, steps: int) -> pydyf.Dictionary:
        for _ in range(steps):
            element = self.at(element["P"])
        return element

    def children(self, element: pydyf.Dictionary, kind: str = "") -> list[pydyf.Dictionary]:
        made = [self.at(kid) for kid in element["K"] if isinstance(kid, bytes)]
        return [kid for kid in made if not kind or kid.get("S") == kind]

    def place(self, figure: pydyf.Dictionary) -> None:
        """The figure's box in points from the page's lower left corner."""
        height = self.at(figure["Pg"])["MediaBox"][3]
        left, top, right, bottom = (_POINTS_PER_PIXEL * side for side in figure["A"]["BBox"])
        figure["A"]["BBox"] = pydyf.Array([left, height - bottom, right, height - top])

    def join_tables(self, parent: pydyf.Dictionary) -> None:
        """A table without a caption right after a table is that one's next page: all of ours
        have captions."""
        table, kept = None, []
        for reference in parent["K"]:
            kid = self.at(reference) if isinstance(reference, bytes) else None
            if kid is None or kid.get("S") != "/Table":
                table = None
            elif table is not None and not self.children(kid, "/Caption"):
                self._join(table, kid)
                continue
            else:
                table = kid
            kept.append(reference)
        parent["K"][:] = kept

    def _join(self, table: pydyf.Dictionary, rest: pydyf.Dictionary) -> None:
        """Move the rows of `rest` into `table`; its repeated header is page furniture."""
        repeated, first = (
            [cell for head in self.children(part, "/THead") for cell in self._cells(head)]
            for part in (rest, table)
        )
        renamed = {
            again["ID"].string: cell["ID"] for again, cell in zip(repeated, first, strict=True)
        }
        (body,) = self.children(table, "/TBody")
        for more in self.children(rest, "/TBody"):
            for row in self.children(more, "/TR"):
                row["P"] = body.reference
                body["K"].append(row.reference)
                for cell in self.children(row, "/TD"):
                    names = cell["A"]["Headers"]
                    names[:] = [renamed.get(name.string, name) for name in names]
        for head in self.children(rest, "/THead"):
            self._make_artifact(head)

    def _cells(self, head: pydyf.Dictionary) -> list[pydyf.Dictionary]:
        return [cell for row in self.children(head, "/TR") for cell in self.children(row, "/TH")]

    def _make_artifact(self, element: pydyf.Dictionary) -> None:
        for kid in element["K"]:
            if isinstance(kid, bytes):
                self._make_artifact(self.at(kid))
            else:
                self._unmark(element["Pg"], kid)

    def _unmark(self, page: bytes, mcid: int) -> None:
        """Let a piece of the page's content belong to no element."""
        self.nums[2 * self.pages.index(page) + 1][mcid] = b"null"
        content = self.at(self.at(page)["Contents"]).stream
        for place, item in enumerate(content):
            if isinstance(item, pydyf.Dictionary) and item.get("MCID") == mcid:
                content[place - 1 : place + 2] = ["/Artifact", b"BMC"]
                return
