"""A condition as the builder edits it: a tree whose parts are named by paths such as "0.1"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.reporting.formats import day as printed_day

from ..conditions import MalformedCondition
from ..conditions import read as read_condition
from ..questionnaires import COUNTED, Kind, Question, Questionnaire, in_language
from ..reading import in_figures
from .structure import Definition, Gone, Part, question, section

Node = dict
WITH_LEVELS = frozenset({Kind.SCALE, Kind.SINGLE, Kind.RATING})
WITH_CODES = WITH_LEVELS | {Kind.MULTIPLE}
WITH_SIZE = frozenset({Kind.NUMBER, Kind.DATE})


@dataclass(frozen=True)
class Line:
    """A node in words; a group has the lines below it."""

    path: str
    words: str
    is_group: bool = False
    is_any: bool = False
    lines: list[Line] = field(default_factory=list)


def owner(definition: Definition, kind: str, code: str) -> Part:
    """What a condition belongs to: a section ("phan") or a question ("cau")."""
    return section(definition, code) if kind == "phan" else question(definition, code)


def askable(questionnaire: Questionnaire, kind: str, code: str) -> list[Question]:
    """Questions of earlier pages: a condition looks back only (decision 0018)."""
    found: list[Question] = []
    for part in questionnaire.sections:
        held = {row.code for row in part.questions}
        if (kind == "phan" and part.code == code) or (kind == "cau" and code in held):
            return found
        found += [row for row in part.questions if row.type in COUNTED]
    raise Gone(code)


def add(part: Part, path: str, node: Node) -> None:
    """A line at the end of a group; beside a single line, both become a group."""
    root = part.get("show_if")
    if root is None:
        part["show_if"] = node
        return
    target = at(root, path)
    if is_group(target):
        target["of"].append(node)
        return
    _replace(part, path, {"op": "and", "of": [target, node]})


def put(part: Part, path: str, node: Node) -> None:
    at(part.get("show_if"), path)
    _replace(part, path, node)


def remove(part: Part, path: str) -> None:
    """A line goes; a group that is left with nothing goes with it, one line stands alone."""
    at(part.get("show_if"), path)
    if not path:
        del part["show_if"]
        return
    above, _dot, last = path.rpartition(".")
    group = at(part["show_if"], above)
    del group["of"][int(last)]
    if not group["of"]:
        remove(part, above)
    elif len(group["of"]) == 1:
        _put_for_group(part, above, group, group["of"][0])


def _put_for_group(part: Part, path: str, group: Node, node: Node) -> None:
    """A node in the place of a group; what denied the group denies the node."""
    holder = at(part["show_if"], path, within_not=False)
    if holder is group:
        _replace(part, path, node)
        return
    while holder["of"] is not group:
        holder = holder["of"]
    holder["of"] = node


def require_readable(part: Part) -> None:
    """ValidationError where the condition has grown too deep or too long."""
    try:
        if "show_if" in part:
            read_condition(part["show_if"])
    except MalformedCondition as fault:
        raise ValidationError(str(fault)[:1].upper() + str(fault)[1:]) from None


def turn(part: Part, path: str) -> None:
    """All of its lines becomes any of them, and back."""
    node = at(part.get("show_if"), path)
    if is_group(node):
        node["op"] = "or" if node["op"] == "and" else "and"


def deny(part: Part, path: str) -> None:
    """A group holds when it did not, and back."""
    node = at(part.get("show_if"), path, within_not=False)
    bare = node["of"] if node["op"] == "not" else {"op": "not", "of": node}
    _replace(part, path, bare)


def group(part: Part, path: str) -> None:
    """A line becomes a group of its own, joined the other way than the one around it."""
    node = at(part.get("show_if"), path, within_not=False)
    above = at(part["show_if"], path.rpartition(".")[0]) if path else {"op": "and"}
    op = "or" if above.get("op") == "and" else "and"
    _replace(part, path, {"op": op, "of": [node]})


def is_group(node: Node) -> bool:
    return node["op"] in ("and", "or")


def at(root: Node | None, path: str, *, within_not: bool = True) -> Node:
    """The node of a path; a denied group is reached through its denial."""
    node = root
    if node is None:
        raise Gone(path)
    for step in path.split(".") if path else []:
        node = _bare(node)
        if not is_group(node) or not step.isascii() or not step.isdigit():
            raise Gone(path)
        if int(step) >= len(node["of"]):
            raise Gone(path)
        node = node["of"][int(step)]
    return _bare(node) if within_not else node


def _bare(node: Node) -> Node:
    """A denied group as the group; a denied line stays a line of its own."""
    if node["op"] == "not" and (is_group(node["of"]) or node["of"]["op"] == "not"):
        return _bare(node["of"])
    return node


def _replace(part: Part, path: str, node: Node) -> None:
    if not path:
        part["show_if"] = node
        return
    above, _dot, last = path.rpartition(".")
    at(part["show_if"], above)["of"][int(last)] = node


def described(node: Node, questionnaire: Questionnaire, path: str = "") -> Line:
    """The tree in words, for the builder."""
    bare = _bare(node)
    if not is_group(bare):
        return Line(path, in_words(bare, questionnaire))
    is_denied = _denials(node) % 2 == 1
    is_any = bare["op"] == "or"
    words = {
        (False, False): _("all of these hold"),
        (True, False): _("at least one of these holds"),
        (False, True): _("not all of these hold"),
        (True, True): _("none of these holds"),
    }[is_any, is_denied]
    lines = [
        described(inner, questionnaire, f"{path}.{n}" if path else str(n))
        for n, inner in enumerate(bare["of"])
    ]
    return Line(path, words, True, is_any, lines)


def _denials(node: Node) -> int:
    return 1 + _denials(node["of"]) if node["op"] == "not" and _bare(node) is not node else 0


def in_words(node: Node, questionnaire: Questionnaire) -> str:
    """One line: "Q3 “Ông/bà có đến không?” là: Có"."""
    is_denied = node["op"] == "not"
    leaf = node["of"] if is_denied else node
    asked = next((q for q in questionnaire.questions() if q.code == leaf["question"]), None)
    name = f"{leaf['question']} “{asked.label}”" if asked else leaf["question"]
    told = {"question": name, "value": _value(leaf, asked)}
    match leaf["op"], is_denied:
        case "is", False:
            return _("%(question)s is: %(value)s") % told
        case "is", True:
            return _("%(question)s is not: %(value)s") % told
        case "answered", False:
            return _("%(question)s is answered") % told
        case "answered", True:
            return _("%(question)s is not answered") % told
        case "at_least", False:
            return _("%(question)s is at least %(value)s") % told
        case "at_most", False:
            return _("%(question)s is at most %(value)s") % told
        case "at_least", True:
            return _("%(question)s is not at least %(value)s") % told
    return _("%(question)s is not at most %(value)s") % told


def _value(leaf: Node, asked: Question | None) -> str:
    if leaf["op"] == "is":
        return _(" or ").join(_choice(asked, code) for code in leaf["codes"])
    if leaf["op"] == "answered":
        return ""
    value = leaf["value"]
    if asked and asked.type in WITH_LEVELS and isinstance(value, int):
        return _choice(asked, value)
    if isinstance(value, str):
        return printed_day(date.fromisoformat(value))
    return in_figures(str(value))


def _choice(asked: Question | None, code: int) -> str:
    found = asked.choice(code) if asked else None
    return in_language(found.labels) if found else str(code)


def one_line(node: Node, questionnaire: Questionnaire) -> str:
    """The whole condition in one sentence, for lists."""
    bare = _bare(node)
    if not is_group(bare):
        return in_words(bare, questionnaire)
    joint = _(" or ") if bare["op"] == "or" else _(" and ")
    parts = [one_line(inner, questionnaire) for inner in bare["of"]]
    joined = joint.join(f"({part})" if len(parts) > 1 else part for part in parts)
    return _("not %(what)s") % {"what": f"({joined})"} if _denials(node) % 2 else joined


def leaves(node: Node | None) -> Iterator[Node]:
    """The lines of a condition, without their denials."""
    if node is None:
        return
    inner = node.get("of", [])
    for part in inner if isinstance(inner, list) else [inner]:
        yield from leaves(part)
    if "of" not in node:
        yield node
