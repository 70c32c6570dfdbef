"""Codes are given out by the server, once: to sections, questions, grids, scales and choices."""

from __future__ import annotations

from itertools import count

from django.utils.text import slugify

from portal.text import fold

from ..checks import MAX_CODE
from .structure import Definition, Part, questions

# No-answer choices count down from here, so that levels keep their own order.
NO_ANSWER_FROM = 99
SLUG_LENGTH = 50


def scale_key(name: str) -> str:
    """What a scale's choices are remembered under, beside those of questions."""
    return f"scale:{name}"


def with_spent(spent: dict, definition: Definition) -> dict:
    """What was given out before, and what the definition holds now."""
    codes = set(spent.get("codes", []))
    choices = {owner: set(given) for owner, given in spent.get("choices", {}).items()}
    for section in definition["sections"]:
        codes |= {section["code"], section["slug"], *section.get("grids", {})}
    for _section, question in questions(definition):
        codes.add(question["code"])
        _note(choices, question["code"], question.get("choices", []))
    for name, scale in definition.get("scales", {}).items():
        codes.add(name)
        _note(choices, scale_key(name), scale["choices"])
    return {
        "codes": sorted(codes),
        "choices": {owner: sorted(given) for owner, given in sorted(choices.items()) if given},
    }


def _note(choices: dict[str, set[int]], owner: str, rows: list[Part]) -> None:
    choices.setdefault(owner, set()).update(row["code"] for row in rows)


def new_code(spent: dict, prefix: str) -> str:
    """The next free code such as "Q7"; it is spent at once."""
    taken = {code.casefold() for code in spent.setdefault("codes", [])}
    code = next(f"{prefix}{n}" for n in count(1) if f"{prefix}{n}".casefold() not in taken)
    spent["codes"].append(code)
    return code


def own_code(spent: dict, wanted: str) -> str:
    """A code with a meaning of its own ("age"), numbered if it was given out before."""
    if wanted in spent.setdefault("codes", []):
        return new_code(spent, f"{wanted}_")
    spent["codes"].append(wanted)
    return wanted


def new_slug(spent: dict, title: str) -> str:
    """A section's address from its title."""
    plain = slugify(fold(title))[:SLUG_LENGTH].strip("-") or "phan"
    taken = spent.setdefault("codes", [])
    slug = plain
    if slug in taken:
        slug = next(f"{plain}-{n}" for n in count(2) if f"{plain}-{n}" not in taken)
    taken.append(slug)
    return slug


def new_choice(spent: dict, owner: str, is_no_answer: bool) -> int:
    """The next free code of a choice: levels from 1 up, no-answer choices from 99 down."""
    taken = spent.setdefault("choices", {}).setdefault(owner, [])
    numbers = (
        (*range(NO_ANSWER_FROM, 10, -1), *range(NO_ANSWER_FROM + 1, MAX_CODE + 1))
        if is_no_answer
        else (n for n in range(1, MAX_CODE + 1) if n not in (NO_ANSWER_FROM, NO_ANSWER_FROM - 1))
    )
    code = next(n for n in numbers if n not in taken)
    taken.append(code)
    return code
