"""Questionnaires in and out: XLSForm both ways, LimeSurvey in, hostile files kept out."""

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
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from satisfaction import conditions
from satisfaction.checks import problems
from satisfaction.exchange import importing
from satisfaction.exchange.conditions_text import Asked, NotUnderstood, parse, written
from satisfaction.exchange.limesurvey import read_lss
from satisfaction.exchange.xlsform_reading import read_xlsform
from satisfaction.exchange.xlsform_writing import xlsform
from satisfaction.models import QuestionnaireDraft, QuestionnaireImport, SurveyVersion
from satisfaction.questionnaires import TEMPLATES, template
from tests.accounts import staff

from .factories import every_kind, make_survey

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


def workbook(**sheets: list[list]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FOREIGN = {
    "survey": [
        ["type", "name", "label", "hint", "required", "relevant", "constraint", "appearance",
         "parameters", "calculation", "media::image"],
        ["start", "start"],
        ["note", "hello", "Xin chào"],
        ["select_one yes_no or_other", "came-before", "Đã đến chưa?", "Chọn một", "yes"],
        ["integer", "times", "Mấy lần?", None, "true()", "${came-before} = 'yes'",
         ". >= 1 and . <= 99 and . != 13"],
        ["begin group", "visit", "Lần đến", None, None, "${times} > 2"],
        ["select_one five", "polite", "Lịch sự?", None, None, None, None, "likert"],
        ["text", "polite_why", "Vì sao?", None, None, "${polite} = 'bad' or ${polite}='awful'"],
        ["select_multiple why", "why", "Lý do", None, None, None, "count-selected(.) <= 2"],
        ["text", "why_other", "Lý do khác", None, None, "selected(${why}, 'else')"],
        ["end group"],
        ["begin_repeat", "children", "Các con"],
        ["date", "born", "Sinh ngày", None, None, "regex(${why}, 'x')"],
        ["end_repeat"],
        ["range", "pain", "Từ 1 đến 5", None, None, None, None, None, "start=1 end=5 step=1"],
        ["range", "advise", "Giới thiệu?", None, None, None, None, None, "start=0 end=10 step=1"],
        ["rank why", "order", "Xếp hạng"],
        ["geopoint", "where", "Ở đâu?"],
        ["calculate", "sum", None, None, None, None, None, None, None, "1+1", "a.png"],
    ],
    "choices": [
        ["list_name", "name", "label"],
        ["yes_no", "yes", "Có"],
        ["yes_no", "no", "Không"],
        ["five", "awful", "Rất kém"],
        ["five", "bad", "Kém"],
        ["five", "good", "Tốt"],
        ["five", "na", "Không áp dụng"],
        ["why", 1, "Nộp hồ sơ"],
        ["why", 2, "Hỏi"],
        ["why", "else", "Khác"],
    ],
    "settings": [["form_title", "default_language"], ["Khảo sát nhập về", "vi"]],
}  # fmt: skip


def text_of(taken) -> str:
    return "\n".join(f"{x.place} {x.row} {x.effect} {x.text}" for x in taken.report.lines)


def questions_of(definition: dict) -> dict[str, dict]:
    return {q["code"]: q for section in definition["sections"] for q in section["questions"]}


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


# --- LimeSurvey ---------------------------------------------------------------------------


def table(name: str, *rows: dict) -> str:
    cells = "".join(
        "<row>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in row.items()) + "</row>\n"
        for row in rows
    )
    return f"<{name}><rows>\n{cells}</rows></{name}>\n"


def question(qid: int, title: str, kind: str, order: int = 1, gid: int = 1, **fields) -> dict:
    return {"qid": qid, "parent_qid": 0, "gid": gid, "type": kind, "title": title, "other": "N",
            "mandatory": "N", "question_order": order, "relevance": "1", **fields}  # fmt: skip


def lss(*tables: str, kind: str = "Survey", languages: str = "<language>vi</language>") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<document>\n'
        f"<LimeSurveyDocType>{kind}</LimeSurveyDocType>\n<DBVersion>359</DBVersion>\n"
        f"<languages>{languages}</languages>\n{''.join(tables)}</document>"
    ).encode()


def words(qid: int, vi: str, language: str = "vi", help_text: str = "") -> dict:
    return {"qid": qid, "question": vi, "help": help_text, "language": language}


def sample() -> bytes:
    return lss(
        table("groups", {"gid": 1, "group_order": 1, "grelevance": "", "randomization_group": ""},
              {"gid": 2, "group_order": 2, "grelevance": "Q1.NAOK == 'A1'",
               "randomization_group": ""}),
        table("group_l10ns", {"gid": 1, "group_name": "Mở đầu", "language": "vi"},
              {"gid": 2, "group_name": "Lần đến", "language": "vi",
               "description": "Về lần gần nhất"}),
        table("questions", question(1, "Q1", "L", 1, mandatory="Y", other="Y"),
              question(2, "Q2", "M", 2), question(3, "G1", "F", 1, 2, relevance="Q2_S1 == 'Y'"),
              question(4, "N1", "N", 2, 2, relevance="!is_empty(Q2) or Q1.NAOK=='A2'"),
              question(5, "T1", "T", 3, 2, relevance="count(that.Q2) > 1"),
              question(6, "R1", "R", 4, 2), question(7, "F1", "|", 5, 2),
              question(8, "Y1", "Y", 6, 2), question(9, "D1", "D", 7, 2),
              question(10, "X1", "X", 8, 2), question(11, "A5", "5", 9, 2)),
        table("subquestions", question(21, "S1", "T", 1, parent_qid=2),
              question(22, "S2", "T", 2, parent_qid=2),
              question(31, "SQ1", "T", 1, 2, parent_qid=3),
              question(32, "SQ2", "T", 2, 2, parent_qid=3)),
        table("question_l10ns", words(1, "<p>Đã đến <b>chưa</b>?</p>"), words(2, "Lý do"),
              words(3, "Đánh giá"), words(4, "Mấy phút?"), words(5, "Ý kiến"), words(6, "Xếp hạng"),
              words(7, "Gửi tệp"), words(8, "Có gặp không?"), words(9, "Ngày nào?"),
              words(10, "Ghi chú<script>alert(1)</script>"), words(11, "Điểm"),
              words(21, "Nộp"), words(22, "Hỏi"), words(31, "Lịch sự"), words(32, "Nhanh")),
        table("answers", {"aid": 1, "qid": 1, "code": "A1", "sortorder": 1, "scale_id": 0},
              {"aid": 2, "qid": 1, "code": "A2", "sortorder": 2, "scale_id": 0},
              {"aid": 3, "qid": 3, "code": "1", "sortorder": 1, "scale_id": 0},
              {"aid": 4, "qid": 3, "code": "2", "sortorder": 2, "scale_id": 0},
              {"aid": 5, "qid": 6, "code": "1", "sortorder": 1, "scale_id": 0},
              {"aid": 6, "qid": 6, "code": "2", "sortorder": 2, "scale_id": 0}),
        table("answer_l10ns", *({"aid": n, "answer": text, "language": "vi"} for n, text in
              enumerate(["Rồi", "Chưa", "Kém", "Tốt", "Nhanh", "Rẻ"], 1))),
        table("question_attributes", {"qid": 2, "attribute": "max_answers", "value": "1"},
              {"qid": 4, "attribute": "num_value_int_only", "value": "1"},
              {"qid": 4, "attribute": "max_num_value_n", "value": "600"}),
        table("surveys_languagesettings", {"surveyls_title": "Khảo sát cũ",
              "surveyls_language": "vi", "surveyls_welcometext": "Mời trả lời"}),
    )  # fmt: skip


def test_a_limesurvey_structure_is_taken():
    taken = read_lss(sample())
    assert taken.definition is not None, text_of(taken)
    asked = questions_of(taken.definition)
    assert taken.definition["title"]["vi"] == "Khảo sát cũ"
    assert asked["Q1"]["label"]["vi"] == "Đã đến chưa?"
    assert [c["code"] for c in asked["Q1"]["choices"]] == [1, 2, 3]
    assert asked["Q2"]["max"] == 1
    assert asked["G1_SQ1"] | {"hint": None} == {
        "code": "G1_SQ1", "type": "scale", "label": {"vi": "Lịch sự"}, "required": False,
        "scale": "G1", "grid": "G1", "hint": None,
        "show_if": {"op": "is", "question": "Q2", "codes": [1]},
    }  # fmt: skip
    assert asked["N1"]["show_if"]["op"] == "or"
    assert (asked["N1"]["max"], "decimals" in asked["N1"]) == (600, False)
    assert "show_if" not in asked["T1"]
    assert asked["A5"]["choices"][4]["code"] == 5
    assert taken.definition["sections"][1]["show_if"]["question"] == "Q1"
    report = text_of(taken)
    lines = sample().decode().splitlines()
    at = next(n for n, line in enumerate(lines, 1) if "<title><![CDATA[F1]]>" in line)
    assert f"questions {at} left_out “F1”" in report
    assert "The condition “count(that.Q2) > 1” is left out" in report
    assert "A script in the words is taken out" in report


def test_hostile_limesurvey_files_are_refused():
    entity = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "x">]><document>&a;</document>'
    twice = lss(
        table("groups", {"gid": 1, "group_order": 1}),
        table("group_l10ns", {"gid": 1, "group_name": "N", "language": "vi"}),
        table("questions", question(1, "Q1", "S"), question(2, "Q1", "S", 2)),
        table("question_l10ns", words(1, "A"), words(2, "B")),
    )
    cases = {
        "XML entities": entity,
        "not sound XML": b"<document><open></document>",
        "no survey structure": lss(kind="Label set"),
        "more than 20000 rows": lss(table("answers", *({"aid": n} for n in range(20_001)))),
        "more than 20000 characters": lss(table("answers", {"aid": "x" * 20_001})),
        "nested too deeply": b"<a>" * 20 + b"</a>" * 20,
        "stands in row": twice,
        "has no question": lss(),
    }
    for told, content in cases.items():
        taken = read_lss(content)
        assert taken.definition is None, told
        assert told in text_of(taken), text_of(taken)


# --- In the admin -----------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def builder():
    return staff("soan.bang.hoi", "satisfaction.build_surveys")


def send(client, survey, content: bytes, name: str = "bang.xlsx"):
    return client.post(
        reverse("survey_imports", args=[survey.pk]),
        {"file": SimpleUploadedFile(name, content)},
        follow=True,
    )


def test_nothing_changes_before_the_editor_confirms(client, builder):
    survey = make_survey()
    client.force_login(builder)
    page = send(client, survey, workbook(**FOREIGN))
    made = QuestionnaireImport.objects.get()
    assert (made.state, made.created_by) == ("checked", builder)
    assert "choice_filter" not in page.content.decode()
    assert not QuestionnaireDraft.objects.exists()
    # What the editor still has to complete is told, too.
    assert any(
        line["effect"] == "open" and "chỉ số" in line["text"].casefold() for line in made.lines
    )
    for _twice in range(2):
        page = client.post(reverse("survey_import_take", args=[made.pk]))
        assert page["Location"] == reverse("survey_import_report", args=[made.pk]), (
            page.content.decode()[-600:]
        )
    draft = QuestionnaireDraft.objects.get(survey=survey)
    assert draft.definition == made.definition
    assert draft.revision == 1
    assert SurveyVersion.objects.filter(survey=survey).count() == 1
    made.refresh_from_db()
    assert made.state == "taken"


def test_a_refused_file_cannot_be_confirmed(client, builder):
    survey = make_survey()
    client.force_login(builder)
    page = send(client, survey, b"<html>", "bang.xlsx")
    made = QuestionnaireImport.objects.get()
    assert made.state == "refused"
    assert reverse("survey_import_take", args=[made.pk]) not in page.content.decode()
    client.post(reverse("survey_import_take", args=[made.pk]))
    assert not QuestionnaireDraft.objects.exists()
    send(client, survey, b"x", "bang.exe")
    assert QuestionnaireImport.objects.first().state == "refused"


def test_our_own_workbook_goes_round_through_the_admin(client, builder):
    survey = make_survey()
    client.force_login(builder)
    response = client.get(reverse("survey_xlsform", args=[survey.pk]))
    assert response["Content-Disposition"].endswith('.xlsx"')
    send(client, survey, response.content)
    made = QuestionnaireImport.objects.get()
    assert made.definition == template("sipas_service")
    assert problems(made.definition) == []
    assert json.loads(json.dumps(made.lines)) == made.lines


def test_only_who_builds_surveys_may_exchange_them(client, builder):
    survey = make_survey()
    made = importing.hand_in(survey.pk, SimpleUploadedFile("a.xlsx", b"x"), builder)
    client.force_login(staff("khac", "satisfaction.view_results"))
    for name, key in [("survey_imports", survey.pk), ("survey_xlsform", survey.pk),
                      ("survey_import_report", made.pk)]:  # fmt: skip
        assert client.get(reverse(name, args=[key])).status_code == 302
    client.post(reverse("survey_import_take", args=[made.pk]))
    assert not QuestionnaireDraft.objects.exists()


def test_dry_runs_are_forgotten(builder, at):
    survey = make_survey()
    at("2026-11-01 09:00")
    importing.hand_in(survey.pk, SimpleUploadedFile("a.xlsx", b"x"), builder)
    at("2026-12-02 09:00")
    assert importing.purge() == 1
