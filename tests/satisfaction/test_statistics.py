"""Intervals, tallies and suppression: the arithmetic that leadership signs."""

from __future__ import annotations

import math
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portal import clock
from portal.agencies.models import Agency
from satisfaction import results, tallies
from satisfaction.intervals import Moments, estimate, ratio_se, wilson
from satisfaction.models import IndexMoment, Response, Tally
from satisfaction.questionnaires import template
from satisfaction.submission import submit
from satisfaction.suppression import hidden, merged
from satisfaction.versions import InvalidDefinition, current_version, publish_version
from tests.satisfaction.factories import NOON, answers, begin, local, make_survey, respond


def moments(pairs):
    total = Moments()
    for y, x in pairs:
        total += Moments(1, y, x, y * y, x * y, x * x)
    return total


class TestIntervals:
    @pytest.mark.parametrize(
        ("share", "n", "low", "high"),
        [
            (0.0, 10, 0.0, 0.277533),
            (0.8, 10, 0.490162, 0.943318),
            (1.0, 10, 0.722467, 1.0),
            (0.5, 100, 0.403832, 0.596168),
            (0.95, 100, 0.888250, 0.978456),
            (1 / 30, 30, 0.005909, 0.166704),
        ],
    )
    def test_wilson_has_its_known_values(self, share, n, low, high):
        assert wilson(share, n) == pytest.approx((low, high), abs=1e-6)

    @given(st.integers(1, 500), st.data())
    def test_wilson_agrees_with_scipy(self, n, data):
        k = data.draw(st.integers(0, n))
        other = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert wilson(k / n, n) == pytest.approx((other.low, other.high), abs=1e-9)

    def test_the_ratio_estimator_has_its_known_value(self):
        made = estimate(moments([(3, 5), (5, 5), (0, 5), (4, 5), (5, 5)]))
        assert made.value == Fraction(68, 100)
        assert made.se == pytest.approx(0.1854724, abs=1e-7)

    def test_answers_of_one_person_are_not_people(self):
        pooled = estimate(moments([(3, 5), (5, 5), (0, 5), (4, 5), (5, 5)]))
        naive = math.sqrt(0.68 * 0.32 / 25)
        assert (pooled.se / naive) ** 2 == pytest.approx(3.95, abs=0.01)

    @given(st.lists(st.tuples(st.integers(0, 19), st.integers(1, 19)), min_size=2, max_size=60))
    def test_the_five_sums_give_what_a_scan_gives(self, rows):
        pairs = [(min(y, x), x) for y, x in rows]
        ratio = sum(y for y, _ in pairs) / sum(x for _, x in pairs)
        residuals = sum((y - ratio * x) ** 2 for y, x in pairs)
        n = len(pairs)
        scanned = math.sqrt(n / (n - 1) * residuals) / sum(x for _, x in pairs)
        assert ratio_se(moments(pairs)) == pytest.approx(scanned, abs=1e-9)

    @given(st.lists(st.tuples(st.integers(0, 19), st.integers(1, 19)), min_size=1, max_size=60))
    def test_the_interval_holds_the_estimate_within_nought_and_one(self, rows):
        made = estimate(moments([(min(y, x), x) for y, x in rows]))
        assert 0 <= made.low <= float(made.value) + 1e-12
        assert float(made.value) - 1e-12 <= made.high <= 1

    def test_nobody_rated_is_no_estimate(self):
        assert estimate(Moments()) is None


class TestSuppression:
    @given(st.dictionaries(st.integers(0, 30), st.integers(0, 60), min_size=2, max_size=12))
    def test_what_is_hidden_cannot_be_had_by_subtraction(self, cells):
        secret = hidden(cells, 10)
        small = [key for key, n in cells.items() if 0 < n < 10]
        assert set(small) <= secret
        if small:
            rest = [key for key in cells if key not in secret]
            people = sum(cells[key] for key in secret)
            assert not rest or (people >= 10 and sum(1 for key in secret if cells[key]) >= 2)

    def test_empty_and_small_look_alike(self):
        assert hidden({"a": 0, "b": 3, "c": 40, "d": 50, "e": 60}, 10) == {"a", "b", "c"}

    def test_nothing_is_hidden_where_nothing_is_small(self):
        assert hidden({"a": 10, "b": 11}, 10) == set()

    def test_an_empty_cell_alone_is_hidden_like_a_small_one(self):
        empty = hidden({"a": 0, "b": 12, "c": 40, "d": 50}, 10)
        small = hidden({"a": 2, "b": 12, "c": 40, "d": 50}, 10)
        assert empty == small | {"c"} == {"a", "b", "c"}

    @given(st.lists(st.integers(0, 60), min_size=5, max_size=5))
    def test_merged_levels_lose_nobody_and_are_never_small(self, levels):
        groups = merged(levels, 10)
        assert [level for group in groups for level in group] == [0, 1, 2, 3, 4]
        counts = [sum(levels[level] for level in group) for group in groups]
        assert sum(counts) == sum(levels)
        assert len(groups) == 1 or min(counts) >= 10

    @pytest.mark.parametrize(
        ("levels", "groups"),
        [
            ([10, 11, 12, 13, 14], [1, 1, 1, 1, 1]),
            ([1, 26, 244, 729, 914], [2, 1, 1, 1]),
            ([0, 26, 244, 729, 914], [2, 1, 1, 1]),
            ([30, 30, 2, 30, 40], [1, 2, 1, 1]),
            ([2, 3, 30, 4, 60], [3, 2]),
            ([0, 0, 0, 0, 12], [5]),
        ],
    )
    def test_a_small_level_joins_its_own_side_first(self, levels, groups):
        assert [len(group) for group in merged(levels, 10)] == groups


@pytest.mark.django_db
class TestTallies:
    @pytest.fixture
    def survey(self, at):
        at(NOON)
        return make_survey()

    def test_every_question_counts_every_valid_response_once(self, survey):
        for level, agency in [(5, "SNV"), (4, "SNV"), (2, "STC"), (9, "STC")]:
            respond(survey, answers(level, agency, age="3"))
        rows = Tally.objects.filter(cell__version=current_version(survey))
        for question in ["I15", "V33", "age", "sex"]:
            assert sum(row.n for row in rows if row.question == question) == 3
        index = IndexMoment.objects.filter(scope="")
        assert {(m.cell.agency.code, m.n, m.sy, m.sx) for m in index} == {
            ("SNV", 2, 38, 38),
            ("STC", 1, 0, 19),
        }

    def test_refolding_changes_nothing_and_a_wrong_tally_is_named(self, survey, capsys):
        for level in (5, 3, 4):
            respond(survey, answers(level))
        call_command("refold", "--check")
        Tally.objects.filter(question="I15", code=5).update(n=7)
        with pytest.raises(CommandError, match="I15"):
            call_command("refold", "--check")
        call_command("refold")
        call_command("refold", "--check")

    def test_too_fast_or_empty_answers_are_rejected_with_their_reason(self, survey):
        assert respond(survey, seconds=12).reason == "too_fast"
        assert respond(survey, answers(9)).reason == "nothing_rated"
        assert not Tally.objects.exists()
        assert Response.objects.filter(status="rejected").count() == 2

    def test_counting_is_bounded(self, survey, django_assert_max_num_queries):
        respond(survey)
        _key, draft = begin(survey, answers())
        with (
            clock.stopped_at(clock.now().replace(hour=8)),
            django_assert_max_num_queries(20),
        ):
            submit(draft.pk)

    def test_a_mended_wording_is_counted_together_with_what_came_before(self, survey):
        respond(survey, answers(5))
        mended = template("sipas_service")
        mended["intro"]["vi"] += " Xin cảm ơn ông/bà."
        second = publish_version(survey, mended, clock.now())
        assert second.number == 2
        respond(survey, answers(1))
        whole = results.moments_by_scope(survey)[""]
        assert (whole.n, whole.sy, whole.sx) == (2, 19, 38)
        (of_agency,) = results.moments_by_agency(survey).values()
        assert of_agency == whole
        assert results.counts_by_question(survey)["I15"] == {1: 1, 5: 1}
        assert results.received(survey).valid == 2

    @pytest.mark.parametrize("part", ["index", "choice", "question", "required"])
    def test_after_the_opening_no_version_changes_what_answers_mean(self, survey, part):
        changed = template("sipas_service")
        question = changed["sections"][1]["questions"][0]
        if part == "index":
            changed["index"]["satisfied"] = [5]
        elif part == "choice":
            changed["scales"]["hai-long-5"]["choices"][0]["na"] = True
        elif part == "question":
            question["code"] = "I99"
            changed["index"]["items"][0] = "I99"
        else:
            question["required"] = False
        with pytest.raises(InvalidDefinition):
            publish_version(survey, changed, clock.now())
        before = survey.opens_at - timedelta(seconds=1)
        assert publish_version(survey, changed, before).number == 2

    def test_not_applicable_is_in_no_denominator(self, survey):
        data = answers(4) | {"I15": "9", "I16": "9"}
        response = respond(survey, data)
        assert (response.satisfied, response.rated) == (17, 17)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing(at):
    moment = local(NOON)
    survey = make_survey()
    codes = list(Agency.objects.filter(kind="ward").values_list("code", flat=True)[:3])

    def one(number: int) -> None:
        try:
            with clock.stopped_at(moment):
                chance = random.Random(number)
                respond(survey, answers(chance.randint(1, 5), chance.choice(codes)))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
    assert Response.objects.count() == 40
    assert tallies.differences(current_version(survey)) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_response():
    moment = local(NOON)
    survey = make_survey()
    with clock.stopped_at(moment):
        _key, draft = begin(survey, answers())

    def click(_number: int) -> str:
        try:
            with clock.stopped_at(moment.replace(hour=13)):
                return submit(draft.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        receipts = set(pool.map(click, range(6)))
    assert len(receipts) == 1
    assert Response.objects.count() == 1
