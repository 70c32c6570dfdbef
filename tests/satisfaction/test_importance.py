"""What people call important: linked to the index in the questionnaire, never by like codes."""

from __future__ import annotations

from copy import deepcopy

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from satisfaction import reports, results
from satisfaction.building.trying import may_be_tried
from satisfaction.checks import problems
from satisfaction.measuring import definitions, figures
from satisfaction.models import Response, Survey
from satisfaction.questionnaires import read, template
from satisfaction.reporting import plan
from satisfaction.reporting.drawing import context
from satisfaction.reporting.plan import Chosen
from satisfaction.suppression import is_parted, merged
from satisfaction.tallies import recounted
from satisfaction.versions import publish_version
from tests.accounts import staff
from tests.satisfaction.building import builder, draft, made, saved, signed_in, url
from tests.satisfaction.crowds import crowd, exported
from tests.satisfaction.factories import CLOSES, NOON, OPENS

pytestmark = pytest.mark.django_db
SIZES = {"SNV": 90, "STC": 60}


def survey_of(definition: dict) -> Survey:
    survey = Survey.objects.create(code="sipas", title="SIPAS", opens_at=OPENS, closes_at=CLOSES)
    publish_version(survey, definition, OPENS)
    crowd(survey, SIZES)
    return survey


def stated(survey: Survey, k: int = 0):
    questionnaire = read(survey.versions.get().definition)
    definition = definitions.current(survey, questionnaire)
    return figures.stated_importance(survey, questionnaire, definition, k)


def test_a_second_person_finds_the_same_matrix(at, tmp_path):
    at(NOON)
    survey = survey_of(template("sipas_2024"))
    frame = exported(survey, tmp_path)
    questionnaire = read(survey.versions.get().definition)
    placed = {one.point.code: one.point for one in stated(survey).placed}
    scopes = questionnaire.scopes()
    assert set(placed) == set(scopes) - {""}
    for code, point in placed.items():
        said = pd.to_numeric(frame[f"X{code}"])
        assert point.importance == pytest.approx((said == 3).sum() / said.isin([1, 2, 3]).sum())
        items = frame[list(scopes[code])].apply(pd.to_numeric)
        y, x = (items.isin(levels).to_numpy().sum() for levels in ([4, 5], range(1, 6)))
        assert point.satisfaction == pytest.approx(y / x)


def test_a_question_may_be_about_an_item(at, tmp_path):
    at(NOON)
    definition = template("sipas_2024")
    asking = next(s for s in definition["sections"] if s["code"] == "X")["questions"]
    for question in asking:
        del question["importance_of"]
    asking[0]["importance_of"] = {"part": "I15", "most": [2, 3]}
    survey = survey_of(definition)
    frame = exported(survey, tmp_path)
    (one,) = stated(survey).placed
    said, felt = (pd.to_numeric(frame[code]) for code in (asking[0]["code"], "I15"))
    assert one.point.importance == pytest.approx(
        said.isin([2, 3]).sum() / said.isin([1, 2, 3]).sum()
    )
    assert one.point.satisfaction == pytest.approx(
        felt.isin([4, 5]).sum() / felt.isin(range(1, 6)).sum()
    )


def test_without_a_link_nothing_is_guessed_and_the_report_says_what_it_can(at):
    """Codes that look alike are no link: what is derived from the scale stands alone."""
    at(NOON)
    definition = template("sipas_2024")
    for section in definition["sections"]:
        for question in section["questions"]:
            question.pop("importance_of", None)
    survey = survey_of(definition)
    assert stated(survey) is None
    officer = staff("nhom", "reporting.order_edition")
    plan.save_plan(survey.pk, Chosen(("matrix",)), 0, officer)
    told = reports.snapshot(survey.pk, clock.now(), lambda _done: None)
    assert "stated" not in told["matrix"]
    assert told["matrix"]["placed"]


def test_the_report_prints_both_and_names_where_they_come_from(at):
    at(NOON)
    survey = survey_of(template("sipas_2024"))
    plan.save_plan(survey.pk, Chosen(("matrix",)), 0, staff("nhom", "reporting.order_edition"))
    told = reports.snapshot(survey.pk, clock.now(), lambda _done: None)
    chapter = next(part for part in context(told)["chapters"] if part.code == "matrix")
    sources = [block.source for block in chapter.blocks if hasattr(block, "caption")]
    assert sources == [
        "measuring.figures.derived_importance",
        "measuring.figures.stated_importance",
    ]


def test_shares_that_would_tell_of_the_few_are_left_out(at):
    at(NOON)
    survey = survey_of(template("sipas_2024"))
    assert stated(survey, k=10).placed
    # With k above a side of every share nothing is left.
    assert stated(survey, k=200) is None


def test_a_share_that_would_part_merged_levels_is_left_out(at):
    """Twelve say "much" and three "a little", printed together: a share of the twelve tells it."""
    at(NOON)
    definition = template("sipas_2024")
    survey = survey_of(definition)
    few = {1: 100, 2: 3, 3: 12}
    responses = list(Response.objects.filter(status="valid").select_related("version"))[:115]
    with recounted(responses):
        for place, response in enumerate(responses):
            level = next(c for c, upto in ((1, 100), (2, 103), (3, 115)) if place < upto)
            response.answers |= {"XA": level}
            response.save(update_fields=["answers"])
    with recounted(rest := list(Response.objects.exclude(pk__in=[r.pk for r in responses]))):
        for response in rest:
            response.answers.pop("XA", None)
            response.save(update_fields=["answers"])
    assert {
        code: n for code, n in results.counts_by_question(survey)["XA"].items() if code in few
    } == few
    assert "A" in {one.point.code for one in stated(survey).placed}
    # The report counts the twelve together with the three.
    assert "A" not in {one.point.code for one in stated(survey, k=10).placed}


@given(
    levels=st.lists(st.integers(0, 40), min_size=2, max_size=7),
    chosen=st.sets(st.integers(0, 6), min_size=1),
    k=st.integers(2, 12),
)
def test_a_share_beside_merged_levels_is_a_sum_of_what_they_show(levels, chosen, k):
    places = {place for place in chosen if place < len(levels)}
    if is_parted(levels, places, k):
        shown = [sum(levels[p] for p in g) for g in merged(levels, k) if places & set(g)]
        assert sum(levels[place] for place in places) == sum(shown)
        assert sum(levels) >= k


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"part": "ZZ", "most": [3]}, "ZZ"),
        ({"part": "A", "most": [9]}, "XA"),
        ({"part": "A", "most": []}, "XA"),
        ({"part": "B", "most": [3]}, "XB"),
        ({"part": "A"}, "most"),
        ({"part": "A", "most": ["3"]}, "most"),
        ("A", "importance_of"),
    ],
)
def test_a_link_that_leads_nowhere_is_no_questionnaire(link, words):
    definition = deepcopy(template("sipas_2024"))
    asking = next(s for s in definition["sections"] if s["code"] == "X")["questions"]
    asking[0]["importance_of"] = link
    found = problems(definition)
    assert found
    assert any(words in text for text in found)


def test_the_builder_links_a_question_and_keeps_the_link(at):
    at("2026-11-20 12:00")
    client = signed_in(builder())
    survey = made(client, start_from="sipas_2024")
    if not may_be_tried(draft(survey)):
        pytest.fail("the template was not taken")
    address = url("build_question", survey, "XA")
    saved(client, address, label_vi="Trách nhiệm giải trình của cơ quan")
    part = _question(survey, "XA")
    assert part["label"]["vi"] == "Trách nhiệm giải trình của cơ quan"
    assert part["importance_of"] == {"part": "A", "most": [3]}
    saved(client, address, importance_of="")
    assert "importance_of" not in _question(survey, "XA")
    saved(client, address, importance_of="I15")
    assert _question(survey, "XA")["importance_of"] == {"part": "I15", "most": [3]}


def _question(survey: Survey, code: str) -> dict:
    return next(q for s in draft(survey)["sections"] for q in s["questions"] if q["code"] == code)
