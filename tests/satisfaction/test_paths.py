"""Conditions, the path that they make of a questionnaire, and how answers are counted on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satisfaction import condition_checks, conditions
from satisfaction.conditions import MAX_DEPTH, MAX_NODES, Given, MalformedCondition
from satisfaction.paths import first_unfinished, on_path, shown, shuffled
from satisfaction.questionnaires import Kind, Question, Questionnaire, read, template
from satisfaction.tallies import ANSWERED, NOT_SHOWN, SKIPPED, Fold, Place
from tests.satisfaction.factories import every_kind, labels, question

# A busy machine is no fault of the paths.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
IS_ONE = {"op": "is", "question": "a", "codes": [1]}


def sized(text: str) -> Given:
    return Given(size=Decimal(text))


class TestConditions:
    @pytest.mark.parametrize(
        ("data", "yes", "no"),
        [
            (IS_ONE, Given(frozenset({1, 3})), Given(frozenset({2}))),
            ({"op": "answered", "question": "a"}, Given(), None),
            ({"op": "at_least", "question": "a", "value": 2.5}, sized("2.5"), sized("2.4")),
            ({"op": "at_most", "question": "a", "value": 3}, sized("3"), sized("3.1")),
            (
                {"op": "at_most", "question": "a", "value": "2026-02-28"},
                Given(size=date(2026, 2, 28)),
                Given(size=date(2026, 3, 1)),
            ),
            ({"op": "not", "of": IS_ONE}, None, Given(frozenset({1}))),
        ],
    )
    def test_a_condition_holds_or_not(self, data, yes, no):
        condition = conditions.read(data)
        for answer, expected in ((yes, True), (no, False)):
            answers = {} if answer is None else {"a": answer}
            assert conditions.holds(condition, answers) is expected

    def test_what_was_not_answered_meets_nothing_but_a_denial(self):
        for op in ("at_least", "at_most"):
            condition = conditions.read({"op": op, "question": "a", "value": 0})
            assert not conditions.holds(condition, {})
            # Not applicable stands nowhere on the scale.
            assert not conditions.holds(condition, {"a": Given(frozenset({9}))})

    @pytest.mark.parametrize(
        "data",
        [
            None, [], "is", {}, {"op": "is"}, {"op": "xor", "of": []},
            {"op": "is", "question": "a"}, {"op": "is", "question": "a", "codes": []},
            {"op": "is", "question": "a", "codes": [True]},
            {"op": "is", "question": "a", "codes": ["1"]},
            {"op": "is", "question": ["a"], "codes": [1]},
            {"op": "at_least", "question": "a", "value": True},
            {"op": "at_least", "question": "a", "value": "hôm nay"},
            {"op": "at_least", "question": "a", "value": float("nan")},
            {"op": "at_least", "question": "a", "value": 10**400},
            {"op": "at_most", "question": "a"}, {"op": "and", "of": []}, {"op": "not"},
            {"op": "and", "of": IS_ONE}, {"op": "not", "of": [IS_ONE]},
            {**IS_ONE, "value": 3}, {"op": ["is"]},
        ],
    )  # fmt: skip
    def test_what_is_no_condition_is_told(self, data):
        with pytest.raises(MalformedCondition):
            conditions.read(data)

    def test_depth_and_size_are_bounded(self):
        deep = IS_ONE
        for _ in range(5000):
            deep = {"op": "not", "of": deep}
        with pytest.raises(MalformedCondition, match=str(MAX_DEPTH)):
            conditions.read(deep)
        with pytest.raises(MalformedCondition, match=str(MAX_NODES)):
            conditions.read({"op": "or", "of": [IS_ONE] * MAX_NODES})


# --- Random questionnaires with conditions, and random answers to them ---------------------

CODES = [1, 2, 3]
CHOICES = [{"code": code, "label": labels(str(code))} for code in CODES]


@st.composite
def expressions(draw, earlier: list[dict], depth: int = 2) -> dict:
    op = draw(st.sampled_from(["leaf", "leaf", "not", "and", "or"]))
    if op != "leaf" and depth:
        inner = expressions(earlier, depth - 1)
        return {
            "op": op,
            "of": draw(inner if op == "not" else st.lists(inner, min_size=1, max_size=2)),
        }
    asked = draw(st.sampled_from(earlier))
    if asked["type"] in ("number", "date") or draw(st.booleans()):
        bound = (date(2026, 1, draw(st.integers(1, 5)))).isoformat()
        value = bound if asked["type"] == "date" else draw(st.integers(0, 4))
        if asked["type"] != "multiple":
            op = draw(st.sampled_from(["at_least", "at_most"]))
            return {"op": op, "question": asked["code"], "value": value}
        return {"op": "answered", "question": asked["code"]}
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True))
    return {"op": "is", "question": asked["code"], "codes": codes}


@st.composite
def definitions(draw) -> dict:
    sections: list[dict] = []
    earlier: list[dict] = []
    for number in range(draw(st.integers(2, 4))):
        questions = []
        for position in range(draw(st.integers(1, 2))):
            kind = draw(st.sampled_from(["single", "multiple", "number", "date"]))
            entries = {"choices": CHOICES} if kind in ("single", "multiple") else {}
            bounds = {"number": (0, 4), "date": ("2026-01-01", "2026-01-05")}.get(kind)
            if bounds:
                entries |= {"min": bounds[0], "max": bounds[1]}
            asked = question(f"q{number}{position}", kind, draw(st.booleans()), **entries)
            if earlier and draw(st.booleans()):
                asked["show_if"] = draw(expressions(earlier))
            questions.append(asked)
        section = {
            "code": f"s{number}",
            "slug": f"s{number}",
            "title": labels(f"s{number}"),
            "questions": questions,
        }
        if earlier and draw(st.booleans()):
            section["show_if"] = draw(expressions(earlier))
        sections.append(section)
        earlier += questions
    return every_kind() | {"sections": sections}


POSSIBLE = {
    Kind.SINGLE: [1, 2, 3],
    Kind.MULTIPLE: [[1], [2], [3], [1, 2], [1, 3], [2, 3], [1, 2, 3]],
    Kind.NUMBER: ["0", "1", "2", "3", "4"],
    Kind.DATE: [f"2026-01-0{day}" for day in range(1, 6)],
}


@st.composite
def walked(draw) -> tuple[Questionnaire, dict]:
    """A questionnaire and answers to any of its questions, on the path or off it."""
    questionnaire = read(draw(definitions()))
    answers = {
        asked.code: draw(st.sampled_from([None, *POSSIBLE[asked.type]]))
        for asked in questionnaire.questions()
        if draw(st.booleans())
    }
    return questionnaire, answers


class TestPaths:
    @unhurried
    @given(walked())
    def test_nothing_off_the_path_is_kept_and_what_is_kept_gives_the_same_path(self, made):
        questionnaire, answers = made
        kept = on_path(questionnaire, answers)
        path = shown(questionnaire, answers)
        codes = [asked.code for asked in path.questions()]
        assert set(kept) <= set(codes)
        assert kept == {code: answers[code] for code in codes if code in answers}
        assert shown(questionnaire, kept) == path
        assert on_path(questionnaire, kept) == kept
        everything = [asked.code for asked in questionnaire.questions()]
        assert codes == [code for code in everything if code in codes]
        assert all(section.questions for section in path.sections)

    @unhurried
    @given(walked())
    def test_whoever_answers_what_comes_next_arrives(self, made):
        questionnaire, wanted = made
        answers: dict = {}
        for _ in range(20):
            section = first_unfinished(shown(questionnaire, answers), answers)
            if section is None:
                break
            for asked in section.questions:
                answer = wanted.get(asked.code)
                if answer is None and asked.required:
                    answer = POSSIBLE[asked.type][0]
                answers[asked.code] = answer
            answers = on_path(questionnaire, answers)
        assert first_unfinished(shown(questionnaire, answers), answers) is None
        assert set(answers) == {q.code for q in shown(questionnaire, answers).questions()}

    @settings(unhurried, max_examples=60)
    @given(definitions())
    def test_a_condition_is_found_unmeetable_when_no_answers_meet_it(self, definition):
        questionnaire = read(definition)
        reachable = reached(questionnaire)
        if reachable is None:
            return
        with translation.override("en"):
            found = list(condition_checks.unmeetable(questionnaire))
        named = {fault.split(": ")[0] for fault in found}
        for section in questionnaire.sections:
            never = [q.code for q in section.questions if q.code not in reachable]
            if len(never) == len(section.questions) and section.code in named:
                continue
            assert {f"{section.code}.{code}" for code in never} == {
                place for place in named if place.startswith(f"{section.code}.")
            }

    @unhurried
    @given(walked(), st.integers(1, 9))
    def test_every_response_is_in_one_row_of_each_question(self, made, n):
        questionnaire, answers = made
        kept = {
            code: answer
            for code, answer in on_path(questionnaire, answers).items()
            if answer is not None
        }
        fold, place = Fold(), Place(1, 7, "", "web", False)
        for _ in range(n):
            fold.add(bare(questionnaire), place, kept)
        assert fold.people == {place: n}
        for asked in questionnaire.counted.values():
            rows = {code: m for (_, name, code), m in fold.counts.items() if name == asked.code}
            assert disjoint(asked, rows) == n

    def test_without_conditions_the_path_is_the_questionnaire(self):
        questionnaire = read(template("sipas_service"))
        assert shown(questionnaire, {}) is questionnaire


def bare(questionnaire: Questionnaire) -> Questionnaire:
    """Without an index, whose items these questionnaires do not have."""
    return replace(questionnaire, index=replace(questionnaire.index, items=()))


def disjoint(asked: Question, rows: dict[int, int]) -> int:
    """Responses in the rows that share no response."""
    if asked.type is not Kind.MULTIPLE:
        return sum(rows.values())
    silent = [choice.code for choice in asked.choices if choice.is_no_answer]
    return sum(rows.get(code, 0) for code in (ANSWERED, SKIPPED, NOT_SHOWN, *silent))


def reached(questionnaire: Questionnaire) -> set[str] | None:
    """Codes of the questions that some answers lead to, by trying all; None if they are many."""
    options = [
        ([None] if not asked.required else []) + POSSIBLE[asked.type]
        for asked in questionnaire.questions()
    ]
    ways = 1
    for option in options:
        ways *= len(option)
    if ways > 4000:
        return None
    codes = [asked.code for asked in questionnaire.questions()]
    found: set[str] = set()
    for answers in product(*options):
        path = shown(questionnaire, dict(zip(codes, answers, strict=True)))
        found |= {asked.code for asked in path.questions()}
    return found


class TestOrder:
    def test_the_same_seed_gives_the_same_order_and_loses_nothing(self):
        definition = every_kind()
        definition["sections"][1]["shuffle"] = True
        for section in read(definition).sections:
            for seed in map(str, range(30)):
                mixed = shuffled(section, seed)
                assert mixed == shuffled(section, seed)
                assert {q.code for q in mixed.questions} == {q.code for q in section.questions}
                codes = [question.code for question in mixed.questions]
                if "g1" in codes:
                    assert codes.index("g2") == codes.index("g1") + 1
