"""What keeps a definition from being published: every fault, named with its place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from satisfaction.checks import problems
from satisfaction.questionnaires import template
from satisfaction.versions import meaning
from tests.satisfaction.factories import every_kind, labels, question

# A busy machine is no fault of the paths.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
IS_ONE = {"op": "is", "question": "a", "codes": [1]}


CHOICES = [{"code": code, "label": labels(str(code))} for code in (1, 2, 3)]


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
