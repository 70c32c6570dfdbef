"""A version's provisions as a tree: stored whole, read whole, never half changed."""

from __future__ import annotations

import hashlib
from collections import Counter as Count
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import naming
from .models import DraftText, Provision
from .structure import Node, cell_words, squeezed

BATCH = 500
LONGEST_LABEL = 120
_FIELDS = ["parent", "position", "depth", "kind", "label", "heading", "text", "name", "anchor"]
_FIELDS += ["sha256"]


@dataclass(eq=False)
class Branch:
    """A provision with what stands below it."""

    row: Provision
    children: list[Branch] = field(default_factory=list)


def rows_of(text: DraftText) -> list[Provision]:
    return list(Provision.objects.filter(text_version=text).order_by("position"))


def nested(rows: Iterable[Provision]) -> list[Branch]:
    """Rows in their order as a tree; whose parent is not among them is a root."""
    branches: dict[int, Branch] = {}
    roots: list[Branch] = []
    for row in rows:
        branch = branches[row.pk] = Branch(row)
        above = branches.get(row.parent_id or 0)
        (above.children if above else roots).append(branch)
    return roots


def walk(branches: Iterable[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from walk(branch.children)


@dataclass
class Tree:
    """A version's tree to be changed; `save` writes down the rows that differ."""

    roots: list[Branch]
    _before: dict[int, tuple]

    @classmethod
    def load(cls, text: DraftText) -> Tree:
        rows = rows_of(text)
        return cls(nested(rows), {row.pk: _image(row) for row in rows})

    def save(self) -> None:
        _settle(self.roots)
        changed: dict[tuple[str, ...], list[Provision]] = {}
        for branch in walk(self.roots):
            if names := self._differing(branch.row):
                changed.setdefault(names, []).append(branch.row)
        # Most rows only move on by one: few columns for many, all columns for few.
        for names, rows in changed.items():
            Provision.objects.bulk_update(rows, names, batch_size=BATCH)

    def _differing(self, row: Provision) -> tuple[str, ...]:
        before = self._before.get(row.pk)
        if before is None:
            return tuple(_FIELDS)
        now = _image(row)
        return tuple(
            name for name, was, value in zip(_FIELDS, before, now, strict=True) if was != value
        )


def _image(row: Provision) -> tuple:
    return tuple(getattr(row, "parent_id" if name == "parent" else name) for name in _FIELDS)


def store(text: DraftText, nodes: list[Node]) -> int:
    """Put a freshly read tree in the place of what the version had; returns how many."""
    _clear(text)
    roots = [_branch(text, node) for node in nodes]
    _settle(roots)
    # Level by level: a child needs its parent's key.
    level = roots
    while level:
        Provision.objects.bulk_create([branch.row for branch in level], batch_size=BATCH)
        for branch in level:
            for child in branch.children:
                child.row.parent = branch.row
        level = [child for branch in level for child in branch.children]
    return sum(1 for _branch in walk(roots))


def _clear(text: DraftText) -> None:
    """Children first: a parent with children is protected."""
    rows = Provision.objects.filter(text_version=text)
    rows.update(parent=None)
    rows.delete()


def _branch(text: DraftText, node: Node) -> Branch:
    row = Provision(
        text_version=text,
        kind=node.kind,
        label=node.label[:LONGEST_LABEL],
        # Should a label be longer, its end stands in the heading.
        heading=f"{node.label[LONGEST_LABEL:]} {node.heading}".strip(),
        text=node.text,
        cells=node.cells,
    )
    return Branch(row, [_branch(text, child) for child in node.children])


def _settle(roots: list[Branch]) -> None:
    """Places, depths, names, anchors and fingerprints, as the tree now stands."""
    counter = naming.Counter(set())
    position = 0

    def settle(branches: list[Branch], parent: Provision | None, above: list) -> None:
        nonlocal position
        kinds: Count[str] = Count()
        for branch in branches:
            row = branch.row
            kinds[row.kind] += 1
            own = naming.own_name(row, kinds[row.kind])
            row.parent = parent if parent is None or parent.pk else None
            row.position, row.depth = position, len(above)
            row.name = naming.name(own, row, above)
            row.anchor = counter.anchor(naming.anchor(row.name))
            row.sha256 = naming.fingerprint(row)
            position += 1
            settle(branch.children, row, [*above, (row, own)])

    settle(roots, None, [])


def words_hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def words_of_rows(rows: Iterable[Provision]) -> str:
    """Every letter of the rows in their order, without white space."""
    said: list[str] = []
    for row in rows:
        said += [row.label, row.heading, row.text, *cell_words(row.cells)]
    return squeezed(" ".join(said))


def says_the_source(text: DraftText, rows: Iterable[Provision]) -> bool:
    """Whether the tree still has every word of the source, in its order."""
    return text.words_sha256 == words_hash(words_of_rows(rows))
