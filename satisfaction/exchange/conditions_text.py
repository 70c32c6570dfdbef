"""Conditions as other survey tools write them: XPath of XLSForm and LimeSurvey's expressions.

Only a small safe subset is read, by a parser of our own: nothing is ever evaluated. What
lies outside of it raises NotUnderstood, and the import says so with its row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

MAX_LENGTH = 2_000
MAX_DEPTH = 40

Tree = dict
# ("=", name, value): what a comparison of an answer means here; also "!=", ">=", ">", "<=", "<".
Compared = Callable[[str, str, object], Tree]


class NotUnderstood(ValueError):
    """The expression is outside of the subset; its message is for the editor."""


@dataclass(frozen=True)
class Name:
    text: str


@dataclass(frozen=True)
class Call:
    """A function of an answer: "selected", "string-length", "count-selected", "is_empty"."""

    function: str
    name: str
    value: object = None


_TOKENS = re.compile(
    r"""\s*(?:
    (?P<dollar>\$\{\s*(?P<inside>[^{}\s]{1,80})\s*\})
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<number>-?\d+(?:\.\d+)?)
    |(?P<op><=|>=|!=|<>|==|=|<|>|&&|\|\||!)
    |(?P<mark>[(),])
    |(?P<word>[A-Za-z_][\w.:-]*)
    |(?P<self>\.)
    )""",
    re.VERBOSE,
)
_OPERATORS = {
    "=": "=", "==": "=", "eq": "=", "!=": "!=", "<>": "!=", "ne": "!=", "neq": "!=",
    ">=": ">=", "ge": ">=", ">": ">", "gt": ">", "<=": "<=", "le": "<=", "<": "<", "lt": "<",
}  # fmt: skip
_AND, _OR, _NOT = {"and", "&&"}, {"or", "||"}, {"not", "!"}
_TURNED = {"=": "=", "!=": "!=", ">=": "<=", "<=": ">=", ">": "<", "<": ">"}
_FUNCTIONS = {"selected", "count-selected", "string-length", "strlen", "is_empty", "empty"}
# LimeSurvey: Q1.NAOK and Q1.value are the answer itself.
_SUFFIX = re.compile(r"\.(NAOK|value|valueNAOK|code)$")
SELF = "."


def parse(text: str, compared: Compared) -> Tree | None:
    """The condition tree of an expression; None where it always holds."""
    if len(text) > MAX_LENGTH:
        raise NotUnderstood(_("the condition is too long"))
    parser = _Parser(_tokens(text), compared)
    tree = parser.either(0)
    if parser.at < len(parser.tokens):
        raise NotUnderstood(_("“%(part)s” is not understood") % {"part": parser.next_text()})
    return None if tree is True else tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None:
            raise NotUnderstood(_("“%(part)s” is not understood") % {"part": text[at : at + 40]})
        kind = match.lastgroup if match.lastgroup != "inside" else "dollar"
        found.append((kind, match["inside"] if kind == "dollar" else match[kind]))
        at = match.end()
    return found


@dataclass
class _Parser:
    tokens: list[tuple[str, str]]
    compared: Compared
    at: int = 0

    def next_text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, words: set[str]) -> bool:
        if self.next_text() in words and self.tokens[self.at][0] != "text":
            self.at += 1
            return True
        return False

    def expect(self, mark: str) -> None:
        if not self.take({mark}):
            raise NotUnderstood(_("“%(mark)s” is missing") % {"mark": mark})

    def either(self, depth: int) -> Tree | bool:
        return self._joined("or", _OR, self.both, depth)

    def both(self, depth: int) -> Tree | bool:
        return self._joined("and", _AND, self.one, depth)

    def _joined(
        self, op: str, words: set[str], inner: Callable[[int], Tree | bool], depth: int
    ) -> Tree | bool:
        if depth > MAX_DEPTH:
            raise NotUnderstood(_("the condition is nested too deeply"))
        parts = [inner(depth + 1)]
        while self.take(words):
            parts.append(inner(depth + 1))
        if len(parts) == 1:
            return parts[0]
        if op == "and":
            parts = [part for part in parts if part is not True] or [True]
        elif True in parts:
            return True
        return parts[0] if len(parts) == 1 else _merged({"op": op, "of": parts})

    def one(self, depth: int) -> Tree | bool:
        if depth > MAX_DEPTH:
            raise NotUnderstood(_("the condition is nested too deeply"))
        if self.take(_NOT):
            inner = self.one(depth + 1)
            if inner is True:
                raise NotUnderstood(_("the condition never holds"))
            return {"op": "not", "of": inner}
        if self.take({"("}):
            inner = self.either(depth + 1)
            self.expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Tree | bool:
        left = self._operand()
        operator = _OPERATORS.get(self.next_text()) if self._is_operator() else None
        if operator is None:
            return self._alone(left)
        self.at += 1
        right = self._operand()
        if isinstance(left, Name | Call) == isinstance(right, Name | Call):
            raise NotUnderstood(_("only an answer and a fixed value can be compared"))
        if isinstance(right, Name | Call):
            left, operator, right = right, _TURNED[operator], left
        if isinstance(left, Call):
            return self._counted(left, operator, right)
        return self.compared(operator, left.text, right)

    def _is_operator(self) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][0] in ("op", "word")

    def _alone(self, value: object) -> Tree | bool:
        if value is True or (type(value) in (int, float) and value):
            return True
        if isinstance(value, Call) and value.function == "selected":
            return self.compared("=", value.name, value.value)
        if isinstance(value, Call) and value.function in ("is_empty", "empty"):
            return self.compared("=", value.name, "")
        raise NotUnderstood(_("“%(part)s” is no condition") % {"part": _shown(value)})

    def _counted(self, call: Call, operator: str, value: object) -> Tree:
        """string-length(x) > 0 and count-selected(x) >= 1: it is answered."""
        is_some = (operator, value) in {(">", 0), (">=", 1), ("!=", 0)}
        is_none = (operator, value) in {("=", 0), ("<", 1), ("<=", 0)}
        if call.function == "selected" or not (is_some or is_none):
            raise NotUnderstood(_("“%(part)s” is not understood") % {"part": call.function})
        return self.compared("!=" if is_some else "=", call.name, "")

    def _operand(self) -> object:
        if self.at >= len(self.tokens):
            raise NotUnderstood(_("the condition ends too early"))
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "self":
            return Name(SELF)
        if kind == "dollar":
            return Name(text)
        if kind == "word":
            return self._word(text)
        raise NotUnderstood(_("“%(part)s” is not understood") % {"part": text})

    def _word(self, text: str) -> object:
        if not self.take({"("}):
            return Name(_SUFFIX.sub("", text))
        if text == "true":
            self.expect(")")
            return True
        if text == "date":
            value = self._operand()
            self.expect(")")
            return _day(value)
        if text not in _FUNCTIONS:
            raise NotUnderstood(_("the function “%(name)s” is not known") % {"name": text})
        name = self._operand()
        if not isinstance(name, Name):
            raise NotUnderstood(_("“%(part)s” is not understood") % {"part": text})
        value = None
        if text == "selected":
            self.expect(",")
            value = self._operand()
        self.expect(")")
        return Call("string-length" if text == "strlen" else text, name.text, value)


def _shown(value: object) -> str:
    return value.text if isinstance(value, Name) else str(getattr(value, "function", value))


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise NotUnderstood(_("“%(part)s” is no day") % {"part": value}) from None


def _merged(tree: Tree) -> Tree:
    """q = 1 or q = 2 is one question about codes."""
    first, *rest = tree["of"]
    if tree["op"] != "or" or first["op"] != "is":
        return tree
    if any(part["op"] != "is" or part["question"] != first["question"] for part in rest):
        return tree
    codes = [code for part in tree["of"] for code in part["codes"]]
    return {**first, "codes": list(dict.fromkeys(codes))}


@dataclass(frozen=True)
class Asked:
    """A question as XPath compares it: by `selected`, as a bare number, or as a code in quotes."""

    is_multiple: bool = False
    is_number: bool = False
    no_answers: tuple[int, ...] = ()


def written(tree: Tree, asked: dict[str, Asked], is_inner: bool = False) -> str:
    """A condition as XPath; `asked` are the questions by code."""
    op = tree["op"]
    if op == "not":
        return f"not({written(tree['of'], asked)})"
    if op in ("and", "or"):
        return _joined([written(part, asked, True) for part in tree["of"]], op, is_inner)
    question = asked.get(tree["question"], Asked())
    name = f"${{{tree['question']}}}"
    if op == "answered":
        return f"{name} != ''"
    if op == "is":
        tests = [_test_of(name, code, question) for code in tree["codes"]]
        return _joined(tests, "or", is_inner)
    value = tree["value"]
    shown = f"date('{value}')" if isinstance(value, str) else f"{Decimal(str(value)):f}"
    bound = f"{name} {'>=' if op == 'at_least' else '<='} {shown}"
    # Codes of "does not apply" are no more or less than anything, but XPath would compare them.
    apart = [f"{name} != '{code}'" for code in question.no_answers]
    return _joined([bound, *apart], "and", is_inner)


def _joined(parts: list[str], op: str, is_inner: bool) -> str:
    text = f" {op} ".join(parts)
    return f"({text})" if is_inner and len(parts) > 1 else text


def _test_of(name: str, code: int, question: Asked) -> str:
    if question.is_multiple:
        return f"selected({name}, '{code}')"
    return f"{name} = {code}" if question.is_number else f"{name} = '{code}'"
