"""LimeSurvey structures (.lss) read: old and new shapes, hostile ones kept out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from satisfaction.exchange.limesurvey import read_lss

from .exchanged import lss, question, questions_of, sample, table, text_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Reports are asserted in the words of the source; the admin speaks Vietnamese all the same."""
    with translation.override("en"):
        yield


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
