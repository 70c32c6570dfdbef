"""Conditions, the path that they make of a questionnaire, and how answers are counted on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satisfaction import condition_checks, conditions
from satisfaction.checks import problems
from satisfaction.conditions import MAX_DEPTH, MAX_NODES, Given, MalformedCondition
from satisfaction.paths import first_unfinished, on_path, shown, shuffled
from satisfaction.questionnaires import Kind, Question, Questionnaire, read, template
from satisfaction.tallies import ANSWERED, NOT_SHOWN, SKIPPED, Fold, Place
from satisfaction.versions import meaning
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


# --- What keeps a definition from being published -------------------------------------------


def at(definition: dict, code: str) -> dict:
    return next(
        asked
        for section in definition["sections"]
        for asked in section["questions"]
        if asked["code"] == code
    )


def change(name: str, /, **entries):
    return lambda definition: at(definition, name).update(entries)


def in_section(number: int, **entries):
    return lambda definition: definition["sections"][number].update(entries)


def flagged(code: str, **flags):
    return lambda definition: at(definition, code)["choices"][0].update(flags)


def other_scale(definition: dict) -> None:
    definition["scales"]["khac"] = {"choices": CHOICES}
    at(definition, "g2")["scale"] = "khac"


def apart(definition: dict) -> None:
    rows = definition["sections"][1]["questions"]
    rows.insert(1, rows.pop(2))


def many_ways(definition: dict) -> None:
    definition["sections"][0]["questions"] += [
        question(f"n{number}", "number", min=0, max=9) for number in range(8)
    ]
    never = [
        {"op": op, "question": f"n{number}", "value": value}
        for number in range(8)
        for op, value in (("at_least", 5), ("at_most", 4))
    ]
    at(definition, "late")["show_if"] = {"op": "and", "of": never}


FAULTS = [
    (change("come", code="agency"), "S1.agency: this code stands twice"),
    (change("come", code="website"), "cannot be a question's code"),
    (change("come", code="a b"), "cannot be a question's code"),
    (change("come", code="why-7"), "cannot be a question's code"),
    (in_section(1, code="x" * 15), "cannot be a section's code"),
    (change("come", code="x" * 15), "cannot be a question's code"),
    (change("come", type="matrix"), "S1.come: unknown kind of question"),
    (change("come", type=[]), "S1.come: unknown kind of question"),
    (change("come", label={"en": "only"}), "S1.come: “label” has no Vietnamese words"),
    (change("come", choices=[]), "S1.come: there is nothing to choose from"),
    (change("come", choices=CHOICES + CHOICES[:1]), "S1.come: a choice code stands twice"),
    (change("come", choices=[{"code": -1, "label": labels("x")}]), "S1.come, choice 1: “code”"),
    (change("come", choices=[{"code": 1000, "label": labels("x")}]), "at most 999"),
    (change("come", min=1), "S1.come: unknown entry “min”"),
    (change("come", required="yes"), "S1.come: “required” cannot hold this"),
    (change("g1", scale="none"), "S2.g1: unknown scale “none”"),
    (change("g1", grid="H"), "S2.H: the grid has no words"),
    (other_scale, "S2.G: the rows of the grid have different scales"),
    (apart, "S2.G: the rows of the grid do not follow each other"),
    (in_section(1, grids={"G": {"label": labels("x")}, "H": {"label": labels("y")}}), "S2.H"),
    (in_section(1, slug="bat-dau"), "two sections have the address “bat-dau”"),
    (in_section(1, slug="Bắt đầu"), "S2: the address"),
    (in_section(3, questions=[]), "S4: the section has no questions"),
    (change("wait", min=5, max=4), "S2.wait: “min” is more than “max”"),
    (change("day", min="2026-12-01"), "S2.day: “min” is more than “max”"),
    (change("wait", max=1e300), "S2.wait: “max” cannot hold this"),
    (change("wait", min=float("nan")), "S2.wait: “min” cannot hold this"),
    (change("day", max="mai"), "S2.day: “max” cannot hold this"),
    (change("why", max=5), "S3.why: there are only 4 choices"),
    (change("why", min=3), "S3.why: “min” is more than “max”"),
    (flagged("come", exclusive=True), "S1.come: choices of this kind"),
    (flagged("order", other=True), "S3.order: choices of this kind"),
    (flagged("why", other=True), "S3.why: only one choice asks for words"),
    (change("score", choices=CHOICES[:1]), "S3.score: a choice code stands twice"),
    (change("score", choices=[{"code": 11, "label": labels("x")}]), "a rating has its own levels"),
    (change("order", choices=CHOICES[:1]), "a ranking needs two choices"),
    (change("words", max_length=0), "“max_length” allows no text"),
    (change("agency", required=False), "everybody is asked for the agency"),
    (lambda d: d["sections"][0]["questions"].pop(0), "one question asks for the agency"),
    (lambda d: d.update(agency="SNV"), "one question asks for the agency"),
    (lambda d: d["index"].update(items=["g1", "come"]), "index: come is not answered on a scale"),
    (lambda d: d["index"].update(items=["g9"]), "index: unknown item g9"),
    (lambda d: d["index"].update(satisfied=[9]), "index: the satisfied levels"),
    (lambda d: d.pop("sections"), "questionnaire: “sections” is missing"),
    (in_section(1, show_if={"op": "is"}), "S2: the condition “is” names no question"),
    (change("late", show_if={**IS_ONE}), "S4.late: the condition asks for “a”"),
    (
        change("late", show_if={"op": "answered", "question": "words"}),
        "S4.late: the condition asks for “words”, which is not on an earlier page",
    ),
    (
        change("g1", show_if={"op": "answered", "question": "score"}),
        "S2.g1: the condition asks for “score”, which is not on an earlier page",
    ),
    (
        change("late", show_if={"op": "answered", "question": "agency"}),
        "S4.late: no condition can ask for “agency”",
    ),
    (
        change("late", show_if={"op": "is", "question": "come", "codes": [1, 5]}),
        "S4.late: “come” has no code 5",
    ),
    (
        change("late", show_if={"op": "is", "question": "wait", "codes": [1]}),
        "S4.late: “wait” has no codes",
    ),
    (
        change("late", show_if={"op": "at_least", "question": "why", "value": 1}),
        "S4.late: “why” is not more or less",
    ),
    (
        change("late", show_if={"op": "at_least", "question": "day", "value": 1}),
        "S4.late: the bound for “day” is of another kind",
    ),
    (
        change("late", show_if={"op": "at_least", "question": "wait", "value": 1441}),
        "S4.late: the condition is never met",
    ),
    (
        # Asked only of those who came.
        change(
            "late",
            show_if={
                "op": "and",
                "of": [
                    {"op": "is", "question": "come", "codes": [2]},
                    {"op": "answered", "question": "wait"},
                ],
            },
        ),
        "S4.late: the condition is never met",
    ),
    (
        # Required of those who came, so always answered there.
        change(
            "late",
            show_if={
                "op": "and",
                "of": [
                    {"op": "is", "question": "come", "codes": [1]},
                    {"op": "not", "of": {"op": "answered", "question": "g1"}},
                ],
            },
        ),
        "S4.late: the condition is never met",
    ),
    (many_ways, "S4.late: the condition can be answered in more than 20000 ways"),
]


class TestChecks:
    @pytest.mark.django_db
    @pytest.mark.parametrize(("spoil", "fault"), FAULTS)
    def test_a_fault_is_named_with_its_place(self, spoil, fault):
        definition = every_kind()
        spoil(definition)
        with translation.override("en"):
            found = problems(definition)
        assert any(fault in line for line in found), found

    @pytest.mark.parametrize("data", [None, [], 3, {"sections": 4}, {"sections": [[]]}])
    def test_what_is_no_questionnaire_is_told(self, data):
        assert problems(data)

    def test_faults_are_told_in_vietnamese(self):
        definition = every_kind()
        at(definition, "wait")["min"] = 2000
        with translation.override("vi"):
            assert problems(definition) == ["S2.wait: “min” lớn hơn “max”"]

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", ["sipas_service", "website_users"])
    def test_what_ships_has_no_faults(self, name):
        assert problems(template(name)) == []
        assert problems(every_kind()) == []

    @pytest.mark.django_db
    def test_an_unknown_agency_is_a_fault(self):
        with translation.override("en"):
            assert "unknown agency XYZ" in problems(template("website_users") | {"agency": "XYZ"})

    @pytest.mark.parametrize(
        "spoil",
        [
            change("wait", max=60),
            change("wait", decimals=0),
            change("wait", unit=labels("giờ")),
            change("day", max="2026-10-01"),
            change("why", max=3),
            change("late", show_if={"op": "at_least", "question": "wait", "value": 30}),
            in_section(1, show_if={"op": "is", "question": "come", "codes": [2]}),
            flagged("why", exclusive=True),
            flagged("come", other=True),
        ],
    )
    def test_what_changes_the_meaning_of_answers_is_seen(self, spoil):
        definition = every_kind()
        spoil(definition)
        assert meaning(definition) != meaning(every_kind())

    def test_words_order_and_layout_mean_nothing(self):
        definition = every_kind()
        at(definition, "why")["shuffle"] = False
        at(definition, "come")["label"] = labels("Lời khác")
        for code in ("g1", "g2"):
            del at(definition, code)["grid"]
        del definition["sections"][1]["grids"]
        assert meaning(definition) == meaning(every_kind())


def test_days_between_bounds_are_found_by_their_neighbours():
    definition = every_kind()
    day = date(2026, 11, 30)
    later = {"op": "at_least", "question": "day", "value": day.isoformat()}
    sooner = {"op": "at_most", "question": "day", "value": (day - timedelta(1)).isoformat()}
    late = at(definition, "late")
    late["show_if"] = later
    assert problems(definition) == []
    late["show_if"] = {"op": "and", "of": [later, sooner]}
    assert len(problems(definition)) == 1
