"""Questionnaires in and out as XLSForm, hostile files kept out."""

from __future__ import annotations

import copy
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from satisfaction import conditions
from satisfaction.exchange.conditions_text import Asked, NotUnderstood, parse, written
from satisfaction.exchange.xlsform_reading import read_xlsform
from satisfaction.exchange.xlsform_writing import xlsform
from satisfaction.questionnaires import TEMPLATES, template

from .exchanged import FOREIGN, questions_of, text_of, workbook
from .factories import every_kind

pytestmark = pytest.mark.django_db
SHIPPED = sorted(
    path.stem
    for path in Path(TEMPLATES).glob("*.json")
    if "sections" in json.loads(path.read_text(encoding="utf-8"))
)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Reports are asserted in the words of the source; the admin speaks Vietnamese all the same."""
    with translation.override("en"):
        yield


def whole() -> dict:
    """Every kind of question; a rating without choices of its own names none."""
    definition = every_kind()
    for section in definition["sections"]:
        for question in section["questions"]:
            if question["type"] == "rating":
                del question["choices"]
    return definition


def rich() -> dict:
    """What XLSForm says otherwise or not at all."""
    definition = whole()
    definition["code"] = "rất-đặc-biệt"
    definition["sections"][0]["code"] = "come"
    reading = definition["sections"][2]["questions"]
    reading[2]["choices"] = [{"code": 99, "label": {"vi": "Không biết"}, "na": True}]
    reading[0]["choices"][0]["exclusive"] = False
    definition["sections"][3]["questions"][0]["show_if"] = {
        "op": "and",
        "of": [
            {"op": "or", "of": [{"op": "is", "question": "why", "codes": [7, 1]},
                                {"op": "answered", "question": "day"}]},
            {"op": "not", "of": {"op": "at_least", "question": "g1", "value": 2}},
            {"op": "at_most", "question": "day", "value": "2026-05-01"},
            {"op": "and", "of": [{"op": "is", "question": "score", "codes": [0, 99]}]},
        ],
    }  # fmt: skip
    definition["scales"]["chưa dùng"] = {"choices": [{"code": 0, "label": {"vi": "Không"}}]}
    definition["title"]["fr"] = "Tout genre de question"
    return definition


@pytest.mark.parametrize("name", [*SHIPPED, "whole", "rich"])
def test_a_definition_comes_back_as_it_went(name):
    definition = {"whole": whole, "rich": rich}.get(name, lambda: template(name))()
    taken = read_xlsform(xlsform(definition))
    assert taken.definition == definition, taken.report.lines
    assert {line.effect for line in taken.report.lines} <= {"taken", "changed"}
    assert xlsform(definition) == xlsform(copy.deepcopy(definition))


@pytest.mark.parametrize("name", [*SHIPPED, "whole", "rich"])
def test_other_tools_take_our_workbook(name):
    definition = {"whole": whole, "rich": rich}.get(name, lambda: template(name))()
    made = convert(io.BytesIO(xlsform(definition)), file_type=".xlsx")
    assert "<h:html" in made.xform
    assert unicodedata.is_normalized("NFC", made.xform)


def test_a_question_of_another_tool_takes_no_column_of_exports():
    """A column "weight" is the response's weight; who brings the name is given another code."""
    form = {
        "survey": [
            ["type", "name", "label"],
            ["integer", "weight", "Cân nặng"],
            ["text", "Status", "Tình trạng"],
            ["integer", "height", "Chiều cao"],
        ],
    }
    taken = read_xlsform(workbook(**FOREIGN | form))
    assert list(questions_of(taken.definition)) == ["weight_2", "Status_2", "height"]
    assert "“weight” became “weight_2”" in text_of(taken)
    # An own workbook brings the codes that answers were given by.
    own = every_kind()
    codes = list(questions_of(own))
    assert "day" in codes
    assert list(questions_of(read_xlsform(xlsform(own)).definition)) == codes


def test_a_form_of_another_tool_is_taken_and_every_change_told():
    taken = read_xlsform(workbook(**FOREIGN))
    assert taken.definition is not None, text_of(taken)
    asked = questions_of(taken.definition)
    assert list(asked) == [
        "came_before", "times", "polite", "polite_why", "why", "born", "pain", "advise", "order"
    ]  # fmt: skip
    assert asked["came_before"]["hint"]["vi"] == "Xin chào\nChọn một"
    assert [c["code"] for c in asked["came_before"]["choices"]] == [1, 2, 3]
    assert asked["came_before"]["choices"][2]["other"] is True
    # The condition asks for the same page: a new page begins there.
    assert asked["times"]["show_if"] == {"op": "is", "question": "came_before", "codes": [1]}
    assert (asked["times"]["min"], asked["times"]["max"]) == (1, 99)
    assert asked["polite"]["type"] == "scale"
    assert taken.definition["scales"]["five"]["choices"][3]["na"] is True
    assert asked["polite_why"]["show_if"]["codes"] == [2, 1]
    assert asked["why"]["max"] == 2
    assert [c.get("other", False) for c in asked["why"]["choices"]] == [False, False, True]
    assert (asked["pain"]["type"], asked["pain"]["min"], asked["pain"]["max"]) == ("number", 1, 5)
    assert asked["advise"]["type"] == "rating"
    visit = next(s for s in taken.definition["sections"] if s["title"]["vi"] == "Lần đến")
    assert visit["show_if"]["op"] == "and"
    report = text_of(taken)
    for told in [
        "survey 2 left_out", "survey 4 changed The code “came-before” became “came_before”",
        "survey 5 left_out The constraint “. != 13”", "choices 4 changed", "survey 5 changed A new",
        "survey 12 changed The questions are asked once", "survey 13 left_out The condition",
        "survey 18 left_out", "survey 19 left_out", "survey 1 left_out The column “media::image”",
    ]:  # fmt: skip
        assert told in report, (told, report)
    for section in taken.definition["sections"]:
        for part in (section, *section["questions"]):
            if "show_if" in part:
                conditions.read(part["show_if"])


def test_words_come_as_nfc_and_in_both_languages():
    vi = unicodedata.normalize("NFD", "Ông/bà đánh giá thế nào?")
    rows = [
        ["type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "label::Français (fr)"],
        ["text", "a", vi, "How was it?", "Comment?"],
        ["text", "b", None, "Only English", None],
    ]
    taken = read_xlsform(workbook(survey=rows))
    asked = questions_of(taken.definition)
    assert asked["a"]["label"]["vi"] == "Ông/bà đánh giá thế nào?"
    assert asked["a"]["label"]["fr"] == "Comment?"
    assert asked["b"]["label"] == {"vi": "Only English", "en": "Only English"}
    assert "words without Vietnamese" in text_of(taken)


def survey(*rows: list, **sheets) -> bytes:
    header = ["type", "name", "label", "choice_filter", "relevant"]
    return workbook(survey=[header, *rows], **sheets)


def test_what_would_mislead_is_refused_with_its_row():
    cases = {
        "stands in row 2": survey(["text", "a", "A"], ["text", "a", "B"]),
        "choice “1” stands": survey(
            ["select_one l", "a", "A"],
            choices=[["list_name", "name", "label"], ["l", 1, "x"], ["l", "1", "y"]],
        ),
        "choice_filter": survey(
            ["select_one l", "a", "A", "x=1"],
            choices=[["list_name", "name", "label"], ["l", 1, "x"]],
        ),
        "is not on the sheet": survey(["select_one nowhere", "a", "A"]),
        "does not end": survey(["begin_group", "g", "G"], ["text", "a", "A"]),
        "did not begin": survey(["text", "a", "A"], ["end_group"]),
        "no sheet": workbook(khac=[["a"], ["b"]]),
        "is missing": workbook(survey=[["name", "label"], ["a", "A"]]),
        "no name": survey(["text", None, "A"]),
        "same heading": workbook(survey=[["type", "name", "name"], ["text", "a", "b"]]),
        "has no question": survey(["note", "a", "A"]),
    }
    for told, content in cases.items():
        taken = read_xlsform(content)
        assert taken.definition is None, told
        assert told in text_of(taken), text_of(taken)


def packed(content: bytes, **parts: bytes) -> bytes:
    """The workbook with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        names = {name.replace("__", "/").replace("_dot_", "."): raw for name, raw in parts.items()}
        for item in old.infolist():
            if item.filename not in names:
                new.writestr(item, old.read(item))
        for name, raw in names.items():
            new.writestr(name, raw)
    return out.getvalue()


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>"""


def test_hostile_workbooks_are_refused_with_the_reason():
    fine = survey(["text", "a", "A"])
    rows = [["text", f"q{n}", "A"] for n in range(3_100)]
    formula = survey(["text", "a", '=HYPERLINK("http://x")'])
    cases = {
        "XML entities": packed(fine, xl__worksheets__sheet1_dot_xml=BOMB),
        "macros": packed(fine, xl__vbaProject_dot_bin=b"x"),
        "Unpacked": packed(fine, xl__zeros_dot_xml=b" " * 40_000_000),
        "holds a formula": formula,
        "rows, empty ones": survey(*rows),
        "more than 5000 characters": survey(["text", "a", "A" * 5_001]),
        "content is not that": b"no workbook at all",
        "file is empty": b"",
        "damaged": fine[: len(fine) // 2] + b"PK\x05\x06" + b"\0" * 18,
        "more than 200 columns": workbook(survey=[["type", "name", *map(str, range(250))]]),
        "no heading": workbook(survey=[["type", "name"], ["text", "a", "lost"]]),
        "sound XLSX": packed(fine, xl__workbook_dot_xml=b"<workbook/>"),
    }
    for told, content in cases.items():
        taken = read_xlsform(content)
        assert taken.definition is None, told
        refused = [line for line in taken.report.lines if line.effect == "refused"]
        assert refused, told
        assert told in text_of(taken) or told in ("content is not that", "damaged", "sound XLSX")


def test_an_empty_row_far_below_costs_no_million_rows():
    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.active.append(["type", "name", "label"])
    book.active.cell(1_048_576, 1, "text")
    out = io.BytesIO()
    book.save(out)
    assert "rows, empty ones" in text_of(read_xlsform(out.getvalue()))


def test_scripts_in_words_are_kept_as_letters():
    taken = read_xlsform(survey(["text", "a", "<script>alert(1)</script>Ổn không?"]))
    assert questions_of(taken.definition)["a"]["label"]["vi"].startswith("<script>")
    assert "survey 2 changed Markup" in text_of(taken)


def test_a_condition_changed_by_hand_decides():
    book = openpyxl.load_workbook(io.BytesIO(xlsform(rich())))
    sheet = book["survey"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(r[0].row for r in sheet.iter_rows() if r[1].value == "late")
    sheet.cell(row, columns["relevant"], "${come} = '2'")
    out = io.BytesIO()
    book.save(out)
    taken = read_xlsform(out.getvalue())
    late = questions_of(taken.definition)["late"]
    assert late["show_if"] == {"op": "is", "question": "come", "codes": [2]}
    assert "was changed by hand" in text_of(taken)


LEAVES = st.one_of(
    st.builds(
        lambda q, codes: {"op": "is", "question": q, "codes": codes},
        st.sampled_from(["a", "b"]),
        st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True),
    ),
    st.builds(lambda q: {"op": "answered", "question": q}, st.sampled_from(["a", "b"])),
    st.builds(
        lambda op, value: {"op": op, "question": "n", "value": value},
        st.sampled_from(["at_least", "at_most"]),
        st.integers(-1000, 1000) | st.sampled_from([0.5, -2.25]),
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda of: {"op": "not", "of": of}, inner)
        | st.builds(
            lambda op, of: {"op": op, "of": of},
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3),
        )
    ),
    max_leaves=8,
)


def plain(operator: str, name: str, value: object) -> dict:
    if value == "":
        return {"op": "answered", "question": name}
    if operator == "=":
        return {"op": "is", "question": name, "codes": [int(str(value))]}
    return {"op": "at_least" if operator == ">=" else "at_most", "question": name, "value": value}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TREES)
def test_a_condition_written_and_read_means_the_same(tree):
    """Two tests for codes of one question may come back as one; the meaning stays."""
    again = parse(written(tree, {"b": Asked(is_multiple=True)}), plain)
    given_answers = [
        {},
        {"a": conditions.Given(frozenset({1})), "n": conditions.Given(size=0)},
        {"b": conditions.Given(frozenset({2, 7})), "n": conditions.Given(size=500)},
    ]
    for answers in given_answers:
        told, back = (conditions.holds(conditions._read(t), answers) for t in (tree, again))
        assert told == back


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200) | st.text("()!&|=<>'\"${}.a1 ", max_size=300))
def test_no_expression_breaks_the_parser(text):
    try:
        tree = parse(text, plain)
    except (NotUnderstood, ValueError):
        return
    assert tree is None or isinstance(tree, dict)
