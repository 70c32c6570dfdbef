"""The arithmetic of surveys, held against other people's libraries and known values."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
)

from satisfaction.intervals import Moments, estimate
from satisfaction.measuring import comparing, importance, shares, tails
from satisfaction.measuring.crosstabs import CrossTab, independence
from satisfaction.measuring.raking import CannotWeigh, kish, post_stratify, rake
from satisfaction.measuring.ranking import Group, point_for, rank_moments
from satisfaction.measuring.reliability import ItemSums, cronbach

unhurried = settings(deadline=None, max_examples=60)


def moments(pairs) -> Moments:
    total = Moments()
    for y, x in pairs:
        total += Moments(1, y, x, y * y, x * y, x * x)
    return total


class TestTails:
    @unhurried
    @given(st.integers(1, 120), st.floats(0, 400))
    def test_chi_square_agrees_with_scipy(self, df, x):
        assert tails.chi_square(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-9, abs=1e-14)

    @unhurried
    @given(st.floats(-8, 8))
    def test_the_normal_distribution_agrees_with_scipy(self, z):
        assert tails.two_sided(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-10)

    def test_the_normal_point(self):
        assert tails.normal_point(0.975) == pytest.approx(1.959963984540054)


class TestShares:
    LEVELS = range(1, 6)

    @unhurried
    @given(st.lists(st.integers(1, 5), min_size=2, max_size=300))
    def test_means_and_spreads_agree_with_numpy(self, values):
        counts = {level: values.count(level) for level in self.LEVELS}
        made = shares.mean(counts, self.LEVELS)
        assert float(made.value) == pytest.approx(np.mean(values))
        assert made.sd == pytest.approx(np.std(values, ddof=1))
        low, high = stats.norm.interval(0.95, np.mean(values), stats.sem(values) or 1e-12)
        assert made.low == pytest.approx(max(1, low), abs=1e-6)
        assert made.high == pytest.approx(min(5, high), abs=1e-6)

    def test_top_boxes_leave_what_is_no_answer_out(self):
        counts = {1: 2, 2: 3, 3: 5, 4: 20, 5: 10, 9: 30, -1: 4, -2: 100}
        made = shares.top_box(counts, self.LEVELS, {4, 5})
        assert (made.n, made.of, made.value) == (30, 40, Fraction(3, 4))
        other = stats.binomtest(30, 40).proportion_ci(0.95, method="wilson")
        assert (made.low, made.high) == pytest.approx((other.low, other.high))

    def test_a_distribution_adds_up_to_the_people_who_chose(self):
        made = shares.distribution({1: 1, 5: 3, 9: 7}, self.LEVELS)
        assert sum(one.n for one in made.values()) == 4
        assert sum(one.value for one in made.values()) == 1

    def test_nobody_is_no_share_and_no_mean(self):
        assert shares.top_box({9: 4}, self.LEVELS, {5}).value is None
        assert shares.mean({}, self.LEVELS) is None


class TestComparing:
    @unhurried
    @given(st.data(), st.integers(1, 400), st.integers(1, 400))
    def test_the_interval_of_a_difference_agrees_with_statsmodels(self, data, n1, n2):
        k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
        spans = [
            (float(one.value), one.low, one.high)
            for one in (shares.share(k1, n1), shares.share(k2, n2))
        ]
        made = comparing.newcombe(*spans)
        expected = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff")
        assert made == pytest.approx(expected, abs=1e-9)

    def test_two_indices_are_tested_by_their_people(self):
        chance = random.Random(5)
        early = [(chance.randint(0, 5), 5) for _ in range(200)]
        late = [(chance.randint(2, 5), 5) for _ in range(150)]
        made = comparing.of_indices(estimate(moments(late)), estimate(moments(early)))
        assert made.is_significant
        assert made.p < 1e-6
        same = comparing.of_indices(estimate(moments(early)), estimate(moments(early)))
        assert (same.value, same.is_significant, same.p) == (0, False, 1.0)

    def test_where_all_agree_the_interval_stands(self):
        one, other = estimate(moments([(5, 5)] * 30)), estimate(moments([(4, 5)] * 30))
        made = comparing.of_indices(one, other)
        assert made.low < 0.2 < made.high


class TestRanking:
    FEWEST = 30

    def printed(self, value: Fraction) -> str:
        return f"{float(value):.4f}"

    def ranking(self, agencies: dict[str, Moments]):
        return rank_moments(agencies, self.FEWEST, self.printed)

    def test_few_are_listed_unranked_and_ties_share_a_place(self):
        agencies = {
            "a": moments([(5, 5), (4, 5)] * 40),
            "b": moments([(4, 5), (5, 5)] * 40),
            "c": moments([(1, 5), (0, 5)] * 40),
            "d": moments([(5, 5)] * 29),
            "e": Moments(),
        }
        made = self.ranking(agencies)
        assert [(one.key, one.place, one.is_tied) for one in made.ranked] == [
            ("a", 1, True),
            ("b", 1, True),
            ("c", 3, False),
        ]
        assert made.unranked == ["d", "e"]
        assert [(one.best, one.worst) for one in made.ranked] == [(1, 2), (1, 2), (3, 3)]
        assert [one.group for one in made.ranked] == [Group.ABOVE, Group.ABOVE, Group.BELOW]

    @unhurried
    @given(st.integers(0, 10_000))
    def test_ranges_hold_the_place_and_are_what_pairs_say(self, seed):
        chance = random.Random(seed)
        agencies = {
            name: moments((min(5, max(0, round(chance.gauss(level, 1.2)))), 5) for _ in range(60))
            for name, level in zip("abcdef", [1.5, 2, 2.5, 3, 3.5, 4], strict=True)
        }
        made = self.ranking(agencies)
        places = [one.place for one in made.ranked]
        assert all(a <= b for a, b in pairwise(places))
        for one in made.ranked:
            assert one.best <= one.place <= one.worst
            above = sum(self.is_surely_above(other, one) for other in made.ranked)
            below = sum(self.is_surely_above(one, other) for other in made.ranked)
            assert (one.best, one.worst) == (1 + above, 6 - below)

    def is_surely_above(self, one, other) -> bool:
        """Another's Wilson and Newcombe at the level of one of five comparisons."""
        p, low = self.end(one.estimate, "lower")
        q, high = self.end(other.estimate, "upper")
        return p - q - np.hypot(p - low, high - q) > 0

    def end(self, made, side: str) -> tuple[float, float]:
        p = float(made.value)
        size = p * (1 - p) / made.se**2 if made.se and 0 < p < 1 else made.n
        low, high = proportion_confint(p * size, size, alpha=0.05 / 5, method="wilson")
        return p, low if side == "lower" else high

    def test_a_range_allows_for_all_its_comparisons(self):
        """Of forty agencies that are all alike each is compared thirty-nine times: at 95 % a pair
        many a range would leave its agency's true place out, together hardly one does."""
        chance = random.Random(3)
        agencies = {
            number: moments((chance.choice([2, 3, 4]), 5) for _ in range(60))
            for number in range(40)
        }
        ranked = self.ranking(agencies).ranked
        assert sum(one.best == 1 and one.worst == 40 for one in ranked) >= 36
        pairs = [
            comparing.of_indices(estimate(a), estimate(b)).is_significant
            for a, b in combinations(agencies.values(), 2)
        ]
        assert sum(pairs) > 10  # what no allowance would have printed

    def test_the_point_is_that_of_bonferroni(self):
        for agencies in (3, 10, 200):
            assert point_for(agencies) == pytest.approx(
                stats.norm.ppf(1 - 0.05 / (2 * (agencies - 1)))
            )
        assert point_for(2) == pytest.approx(stats.norm.ppf(0.975))

    def test_one_alone_is_neither_above_nor_below(self):
        (one,) = self.ranking({"a": moments([(3, 5)] * 40)}).ranked
        assert (one.place, one.best, one.worst, one.group) == (1, 1, 1, Group.LIKE)


class TestCrossTabs:
    @unhurried
    @given(st.integers(2, 5), st.integers(2, 5), st.data())
    def test_independence_agrees_with_scipy(self, r, c, data):
        table = [[data.draw(st.integers(1, 60)) for _ in range(c)] for _ in range(r)]
        made = independence(table)
        other = stats.chi2_contingency(table, correction=False)
        assert made.statistic == pytest.approx(other.statistic, abs=1e-9)
        assert made.p == pytest.approx(other.pvalue, abs=1e-12)
        assert made.df == other.dof
        assert made.v == pytest.approx(
            stats.contingency.association(np.array(table), "cramer"), abs=1e-9
        )
        expected = other.expected_freq.ravel()
        assert made.is_doubtful == bool(np.mean(expected < 5) > 0.2 or expected.min() < 1)

    def test_totals_stand_in_the_last_row_and_column(self):
        tab = CrossTab(("nam", "nữ"), (1, 2), {("nam", 1): 3, ("nam", 2): 4, ("nữ", 2): 5})
        assert tab.table == [[3, 4, 7], [0, 5, 5], [3, 9, 12]]

    def test_one_row_in_use_is_no_test(self):
        assert CrossTab((1, 2), (1, 2), {(1, 1): 8, (1, 2): 3}).test() is None
        assert independence([]) is None


def item_sums(rows: list[list[int]]) -> list[ItemSums]:
    totals = [sum(row) for row in rows]
    return [
        ItemSums(
            str(at),
            sum(row[at] for row in rows),
            sum(row[at] ** 2 for row in rows),
            sum(row[at] * total for row, total in zip(rows, totals, strict=True)),
        )
        for at in range(len(rows[0]))
    ]


def other_alpha(frame: pd.DataFrame) -> float:
    k = frame.shape[1]
    return k / (k - 1) * (1 - frame.var(ddof=1).sum() / frame.sum(axis=1).var(ddof=1))


class TestReliability:
    KNOWN = [[4, 5, 4], [3, 3, 2], [5, 5, 5], [2, 1, 2], [4, 4, 3]]

    def test_alpha_has_its_known_value(self):
        assert cronbach(5, item_sums(self.KNOWN)).alpha == pytest.approx(0.9493671, abs=1e-7)

    @unhurried
    @given(
        st.integers(2, 6).flatmap(
            lambda k: st.lists(
                st.lists(st.integers(1, 5), min_size=k, max_size=k), min_size=3, max_size=40
            )
        )
    )
    def test_alpha_and_the_items_agree_with_pandas(self, rows):
        frame = pd.DataFrame(rows)
        made = cronbach(len(rows), item_sums(rows))
        if frame.sum(axis=1).var(ddof=1) > 0:
            assert made.alpha == pytest.approx(other_alpha(frame), abs=1e-9)
        for at, fit in enumerate(made.items):
            others = frame.drop(columns=at)
            if others.shape[1] > 1 and others.sum(axis=1).var(ddof=1) > 0:
                assert fit.without == pytest.approx(other_alpha(others), abs=1e-9)
            if frame[at].nunique() > 1 and others.sum(axis=1).nunique() > 1:
                assert fit.r == pytest.approx(frame[at].corr(others.sum(axis=1)), abs=1e-9)
            else:
                assert fit.r is None

    def test_nothing_varies_is_no_alpha(self):
        assert cronbach(4, item_sums([[3, 3]] * 4)).alpha is None
        assert cronbach(0, []).alpha is None


class TestRaking:
    PEOPLE = {("a", "x"): 30, ("a", "y"): 20, ("b", "x"): 10, ("b", "y"): 40}

    def test_raking_has_its_known_values(self):
        made = rake(self.PEOPLE, [{"a": 60, "b": 40}, {"x": 50, "y": 50}])
        assert made.has_converged
        assert made.weights == pytest.approx(
            {("a", "x"): 4 / 3, ("a", "y"): 1, ("b", "x"): 1, ("b", "y"): 3 / 4}, abs=1e-8
        )
        assert made.deff == pytest.approx(1.0583333, abs=1e-7)
        assert made.effective_n == pytest.approx(100 / 1.0583333, abs=1e-4)

    @unhurried
    @given(
        st.lists(st.integers(1, 60), min_size=12, max_size=12),
        st.lists(st.integers(5, 60), min_size=3, max_size=3),
        st.lists(st.integers(5, 60), min_size=4, max_size=4),
    )
    def test_the_margins_are_met_and_the_mean_weight_is_one(self, counts, rows, columns):
        keys = [(row, column) for row in range(3) for column in range(4)]
        people = dict(zip(keys, counts, strict=True))
        made = rake(people, [dict(enumerate(rows)), dict(enumerate(columns))])
        n = sum(counts)
        assert made.has_converged
        assert sum(people[key] * made.weights[key] for key in keys) == pytest.approx(n)
        for row, aim in enumerate(rows):
            weighted = sum(people[row, c] * made.weights[row, c] for c in range(4))
            assert weighted / n == pytest.approx(aim / sum(rows), abs=1e-7)
        weights = np.repeat([made.weights[key] for key in keys], counts)
        assert made.deff == pytest.approx(n * (weights**2).sum() / weights.sum() ** 2)

    def test_post_stratification_gives_each_stratum_its_share(self):
        made = post_stratify(
            self.PEOPLE, {("a", "x"): 25, ("a", "y"): 25, ("b", "x"): 25, ("b", "y"): 25}
        )
        assert made.weights == pytest.approx(
            {("a", "x"): 25 / 30, ("a", "y"): 25 / 20, ("b", "x"): 2.5, ("b", "y"): 25 / 40}
        )
        assert made.deff == pytest.approx(kish(self.PEOPLE, made.weights))

    def test_who_did_not_say_keep_their_share(self):
        people = {("a",): 30, ("b",): 60, (None,): 10}
        made = rake(people, [{"a": 1, "b": 1}])
        assert made.weights[None,] == pytest.approx(1)
        assert made.weights["a",] * 30 == pytest.approx(45)

    def test_trimmed_weights_stay_within_their_limits(self):
        people = {("a",): 2, ("b",): 98}
        free = rake(people, [{"a": 50, "b": 50}])
        assert max(free.weights.values()) == pytest.approx(25)
        made = rake(people, [{"a": 50, "b": 50}], limits=(0.3, 3))
        assert max(made.weights.values()) == pytest.approx(3)
        assert sum(people[key] * w for key, w in made.weights.items()) == pytest.approx(100)
        assert not made.has_converged
        assert made.deviation > 0.3
        assert made.trimmed == 2
        assert made.deff < free.deff

    def test_a_target_of_nobody_is_named(self):
        with pytest.raises(CannotWeigh) as refused:
            rake(self.PEOPLE, [{"a": 50, "c": 50}])
        assert refused.value.empty == [(0, "c")]


class TestImportance:
    def test_items_are_placed_by_the_means_and_the_urgent_come_first(self):
        points = [
            importance.Point("k", "Kết quả", 0.9, 0.9),
            importance.Point("g", "Gửi xe", 0.2, 0.8),
            importance.Point("c", "Chờ", 0.8, 0.4),
            importance.Point("b", "Biển", 0.1, 0.3),
        ]
        made = importance.matrix(points)
        assert [(one.point.code, one.quadrant.value) for one in made.placed] == [
            ("c", "improve"), ("k", "keep"), ("b", "later"), ("g", "enough"),
        ]  # fmt: skip
        assert (made.importance, made.satisfaction) == pytest.approx((0.5, 0.6))
        assert importance.matrix([]) is None


def test_moments_are_taken_apart_as_they_are_added():
    one, other = moments([(1, 2), (3, 4)]), moments([(5, 5)])
    assert one + other - other == one
    assert math.isclose(estimate(one).value, 4 / 6)
