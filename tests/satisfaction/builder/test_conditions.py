"""Conditions put together from lists, as deep as the definition allows."""

from __future__ import annotations

import pytest

from satisfaction.checks import problems
from satisfaction.conditions import MAX_DEPTH, MAX_NODES, Given, holds
from satisfaction.conditions import read as read_condition
from tests.satisfaction.building import add, draft, made, question, save, saved, shown, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(client):
    """Q1 single, Q2 number, Q3 date, Q4 multiple, Q5 ranking on one page; Q6 on the next."""
    survey = made(client)
    add(client, survey, "S1", "single", "Đã đến?", new_choices="Có\nKhông\nKhông nhớ")
    add(client, survey, "S1", "number", "Chờ bao lâu?", max="600")
    add(client, survey, "S1", "date", "Ngày đến?")
    add(client, survey, "S1", "multiple", "Vì sao?", new_choices="Gần\nNhanh")
    add(client, survey, "S1", "ranking", "Xếp hạng", new_choices="Một\nHai")
    saved(client, url("build_section_new", survey), title_vi="Lần đến")
    add(client, survey, "S2", "text", "Kể lại <i>lần đến</i>")
    return survey


def line(survey, query: str, owner: str = "cau", code: str = "Q6") -> str:
    return url("build_condition_line", survey, owner, code) + f"?{query}"


def condition(survey, code: str = "Q6") -> dict | None:
    return question(survey, code).get("show_if")


def act(client, survey, what: str, code: str = "Q6"):
    address = url("build_condition", survey, "cau", code)
    seen = client.get(address).content.decode().split('name="seen" value="')[1].split('"')[0]
    return client.post(address, {"act": what, "seen": seen}, follow=True)


@pytest.mark.parametrize(
    ("asked", "typed", "node"),
    [
        ("Q1", {"op": "is", "codes": ["1", "3"]}, {"op": "is", "question": "Q1", "codes": [1, 3]}),
        (
            "Q1",
            {"op": "is_not", "codes": ["2"]},
            {"op": "not", "of": {"op": "is", "question": "Q1", "codes": [2]}},
        ),
        (
            "Q1",
            {"op": "at_least", "codes": ["2"]},
            {"op": "at_least", "question": "Q1", "value": 2},
        ),
        ("Q2", {"op": "at_most", "value": "60"}, {"op": "at_most", "question": "Q2", "value": 60}),
        (
            "Q3",
            {"op": "at_least", "value": "2026-01-31"},
            {"op": "at_least", "question": "Q3", "value": "2026-01-31"},
        ),
        ("Q4", {"op": "is", "codes": ["2"]}, {"op": "is", "question": "Q4", "codes": [2]}),
        ("Q5", {"op": "not_answered"}, {"op": "not", "of": {"op": "answered", "question": "Q5"}}),
    ],
)
def test_each_comparison_is_written_by_its_form(client, survey, asked, typed, node):
    saved(client, line(survey, f"cau={asked}"), **typed)
    assert condition(survey) == node
    assert not [fault for fault in problems(draft(survey)) if "Q6" in fault]
    # Opened and saved again, it is the same.
    saved(client, line(survey, "dong="))
    assert condition(survey) == node
    html = client.get(url("build", survey)).content.decode()
    assert f"{asked} “" in html


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        ("Q1", {"op": "is"}),
        ("Q1", {"op": "at_least", "codes": ["1", "2"]}),
        ("Q1", {"op": "is", "codes": ["7"]}),
        ("Q2", {"op": "at_least", "value": ""}),
        ("Q2", {"op": "at_least", "value": "nhiều"}),
        ("Q3", {"op": "at_most", "value": "31/13/2026"}),
        ("Q5", {"op": "is", "codes": ["1"]}),
        ("Q1", {"op": "or"}),
    ],
)
def test_what_a_line_lacks_is_told(client, survey, asked, typed):
    assert save(client, line(survey, f"cau={asked}"), **typed).status_code == 422
    assert condition(survey) is None


def test_only_earlier_pages_can_be_asked_for(client, survey):
    html = client.get(url("build_condition", survey, "cau", "Q6")).content.decode()
    assert 'value="Q5"' in html
    assert 'value="Q6"' not in html
    assert 'value="agency"' not in html
    for asked in ("Q6", "agency", "khong-co"):
        assert client.get(line(survey, f"cau={asked}")).status_code == 404
    first = client.get(url("build_condition", survey, "cau", "Q2")).content.decode()
    assert "<select" not in first[first.index("build-note") :]
    assert client.get(url("build_condition", survey, "phan", "S2")).status_code == 200
    assert client.get(url("build_condition", survey, "khac", "S2")).status_code == 404


def test_lines_join_into_groups_within_groups(client, survey):
    saved(client, line(survey, "cau=Q1"), op="is", codes=["1"])
    saved(client, line(survey, "cau=Q2"), op="at_least", value="30")
    assert condition(survey)["op"] == "and"
    act(client, survey, "nhom:1")
    saved(client, line(survey, "nhom=1&cau=Q4"), op="is", codes=["2"])
    assert condition(survey) == {
        "op": "and",
        "of": [
            {"op": "is", "question": "Q1", "codes": [1]},
            {
                "op": "or",
                "of": [
                    {"op": "at_least", "question": "Q2", "value": 30},
                    {"op": "is", "question": "Q4", "codes": [2]},
                ],
            },
        ],
    }
    act(client, survey, "dao:1")
    html = client.get(url("build_condition", survey, "cau", "Q6")).content.decode()
    assert condition(survey)["of"][1]["op"] == "not"
    act(client, survey, "doi:1")
    assert condition(survey)["of"][1]["of"]["op"] == "and"
    # Lines of a denied group are still reached.
    saved(client, line(survey, "dong=1.1"), op="is", codes=["1"])
    tree_now = read_condition(condition(survey))
    come, wait = Given(frozenset({1})), Given(size=40)
    assert not holds(tree_now, {"Q1": come, "Q2": wait, "Q4": Given(frozenset({1}))})
    assert holds(tree_now, {"Q1": come, "Q2": wait})
    act(client, survey, "xoa:1.0")
    assert condition(survey)["of"][1] == {
        "op": "not", "of": {"op": "is", "question": "Q4", "codes": [1]},
    }  # fmt: skip
    act(client, survey, "xoa:0")
    assert condition(survey)["op"] == "not"
    act(client, survey, "xoa:")
    assert condition(survey) is None
    assert "Q6" in html


def test_a_condition_of_a_whole_section(client, survey):
    saved(client, line(survey, "cau=Q1", "phan", "S2"), op="is", codes=["1"])
    assert draft(survey)["sections"][1]["show_if"]["codes"] == [1]


def test_too_deep_and_too_long_are_refused_in_words(client, survey):
    saved(client, line(survey, "cau=Q1"), op="is", codes=["1"])
    for depth in range(MAX_DEPTH - 1):
        act(client, survey, "nhom:" + ".".join("0" * depth))
    deepest = condition(survey)
    page = act(client, survey, "nhom:" + ".".join("0" * (MAX_DEPTH - 1)))
    assert str(MAX_DEPTH) in page.content.decode()
    assert condition(survey) == deepest
    for _number in range(MAX_NODES - MAX_DEPTH):
        saved(client, line(survey, "nhom=&cau=Q1"), op="answered")
    grown = condition(survey)
    assert save(client, line(survey, "nhom=&cau=Q1"), op="answered").status_code == 422
    assert condition(survey) == grown
    act(client, survey, "xoa:")
    assert condition(survey) is None


def test_what_is_never_met_and_what_was_removed_are_faults_in_words(client, survey):
    saved(client, line(survey, "cau=Q2"), op="at_least", value="601")
    (fault,) = [fault for fault in problems(draft(survey)) if "Q6" in fault] or [""]
    html = client.get(url("build_question_remove", survey, "Q2")).content.decode()
    assert "Kể lại &lt;i&gt;lần đến&lt;/i&gt;" in html  # has a condition that asks for it
    client.post(url("build_question_remove", survey, "Q2"))
    told = [text for text in problems(draft(survey)) if text.startswith("S2.Q6")]
    assert len(told) == 1
    assert "Q2" in told[0]
    assert fault is not None
    assert client.get(url("build", survey)).status_code == 200
    assert client.get(url("build_condition", survey, "cau", "Q6")).status_code == 200


def test_a_change_meanwhile_is_told_and_not_written_over(client, survey):
    address = line(survey, "cau=Q1")
    mine = shown(client, address) | {"op": "is", "codes": ["1"]}
    saved(client, line(survey, "cau=Q2"), op="at_least", value="5")
    assert client.post(address, mine).status_code == 409
    assert condition(survey)["op"] == "at_least"
    stale = {"act": "xoa:", "seen": "khac"}
    client.post(url("build_condition", survey, "cau", "Q6"), stale)
    assert condition(survey)["op"] == "at_least"
    assert (
        client.post(url("build_condition", survey, "cau", "Q6"), {"act": "pha:1"}).status_code
        == 404
    )
