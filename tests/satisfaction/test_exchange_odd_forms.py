"""XLSForms as they come in from offices: merged, capital, decomposed, cyclic, hidden, far too long.

None is an error of the portal; each fault names the sheet and the line.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from django.utils import translation
from openpyxl.chart import BarChart, Reference

from satisfaction.checks import problems
from satisfaction.exchange.report import Taken
from satisfaction.exchange.xlsform_reading import read_xlsform

NFD = unicodedata.normalize("NFD", "Ông/bà có hài lòng với cách phục vụ?")
HEAD = ["type", "name", "label::Tiếng Việt (vi)"]
LISTS = [
    ["list_name", "name", "label::Tiếng Việt (vi)"],
    ["yn", "1", "Có"],
    ["yn", "2", "Không"],
]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def read_book(made: Callable[[openpyxl.Workbook], None]) -> Taken:
    book = openpyxl.Workbook()
    book.remove(book.active)
    made(book)
    file = io.BytesIO()
    book.save(file)
    return read_xlsform(file.getvalue())


def read_rows(survey: list[list], choices: list[list] | None = None, **sheets) -> Taken:
    def made(book: openpyxl.Workbook) -> None:
        for name, rows in {"survey": survey, "choices": choices or LISTS, **sheets}.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)

    return read_book(made)


def questions(taken: Taken) -> dict[str, dict]:
    assert taken.definition is not None, taken.report.lines
    return {q["code"]: q for s in taken.definition["sections"] for q in s["questions"]}


def refused(taken: Taken) -> list[tuple[str, int]]:
    """Where it is refused: never without a sheet, and a line where a line is at fault."""
    assert taken.definition is None
    lines = [line for line in taken.report.lines if line.effect == "refused"]
    assert lines
    assert all(line.text for line in lines)
    return [(line.place, line.row) for line in lines]


def test_merged_cells_are_read_by_their_first():
    def made(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("survey")
        for row in (HEAD, ["begin_group", "g", "Phần một", "", ""], ["text", "a", "Câu a"],
                    ["end_group"], ["text", "b", "Câu b"]):  # fmt: skip
            sheet.append(row)
        sheet.merge_cells("C2:E2")
        sheet.merge_cells("A6:B7")

    assert set(questions(read_book(made))) == {"a", "b"}


def test_a_title_above_the_headings_is_named_with_its_line():
    def made(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("survey")
        for row in (["PHIẾU KHẢO SÁT NĂM 2026"], [], HEAD, ["text", "a", "Câu a"]):
            sheet.append(row)
        sheet.merge_cells("A1:C1")

    assert refused(read_book(made)) == [("survey", 3)]


def test_blank_rows_and_columns_are_passed_over():
    taken = read_rows(
        [[], ["", *HEAD], [], ["", "text", "a", "Câu a"], ["", "  ", "\u00a0", ""], [],
         ["", "text", "b", "Câu b"]],
    )  # fmt: skip
    assert set(questions(taken)) == {"a", "b"}
    taken = read_rows([HEAD, [], ["text", "", "Câu a"]])
    assert refused(taken) == [("survey", 3)]


def test_headings_and_sheets_in_capitals_are_the_same():
    def made(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("SURVEY ")
        for row in (["TYPE", "NAME", "LABEL::TIẾNG VIỆT (VI)", "REQUIRED", "RELEVANT"],
                    ["SELECT_ONE yn", "a", "Câu a", "TRUE", ""],
                    ["begin_group", "g2", "Phần hai"],
                    ["Text", "b", "Câu b", "Yes", "${a} = '1'"], ["END GROUP"]):  # fmt: skip
            sheet.append(row)
        sheet = book.create_sheet("Choices")
        for row in LISTS:
            sheet.append([cell.upper() if row is LISTS[0] else cell for cell in row])

    found = questions(read_book(made))
    assert (found["a"]["type"], found["a"]["required"]) == ("single", True)
    assert found["b"]["show_if"] == {"op": "is", "question": "a", "codes": [1]}


def test_marks_of_byte_order_and_unseen_letters_in_headings_and_types_do_no_harm():
    taken = read_rows(
        [["\ufefftype", "name\u200b", " label::Tiếng Việt (vi)\u00a0"],
         ["text\u00a0", "a", "Câu a"], ["\u200bselect_one\u00a0yn", "b", "Câu b"]],
    )  # fmt: skip
    assert {code: q["type"] for code, q in questions(taken).items()} == {
        "a": "short",
        "b": "single",
    }


def test_decomposed_letters_become_whole_ones():
    head = [unicodedata.normalize("NFD", cell) for cell in HEAD]
    choices = [["list_name", "name", head[2]], ["yn", "1", NFD], ["yn", "2", "Không"]]
    taken = read_rows([head, ["select_one yn", "a", NFD]], choices)
    question = questions(taken)["a"]
    for text in (question["label"]["vi"], question["choices"][0]["label"]["vi"]):
        assert text == unicodedata.normalize("NFC", NFD)


def test_names_that_stand_twice_are_refused_with_both_lines():
    taken = read_rows([HEAD, ["text", "a", "Một"], ["text", "b", "Hai"], ["date", "a", "Ba"]])
    assert refused(taken) == [("survey", 4)]
    assert "row 2" in taken.report.of("refused")[0].text
    taken = read_rows([HEAD, ["select_one yn", "a", "Một"]], [*LISTS, ["yn", "1", "Lại một"]])
    assert refused(taken) == [("choices", 4)]


@pytest.mark.parametrize(
    ("first", "second"),
    [("${b} = '1'", "${a} = '1'"), ("${a} = '1'", ""), ("${khong_co} = '1'", ""),
     ("${a} = ", ""), ("concat(${a}, system('rm'))", ""), ("(" * 400 + "1", "")],
)  # fmt: skip
def test_conditions_in_a_circle_or_of_nothing_are_told_with_their_line(first, second):
    head = [*HEAD, "relevant"]
    taken = read_rows(
        [head, ["select_one yn", "a", "Một", first], ["select_one yn", "b", "Hai", second]]
    )
    told = [x for x in taken.report.lines if x.effect in ("refused", "left_out", "open")]
    assert ("survey", 2) in {(line.place, line.row) for line in told}
    if "open" in {line.effect for line in told}:
        # Taken as it stands, it cannot be published before an editor has mended it.
        assert problems(taken.definition)


def test_five_thousand_choices_are_refused_where_there_are_too_many():
    many = [LISTS[0], *(["xa", str(n), f"Xã số {n}"] for n in range(5_000))]
    taken = read_rows([HEAD, ["select_one xa", "a", "Xã nào?"]], many)
    ((place, row),) = refused(taken)
    assert (place, row) == ("choices", 3001)


def test_a_choice_whose_code_has_no_room_is_refused_with_its_line():
    many = [LISTS[0], *(["xa", str(n), f"Xã số {n}"] for n in range(990, 1_005))]
    taken = read_rows([HEAD, ["select_one xa", "a", "Xã nào?"]], many)
    if taken.definition is None:
        assert ("choices", 12) in refused(taken)
    else:
        codes = [choice["code"] for choice in questions(taken)["a"]["choices"]]
        assert max(codes) <= 999
        assert len(set(codes)) == 15


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("http://x")', "=SURVEY!A1"])
def test_formulas_are_refused_with_their_cell(cell):
    taken = read_rows([HEAD, ["text", "a", "Một"], ["text", "b", cell]])
    assert refused(taken) == [("survey", 3)]
    assert "C3" in taken.report.of("refused")[0].text


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_read_as_others_and_strange_ones_ignored(state):
    def made(book: openpyxl.Workbook) -> None:
        book.create_sheet("Hướng dẫn").append(["Xin đọc kỹ"])
        survey = book.create_sheet("survey")
        for row in (HEAD, ["select_one yn", "a", "Một"]):
            survey.append(row)
        choices = book.create_sheet("choices")
        for row in LISTS:
            choices.append(row)
        choices.sheet_state = state
        secret = book.create_sheet("bí mật")
        secret.append(["=1/0"])
        secret.sheet_state = state
        chart = BarChart()
        chart.add_data(Reference(survey, min_col=1, min_row=1, max_row=2))
        book.create_chartsheet("Biểu đồ").add_chart(chart)

    assert len(questions(read_book(made))["a"]["choices"]) == 2


def test_the_common_kinds_are_all_taken():
    """What reviewers look for: several, ranks, ranges, other, conditions, languages."""
    head = [*HEAD, "label::English (en)", "parameters", "relevant"]
    choices = [
        ["list_name", "name", "label::Tiếng Việt (vi)", "label::English (en)"],
        ["yn", "co", "Có", "Yes"],
        ["yn", "khong", "Không", "No"],
    ]
    taken = read_rows(
        [head,
         ["begin_group", "g1", "Phần một", "One"],
         ["select_multiple yn or_other", "many", "Chọn nhiều", "Several"],
         ["rank yn", "order", "Xếp hạng", "Rank"],
         ["range", "mark", "Cho điểm", "Mark", "start=0 end=10 step=1"],
         ["range", "near", "Cách bao xa", "Far", "start=1 end=5 step=0.5"],
         ["end_group"],
         ["begin_group", "g2", "Phần hai", "Two", "", "selected(${many}, 'co') and ${mark} >= 5"],
         ["text", "why", "Vì sao", "Why"],
         ["end_group"]],
        choices,
        settings=[["form_title", "form_id", "default_language"], ["Khảo sát", "ks", "vi"]],
    )  # fmt: skip
    found = questions(taken)
    kinds = {code: q["type"] for code, q in found.items()}
    assert kinds == {
        "many": "multiple", "order": "ranking", "mark": "rating", "near": "number", "why": "short",
    }  # fmt: skip
    assert found["many"]["choices"][-1]["other"] is True
    assert found["many"]["label"] == {"vi": "Chọn nhiều", "en": "Several"}
    page = taken.definition["sections"][-1]
    codes = {c["label"]["en"]: c["code"] for c in found["many"]["choices"]}
    assert page["show_if"] == {
        "op": "and",
        "of": [
            {"op": "is", "question": "many", "codes": [codes["Yes"]]},
            {"op": "at_least", "question": "mark", "value": 5},
        ],
    }
    assert taken.definition["title"]["vi"] == "Khảo sát"


def test_a_filter_of_choices_is_refused_with_what_to_do():
    head = [*HEAD, "choice_filter"]
    taken = read_rows([head, ["select_one yn", "a", "Một", "quan=${q}"]])
    assert refused(taken) == [("survey", 2)]
    assert "Take the filter away" in taken.report.of("refused")[0].text


@pytest.mark.parametrize(
    "row",
    [
        ["select_one", "a", "Không có danh sách"],
        ["select_one khong_co", "a", "Danh sách lạ"],
        ["end_group", "", ""],
        ["begin_group", "g", "Không đóng"],
        ["text", "", "Không tên"],
    ],
)
def test_broken_rows_are_refused_with_their_line(row):
    taken = read_rows([HEAD, ["text", "ok", "Một"], row])
    assert refused(taken) == [("survey", 3)]


@pytest.mark.parametrize(
    "row",
    [
        ["text", "Câu hỏi số 1", "Tên có dấu cách và dấu tiếng Việt"],
        ["text", 1, "Tên là số"],
        ["text", 1.5, "Tên là số lẻ"],
        ["text", True, "Tên là đúng"],
        ["text", "a" * 400, "Tên rất dài"],
        ["text", "💡", "Tên là hình"],
        ["geopoint", "p", "Vị trí"],
        ["loại lạ", "x", "Loại không biết"],
        ["calculate", "c", "Tính"],
        ["note", "", "Ghi chú không tên"],
        ["text", "sua", "Tên mà biểu mẫu đang dùng"],
        ["text", "=cmd", "Tên như công thức"],
    ],
)
def test_odd_rows_are_taken_or_told_and_never_an_error(row):
    taken = read_rows([HEAD, ["text", "ok", "Một"], row])
    if taken.definition is None:
        assert ("survey", 3) in refused(taken)
        return
    for code in questions(taken):
        assert len(code) <= 14
    told = {(line.place, line.row) for line in taken.report.lines}
    assert ("survey", 3) in told


@pytest.mark.parametrize(
    "sheets",
    [{}, {"survey": []}, {"survey": [HEAD]}, {"survey": [["type", "label"], ["text", "x"]]},
     {"khac": [HEAD]}],
)  # fmt: skip
def test_books_without_questions_say_what_is_missing(sheets):
    def made(book: openpyxl.Workbook) -> None:
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        if not sheets:
            book.create_sheet("Sheet1")

    assert [place for place, _row in refused(read_book(made))] in (["survey"], [""])
