"""LimeSurvey files as they come: of every version, in every encoding, with traps."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.utils import translation

from satisfaction.exchange.limesurvey import read_lss
from satisfaction.exchange.report import Taken

from .exchanged import lss, question, questions_of, sample, table, text_of, words


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refused(taken: Taken) -> str:
    assert taken.definition is None
    assert taken.report.of("refused")
    return text_of(taken)


# --- Traps -----------------------------------------------------------------------------------

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha ha ha">' for n in range(12)
)


@pytest.mark.parametrize(
    "head",
    [
        f"<!DOCTYPE d [{LAUGHS}]>",
        '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE d PUBLIC "-//x//y" "file:///etc/hostname">',
        f'<!DOCTYPE d [<!ENTITY big "{"A" * 100_000}">]>',
    ],
    ids=["laughs", "file", "address", "parameter", "dtd", "public", "large"],
)
def test_no_entity_is_read_and_nothing_is_fetched(head):
    name = "l11" if "l11" in head else "big" if "big" in head else "a"
    body = sample().decode().replace("Khảo sát cũ", f"]]>&{name};<![CDATA[")
    content = body.replace('encoding="UTF-8"?>', f'encoding="UTF-8"?>{head}').encode()
    began = time.perf_counter()
    told = refused(read_lss(content))
    assert time.perf_counter() - began < 5
    assert "xml 1 refused The file declares XML entities" in told
    assert "root:" not in told


def test_inclusions_and_programs_are_words_at_most():
    content = (
        sample()
        .decode()
        .replace(
            "<document>",
            '<document xmlns:xi="http://www.w3.org/2001/XInclude"><?php system("id"); ?>'
            '<xi:include href="file:///etc/passwd" parse="text"/>',
            1,
        )
    )
    taken = read_lss(content.encode())
    assert taken.definition is not None
    assert "root:" not in str(taken.definition)


# --- Encodings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "written"),
    [("UTF-8", "utf-8-sig"), ("UTF-16", "utf-16"), ("windows-1258", "cp1258")],
)
def test_letters_are_read_as_the_file_declares_them(declared, written):
    text = sample().decode().replace("UTF-8", declared)
    if written == "cp1258":
        # It has no letter for “ả” and its like, only marks beside a letter.
        import unicodedata

        text = "".join(
            char if char.encode("cp1258", "ignore") else _apart(unicodedata, char) for char in text
        )
    taken = read_lss(text.encode(written))
    assert taken.definition["title"]["vi"] == "Khảo sát cũ"
    assert questions_of(taken.definition)["Q1"]["label"]["vi"] == "Đã đến chưa?"


def _apart(unicodedata, char: str) -> str:
    """The letter with its own sign, and the tone after it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = unicodedata.normalize("NFD", char)
    tone = "".join(mark for mark in parts if mark in tones)
    return unicodedata.normalize("NFC", "".join(m for m in parts if m not in tones)) + tone


def test_letters_of_another_encoding_than_declared_are_refused_with_the_line():
    text = sample().decode()
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "Mở đầu" in row)
    content = text.encode().replace("Mở đầu".encode(), b"M\xf2 \xf0\xe2u")
    assert f"xml {line} refused The file is not sound XML" in refused(read_lss(content))


@pytest.mark.parametrize("name", ["khong-co", "UTF-7", "utf-32", "EBCDIC", "x" * 500, "gb18030"])
def test_encodings_that_cannot_be_read_are_refused(name):
    assert "refused" in refused(read_lss(sample().replace(b"UTF-8", name.encode(), 1)))


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 1000, b"PK\x03\x04", b"<?xml", b"{}", sample()[:900], sample() + b"<x/>",
     b"\xff\xfe<document/>", sample().replace(b"<rows>", b"<rows", 1)],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(content):
    refused(read_lss(content))


# --- Versions --------------------------------------------------------------------------------


def of_3x() -> bytes:
    """Up to version 3: words stand in the rows, a row for each language; answers have no number."""

    def both(row: dict, vi: str, en: str, name: str = "question") -> list[dict]:
        return [row | {name: vi, "language": "vi"}, row | {name: en, "language": "en"}]

    return lss(
        table("groups", *both({"gid": 1, "group_order": 0, "grelevance": ""}, "Phần một", "One",
                              "group_name")),
        table("questions",
              *both(question(1, "Q1", "L", 1, mandatory="Y"), "Đã đến?", "Been here?"),
              *both(question(2, "G1", "F", 2, relevance="((Q1.NAOK == \"A1\"))"), "Đánh giá",
                    "Rate")),
        table("subquestions", *both(question(21, "S1", "T", 1, parent_qid=2), "Lịch sự", "Polite")),
        table("answers", *both({"qid": 1, "code": "A1", "sortorder": 1, "scale_id": 0}, "Rồi",
                               "Yes", "answer"),
              *both({"qid": 1, "code": "A2", "sortorder": 2, "scale_id": 0}, "Chưa", "No",
                    "answer"),
              *both({"qid": 2, "code": "1", "sortorder": 1, "scale_id": 0}, "Kém", "Bad", "answer"),
              *both({"qid": 2, "code": "2", "sortorder": 2, "scale_id": 0}, "Tốt", "Good",
                    "answer")),
        languages="<language>vi</language><language>en</language>",
    )  # fmt: skip


def of_6x() -> bytes:
    """From version 4 on: rows without words, and tables of words beside them."""

    def said(key: str, name: str, *rows: tuple[int, str, str]) -> list[dict]:
        return [
            {"id": f"{number}{language}", key: number, name: text, "language": language}
            for number, vi, en in rows
            for language, text in (("vi", vi), ("en", en))
        ]

    modern = {"encrypted": "N", "question_theme_name": "listradio", "modulename": "", "sid": 7,
              "same_script": 0, "preg": ""}  # fmt: skip
    return lss(
        table("groups", {"gid": 1, "sid": 7, "group_order": 0, "grelevance": ""}),
        table("group_l10ns", *said("gid", "group_name", (1, "Phần một", "One"))),
        table("questions", question(1, "Q1", "L", 1, mandatory="Y", **modern),
              question(2, "G1", "F", 2, relevance="((Q1.NAOK == \"A1\"))", **modern)),
        table("subquestions", question(21, "S1", "T", 1, parent_qid=2, **modern)),
        table("question_l10ns", *said("qid", "question", (1, "Đã đến?", "Been here?"),
                                      (2, "Đánh giá", "Rate"), (21, "Lịch sự", "Polite"))),
        table("answers", *({"aid": n, "qid": qid, "code": code, "sortorder": n, "scale_id": 0,
                            "assessment_value": 0}
                           for n, (qid, code) in enumerate(
                               [(1, "A1"), (1, "A2"), (2, "1"), (2, "2")], 1))),
        table("answer_l10ns", *said("aid", "answer", (1, "Rồi", "Yes"), (2, "Chưa", "No"),
                                    (3, "Kém", "Bad"), (4, "Tốt", "Good"))),
        languages="<language>vi</language><language>en</language>",
    )  # fmt: skip


def test_old_and_new_shapes_of_rows_are_one_questionnaire():
    old, new = read_lss(of_3x()), read_lss(of_6x())
    assert old.definition is not None, text_of(old)
    assert old.definition == new.definition
    asked = questions_of(new.definition)
    assert asked["Q1"]["label"] == {"vi": "Đã đến?", "en": "Been here?"}
    assert [c["label"] for c in asked["Q1"]["choices"]] == [
        {"vi": "Rồi", "en": "Yes"}, {"vi": "Chưa", "en": "No"},
    ]  # fmt: skip
    assert asked["G1_S1"]["show_if"]["question"] == "Q1"
    assert not new.report.of("left_out")


def test_rows_that_belong_to_nothing_are_told_with_their_line():
    content = lss(
        table("groups", {"gid": 1, "group_order": 1}),
        table("group_l10ns", {"gid": 1, "group_name": "Một", "language": "vi"}),
        table("questions", question(1, "Q1", "S"), question(2, "LOST", "S", 2, gid=99)),
        table("subquestions", question(3, "S9", "T", parent_qid=77)),
        table("question_l10ns", words(1, "Một"), words(2, "Hai")),
        table("answers", {"aid": 1, "qid": 66, "code": "A", "sortorder": 1, "scale_id": 0}),
        table("quota", {"id": 1, "name": "Nam"}),
    )
    taken = read_lss(content)
    told = text_of(taken)
    lines = content.decode().splitlines()
    for mark, place in (("LOST", "questions"), ("S9", "subquestions"), ("<qid><![CDATA[66]]>",
                        "answers"), ("Nam", "quota")):  # fmt: skip
        at = next(n for n, line in enumerate(lines, 1) if mark in line)
        assert f"{place} {at} left_out" in told, (mark, told)
    assert set(questions_of(taken.definition)) == {"Q1"}


@pytest.mark.parametrize(
    "tables",
    [
        [table("groups", {"gid": ""})],
        [table("groups", {"group_order": "một"}), table("questions", {"qid": "", "gid": ""})],
        [table("questions", {"type": "F", "qid": "1", "title": "x"})],
        [table("groups", {"gid": 1, "group_order": "9" * 400}),
         table("questions", question(1, "Q" * 300, "L", "x"))],
        [table("groups", {"gid": 1}), table("group_l10ns", {"gid": 1}),
         table("questions", question(1, "", "S"), question(2, "1", "N", relevance="(" * 3000)),
         table("question_l10ns", words(1, "A"), words(2, "B"))],
        [table("groups", {"gid": 1}), table("questions", question(1, "Q", "M", max_answers="x")),
         table("question_l10ns", words(1, "A")),
         table("subquestions", *(question(5, "S", "T", parent_qid=1) for _ in range(3))),
         table("question_attributes", {"qid": 1, "attribute": "max_answers", "value": "rất"})],
    ],
)  # fmt: skip
def test_odd_rows_are_no_error(tables):
    taken = read_lss(lss(*tables))
    assert taken.report.lines
