"""From the paragraphs of a draft to its tree of provisions.

Pure: no database, no file. The worst that a misread label does is put a provision in the
wrong place, where an editor mends it; no word is ever lost: `words(tree)` are the words
of the source, in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from portal.text import clean, nfc

from . import labels
from .labels import KINDS, Level, Mark
from .models.drafts import ProvisionKind
from .quotations import LONGEST, closes_at

Cell = dict[str, object]
Rows = list[list[Cell]]


@dataclass(frozen=True)
class Block:
    """A paragraph, a table or a footnote of the source; its automatic number stands in `text`."""

    text: str = ""
    cells: Rows | None = None
    is_note: bool = False
    is_centred: bool = False

    @property
    def is_plain(self) -> bool:
        return self.cells is None and not self.is_note


@dataclass
class Node:
    kind: ProvisionKind
    label: str = ""
    heading: str = ""
    text: str = ""
    cells: Rows | None = None
    children: list[Node] = field(default_factory=list)


def of_text(pasted: str) -> list[Block]:
    """Pasted words: a line is a paragraph."""
    return [Block(line.strip()) for line in clean(pasted).split("\n") if line.strip()]


def parse(blocks: Sequence[Block]) -> list[Node]:
    """The roots of the tree, in the order of the source."""
    tidy = [_tidied(block) for block in blocks]
    return _Builder([block for block in tidy if block.text or block.cells]).build()


def _tidied(block: Block) -> Block:
    return Block(clean(block.text), block.cells, block.is_note, block.is_centred)


# --- What a tree says -------------------------------------------------------------------


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node in the order of the text."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def cell_words(cells: Rows | None) -> Iterator[str]:
    for row in cells or []:
        for cell in row:
            yield str(cell["text"])


def words(nodes: Iterable[Node]) -> str:
    """Every letter of the tree in its order, without white space."""
    said: list[str] = []
    for node in walk(nodes):
        said += [node.label, node.heading, node.text, *cell_words(node.cells)]
    return squeezed(" ".join(said))


def words_of(blocks: Iterable[Block]) -> str:
    """The same of the source."""
    said: list[str] = []
    for block in blocks:
        said += [clean(block.text), *cell_words(block.cells)]
    return squeezed(" ".join(said))


def squeezed(text: str) -> str:
    return "".join(nfc(text).split())


# --- Building ---------------------------------------------------------------------------


class _Builder:
    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.roots: list[Node] = []
        # What is open now, the outermost first.
        self.open: list[tuple[Level, Node]] = []
        # The last number counted below a node, by level.
        self.counted: dict[tuple[int, Level], int] = {}
        self.has_articles = False
        self.at = 0

    def build(self) -> list[Node]:
        self.has_articles = self._articles_ahead()
        while self.at < len(self.blocks):
            self._take(self.blocks[self.at])
            self.at += 1
        return self.roots

    def _take(self, block: Block) -> None:
        if not block.is_plain:
            self._attach(block)
        elif self._take_attached() or self._take_annex(block):
            return
        elif mark := self._mark_of(block.text):
            self._open_mark(mark)
            self._swallow_quotation(block.text)
        elif labels.is_closing(block.text) or labels.is_letterhead(block.text):
            self._leave_articles()
            self._say(block.text)
        else:
            self._say(block.text)
            self._swallow_quotation(block.text)

    # Quoted provisions of another text belong to the clause that amends it.

    def _swallow_quotation(self, text: str) -> None:
        ahead = list(self._ahead())
        # A footnote opens and closes quotations of its own.
        lines = [block.text if block.is_plain else "" for block in ahead]
        for block in ahead[: closes_at(text, lines)]:
            self.at += 1
            if block.is_plain:
                self._say(block.text)
            else:
                self._attach(block)

    def _ahead(self) -> Iterator[Block]:
        for block in self.blocks[self.at + 1 : self.at + 1 + LONGEST]:
            if labels.annex(block.text):
                return
            yield block

    # Labels

    def _mark_of(self, text: str) -> Mark | None:
        mark = labels.named(text)
        if mark is None and self.has_articles:
            mark = self._article(text) or self._within_article(text)
        elif mark is None:
            mark = self._of_plan(text)
        return mark

    def _article(self, text: str) -> Mark | None:
        mark = labels.article(text)
        if mark is None:
            return None
        last = self.counted.get((self._document(), Level.ARTICLE), 0)
        return mark if mark.order > last else None

    def _within_article(self, text: str) -> Mark | None:
        if not self._is_open(Level.ARTICLE):
            return None
        mark = labels.subclause(text)
        if mark and self._is_open(Level.CLAUSE):
            return mark
        return self._counted_on(labels.clause(text)) or self._counted_on(labels.point(text))

    def _of_plan(self, text: str) -> Mark | None:
        if mark := self._counted_on(labels.roman_head(text)):
            return mark
        if (mark := self._counted_on(labels.letter_head(text))) and labels.is_capitals(mark.rest):
            return mark
        mark = labels.subclause(text)
        if mark and self._is_open(Level.CLAUSE):
            return mark
        return self._counted_on(labels.clause(text)) or self._counted_on(labels.point(text))

    def _counted_on(self, mark: Mark | None) -> Mark | None:
        """A number counts on from the last one below the same parent, or begins the count."""
        if mark is None:
            return None
        last = self.counted.get((self._parent_id(mark.level), mark.level))
        first = {Level.POINT: 10 + labels.ALPHABET.index("c") * 10}.get(mark.level, 1)
        if last is None:
            return mark if mark.order <= first else None
        reach = 70 if mark.level is Level.POINT else 3
        return mark if last < mark.order <= last + reach else None

    def _open_mark(self, mark: Mark) -> None:
        self._close_to(mark.level)
        parent = self._document() if mark.level is Level.ARTICLE else self._parent_id(mark.level)
        self.counted[parent, mark.level] = mark.order
        node = Node(KINDS[mark.level], mark.label)
        self._add(node)
        self.open.append((mark.level, node))
        self._head(node, mark)

    def _head(self, node: Node, mark: Mark) -> None:
        """What follows a label: a heading, or the words themselves."""
        is_titled = mark.level in labels.GREAT or mark.level is Level.ARTICLE
        if mark.level is Level.ARTICLE and mark.rest.endswith((".", ";", ":", ",")):
            is_titled = False
        if not is_titled:
            node.text = mark.rest
            return
        node.heading = mark.rest
        if mark.level is Level.ARTICLE:
            self._article_title_below(node)
        else:
            self._titles_below(node)

    def _article_title_below(self, node: Node) -> None:
        if node.heading:
            return
        block = self._next_title()
        if block and not block.text.endswith((".", ";", ":")):
            node.heading = block.text
            self.at += 1

    def _titles_below(self, node: Node) -> None:
        """The heading of a chapter stands on the next line, or goes on there in capitals."""
        while block := self._next_title():
            goes_on = labels.is_capitals(block.text) or labels.says_attached(block.text)
            if node.heading and not goes_on:
                return
            if block.text.endswith((".", ";", ":")) and not goes_on:
                return
            node.heading = f"{node.heading}\n{block.text}".strip()
            self.at += 1

    def _next_title(self) -> Block | None:
        """The next paragraph, where it carries no label of its own."""
        if self.at + 1 >= len(self.blocks):
            return None
        block = self.blocks[self.at + 1]
        if not block.is_plain or self._mark_of(block.text) or labels.annex(block.text):
            return None
        if labels.is_closing(block.text) or labels.is_letterhead(block.text):
            return None
        return block if len(block.text) <= 400 else None

    # Documents within the document

    def _take_attached(self) -> bool:
        """QUY CHẾ … (Ban hành kèm theo …): a tree of its own below."""
        count = self._head_of_attached(self.at)
        if not count:
            return False
        self.open.clear()
        head = self.blocks[self.at : self.at + count]
        node = Node(ProvisionKind.DOCUMENT, heading="\n".join(block.text for block in head))
        self._add(node)
        self.open.append((Level.DOCUMENT, node))
        self.at += count - 1
        self.has_articles = self._articles_ahead()
        return True

    def _head_of_attached(self, number: int) -> int:
        """How many paragraphs from this one are the head of an attached document; 0: none."""
        near = self.blocks[number : number + labels.HEAD_LINES]
        if not labels.opens_attached(near[0].text):
            return 0
        for count, block in enumerate(near, 1):
            if not block.is_plain or self._mark_of(block.text):
                return 0
            if labels.says_attached(block.text):
                return count
        return 0

    def _take_annex(self, block: Block) -> bool:
        mark = labels.annex(block.text)
        if mark is None:
            return False
        self._close_to(Level.ANNEX)
        node = Node(ProvisionKind.ANNEX, mark.label, mark.rest)
        self._add(node)
        self.open.append((Level.ANNEX, node))
        self.has_articles = self._articles_ahead()
        self._titles_below(node)
        return True

    def _articles_ahead(self) -> bool:
        """Whether this document counts by articles, as far as the next document or annex."""
        hidden = 0
        for number in range(self.at + 1 if self.roots else 0, len(self.blocks)):
            text = self.blocks[number].text
            if number < hidden or not self.blocks[number].is_plain:
                continue
            if self.roots and (labels.annex(text) or self._head_of_attached(number)):
                return False
            if labels.article(text):
                return True
            following = [block.text for block in self.blocks[number + 1 : number + 1 + LONGEST]]
            hidden = number + 1 + closes_at(text, following)
        return False

    # The tree

    def _document(self) -> int:
        """Whose articles are being counted."""
        for level, node in reversed(self.open):
            if level <= Level.ANNEX:
                return id(node)
        return 0

    def _parent_id(self, level: Level) -> int:
        above = [node for open_level, node in self.open if open_level < level]
        return id(above[-1]) if above else 0

    def _is_open(self, level: Level) -> bool:
        return any(open_level is level for open_level, _node in self.open)

    def _close_to(self, level: Level) -> None:
        while self.open and self.open[-1][0] >= level:
            self.open.pop()

    def _leave_articles(self) -> None:
        while self.open and self.open[-1][0] > Level.ANNEX:
            self.open.pop()

    def _add(self, node: Node) -> None:
        (self.open[-1][1].children if self.open else self.roots).append(node)

    def _attach(self, block: Block) -> None:
        """A table or a footnote stands where the text had come to."""
        said = block.text or " ".join(cell_words(block.cells))
        if block.cells and (labels.is_letterhead(said) or "Nơi nhận" in said):
            self._leave_articles()
        if block.is_note:
            label, _space, text = block.text.partition(" ")
            self._add(Node(ProvisionKind.NOTE, label, text=text))
        else:
            self._add(Node(ProvisionKind.TABLE, cells=block.cells))

    def _say(self, text: str) -> None:
        """Words without a label: they go on with what is open."""
        siblings = self.open[-1][1].children if self.open else self.roots
        if self.open and not siblings and self.open[-1][1].kind not in _NEVER_SPEAK:
            node = self.open[-1][1]
        elif siblings and siblings[-1].kind in _SPEAKING:
            node = siblings[-1]
        else:
            node = Node(ProvisionKind.PLAIN if self._has_begun() else ProvisionKind.PREAMBLE)
            siblings.append(node)
        node.text = f"{node.text}\n{text}".strip()

    def _has_begun(self) -> bool:
        """Whether a label has been seen in this document."""
        if not self.open:
            return any(node.label for node in walk(self.roots))
        level, node = self.open[0]
        return level is not Level.DOCUMENT or any(below.label for below in walk(node.children))


_SPEAKING = frozenset({ProvisionKind.PLAIN, ProvisionKind.PREAMBLE})
# What stands below a chapter's heading without a label is a paragraph of its own.
_NEVER_SPEAK = frozenset(
    {
        ProvisionKind.DOCUMENT,
        ProvisionKind.ANNEX,
        ProvisionKind.PART,
        ProvisionKind.CHAPTER,
    }
)
