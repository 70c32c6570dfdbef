"""The parts of a definition being built: found, put in, taken out, moved.

Every function changes the definition that it is given; `drafts.change` hands it a copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..versions import canonical

Definition = dict[str, Any]
Part = dict[str, Any]
Block = list[Part]


class Gone(LookupError):
    """Somebody removed this part meanwhile."""


def fingerprint(part: object) -> str:
    """What a form was filled in on: tells whether the part changed meanwhile."""
    return hashlib.sha256(canonical({"part": part})).hexdigest()[:16]


def section(definition: Definition, code: str) -> Part:
    for part in definition["sections"]:
        if part["code"] == code:
            return part
    raise Gone(code)


def questions(definition: Definition) -> Iterator[tuple[Part, Part]]:
    """Each question after the section that holds it."""
    for part in definition["sections"]:
        for question in part["questions"]:
            yield part, question


def question(definition: Definition, code: str) -> Part:
    return place_of(definition, code)[1]


def place_of(definition: Definition, code: str) -> tuple[Part, Part]:
    """The section that holds a question, and the question."""
    for part, found in questions(definition):
        if found["code"] == code:
            return part, found
    raise Gone(code)


def grid(definition: Definition, section_code: str, code: str) -> Part:
    found = section(definition, section_code).get("grids", {}).get(code)
    if found is None:
        raise Gone(code)
    return found


def scale(definition: Definition, name: str) -> Part:
    if name not in definition.get("scales", {}):
        raise Gone(name)
    return definition["scales"][name]


def blocks(part: Part) -> list[Block]:
    """A section's questions, with the rows of a grid together."""
    found = groupby(part["questions"], key=lambda row: row.get("grid") or f"?{row['code']}")
    return [list(rows) for _name, rows in found]


def add_rows(part: Part, rows: list[Part], after_grid: str = "") -> None:
    """New questions at the end of a section, or at the end of one of its grids."""
    at = len(part["questions"])
    if after_grid:
        grid_rows = [n for n, row in enumerate(part["questions"]) if row.get("grid") == after_grid]
        at = grid_rows[-1] + 1 if grid_rows else at
    part["questions"][at:at] = rows


def remove_question(definition: Definition, code: str) -> None:
    part, found = place_of(definition, code)
    part["questions"].remove(found)
    _forget_items(definition, {code})
    _drop_empty_grids(part)


def remove_section(definition: Definition, code: str) -> None:
    part = section(definition, code)
    definition["sections"].remove(part)
    _forget_items(definition, {row["code"] for row in part["questions"]})


def remove_scale(definition: Definition, name: str) -> None:
    """ValidationError while a question is answered on it."""
    scale(definition, name)
    if any(row.get("scale") == name for _section, row in questions(definition)):
        raise ValidationError(_("Questions use this scale; give them another one first."))
    del definition["scales"][name]


def _forget_items(definition: Definition, codes: set[str]) -> None:
    index = definition["index"]
    index["items"] = [item for item in index["items"] if item not in codes]


def _drop_empty_grids(part: Part) -> None:
    used = {row.get("grid") for row in part["questions"]}
    grids = {code: grid for code, grid in part.get("grids", {}).items() if code in used}
    if grids:
        part["grids"] = grids
    else:
        part.pop("grids", None)


def move_section(definition: Definition, code: str, step: int) -> None:
    rows = definition["sections"]
    _swap(rows, rows.index(section(definition, code)), step)


def move_question(definition: Definition, code: str, step: int) -> None:
    """Up (-1) or down (1): past a whole grid, into the next section at a section's end.

    The row of a grid stays within its grid.
    """
    part, found = place_of(definition, code)
    grid_code = found.get("grid")
    if not grid_code:
        _move_block(definition, part, [found], step)
        return
    rows = [row for row in part["questions"] if row.get("grid") == grid_code]
    at = rows.index(found)
    if 0 <= at + step < len(rows):
        here, there = (part["questions"].index(row) for row in (found, rows[at + step]))
        part["questions"][here], part["questions"][there] = rows[at + step], found


def move_grid(definition: Definition, section_code: str, code: str, step: int) -> None:
    part = section(definition, section_code)
    rows = [row for row in part["questions"] if row.get("grid") == code]
    if not rows:
        raise Gone(code)
    _move_block(definition, part, rows, step)


def _move_block(definition: Definition, part: Part, block: Block, step: int) -> None:
    order = blocks(part)
    at = order.index(block)
    if 0 <= at + step < len(order):
        _swap(order, at, step)
        part["questions"] = [row for rows in order for row in rows]
        return
    sections = definition["sections"]
    there = sections.index(part) + step
    if 0 <= there < len(sections):
        _hand_over(part, sections[there], block, step)


def _hand_over(source: Part, target: Part, block: Block, step: int) -> None:
    """A block goes to the neighbouring section, with the words of its grid."""
    source["questions"] = [row for row in source["questions"] if row not in block]
    grid_code = block[0].get("grid")
    if grid_code and grid_code in source.get("grids", {}):
        target.setdefault("grids", {})[grid_code] = source["grids"][grid_code]
    _drop_empty_grids(source)
    if step > 0:
        target["questions"][:0] = block
    else:
        target["questions"] += block


def _swap(rows: list, at: int, step: int) -> None:
    there = at + step
    if 0 <= there < len(rows):
        rows[at], rows[there] = rows[there], rows[at]
