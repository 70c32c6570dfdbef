"""Files of other survey tools, as tests hand them in."""

from __future__ import annotations

import io

import openpyxl


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
