"""A second person's computation: every figure again from the exported rows, with other tools."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from portal.outbox.draining import drain
from satisfaction import results
from satisfaction.intervals import estimate
from satisfaction.measuring import definitions, figures, indices, shares, weighting
from satisfaction.measuring.definitions import Definition, shipped
from satisfaction.measuring.trend import trend
from satisfaction.questionnaires import read
from satisfaction.results import Wanted
from satisfaction.versions import current_version
from tests.accounts import staff
from tests.satisfaction.crowds import crowd, exported
from tests.satisfaction.factories import NOON, make_survey
from tests.satisfaction.measures import TARGETS, make_weighting

pytestmark = pytest.mark.django_db
SIZES = {"SNV": 70, "STC": 60, "00004": 55, "00070": 45, "10489": 40, "10465": 12}
LEVELS = [1, 2, 3, 4, 5]
Z = 1.959963984540054


@pytest.fixture
def survey(at):
    at(NOON)
    survey = make_survey()
    crowd(survey, SIZES)
    return survey


@pytest.fixture
def questionnaire(survey):
    return read(current_version(survey).definition)


@pytest.fixture
def frame(survey, tmp_path, questionnaire) -> pd.DataFrame:
    frame = exported(survey, tmp_path)
    codes = list(questionnaire.counted)
    frame[codes] = frame[codes].apply(pd.to_numeric, errors="coerce")
    return frame


def pooled(frame: pd.DataFrame, items: list[str]) -> tuple[float, float, int]:
    """R, SE and n by a scan over people."""
    x = frame[items].isin(LEVELS).sum(axis=1)
    y = frame[items].isin([4, 5]).sum(axis=1)
    x, y = x[x > 0], y[x > 0]
    r, n = y.sum() / x.sum(), len(x)
    se = np.sqrt(n / (n - 1) * ((y - r * x) ** 2).sum()) / x.sum()
    return r, se, n


def interval(r: float, se: float, n: int, alpha: float = 0.05) -> tuple[float, float]:
    size = r * (1 - r) / se**2 if se > 0 and 0 < r < 1 else n
    return proportion_confint(r * size, size, alpha=alpha, method="wilson")


def assert_same(made, other: tuple[float, float, int]) -> None:
    r, se, n = other
    assert (float(made.value), made.se, made.n) == pytest.approx((r, se, n), abs=1e-9)
    assert (made.low, made.high) == pytest.approx(interval(*other), abs=1e-9)


def test_the_index_and_its_criteria(survey, questionnaire, frame):
    moments = results.moments_by_scope(survey)
    for scope, items in questionnaire.scopes().items():
        assert_same(estimate(moments[scope]), pooled(frame, list(items)))
    definition = shipped(questionnaire)
    assert indices.index(survey, questionnaire, definition) == estimate(moments[""])


def test_items_with_their_answers_and_who_gave_none(survey, questionnaire, frame):
    counts = results.counts_by_question(survey)
    for item in questionnaire.index.items:
        seen = frame[item].value_counts()
        made = shares.distribution(counts[item], LEVELS)
        of = int(frame[item].isin(LEVELS).sum())
        for level in LEVELS:
            n = int(seen.get(level, 0))
            assert (made[level].n, made[level].of) == (n, of)
            low, high = proportion_confint(n, of, method="wilson")
            assert (made[level].low, made[level].high) == pytest.approx((low, high), abs=1e-9)
        assert counts[item].get(9, 0) == seen.get(9, 0)
        assert counts[item].get(-1, 0) == frame[item].isna().sum()
        assert sum(counts[item].values()) == len(frame)
        mean = shares.mean(counts[item], LEVELS)
        rated = frame[item][frame[item].isin(LEVELS)]
        assert (float(mean.value), mean.sd) == pytest.approx((rated.mean(), rated.std()))


def test_agencies_their_places_and_what_bounds_them(survey, questionnaire, frame):
    items = list(questionnaire.index.items)
    made = figures.ranking(survey, questionnaire, shipped(questionnaire))
    others = {code: pooled(part, items) for code, part in frame.groupby("agency")}
    few = {code for code, (_r, _se, n) in others.items() if n < 30}
    assert {agency.code for agency in made.unranked} == few == {"10465"}
    ranked = {code: other for code, other in others.items() if code not in few}
    order = sorted(ranked, key=lambda code: -ranked[code][0])
    assert [one.key.code for one in made.ranked] == order
    # Each is compared with all others: Bonferroni over those comparisons.
    alpha = 0.05 / (len(ranked) - 1)
    spans = {code: (other[0], *interval(*other, alpha)) for code, other in ranked.items()}
    for place, one in enumerate(made.ranked, 1):
        assert_same(one.estimate, others[one.key.code])
        assert one.place == place
        p, low, high = spans[one.key.code]
        above = below = 0
        for code, (q, other_low, other_high) in spans.items():
            if code != one.key.code:
                d = p - q
                above += d + np.hypot(high - p, q - other_low) < 0
                below += d - np.hypot(p - low, other_high - q) > 0
        assert (one.best, one.worst) == (1 + above, len(spans) - below)


def test_alpha_and_what_goes_with_the_rest(survey, questionnaire, frame):
    items = list(questionnaire.index.items)
    complete = frame[items].where(frame[items].isin(LEVELS)).dropna()
    made = figures.reliability(survey, questionnaire, items)
    k = len(items)
    alpha = k / (k - 1) * (1 - complete.var().sum() / complete.sum(axis=1).var())
    assert (made.n, made.alpha) == pytest.approx((len(complete), alpha))
    for fit in made.items:
        rest = complete.drop(columns=fit.code).sum(axis=1)
        assert fit.r == pytest.approx(complete[fit.code].corr(rest), abs=1e-9)
    importance = figures.derived_importance(survey, questionnaire, shipped(questionnaire))
    assert {one.point.code for one in importance.placed} == set(items)


def test_cross_tabs_and_their_test(survey, questionnaire, frame):
    made = figures.crosstab(survey, questionnaire, "age", "I15")
    ages = list(made.rows)
    both = frame[frame["age"].isin(ages) & frame["I15"].isin(LEVELS)]
    other = pd.crosstab(both["age"], both["I15"])
    assert made.total == len(both)
    for age in made.rows:
        for level in made.columns:
            n = other.loc[age, level] if age in other.index and level in other.columns else 0
            assert made.n(age, level) == n
    tested = stats.chi2_contingency(other, correction=False)
    test = made.test()
    assert (test.statistic, test.p, test.df) == pytest.approx(
        (tested.statistic, tested.pvalue, tested.dof)
    )
    assert test.v == pytest.approx(stats.contingency.association(other, "cramer"))


@pytest.mark.parametrize("pooling", ["answers", "items", "factors", "weights"])
@pytest.mark.parametrize("not_applicable", ["left_out", "not_satisfied"])
def test_every_pooling(survey, questionnaire, frame, pooling, not_applicable):
    scored = {s.code: [q.code for q in s.questions] for s in questionnaire.sections if s.is_scored}
    shares_of = {code: str(number) for number, code in enumerate(scored, 1)}
    definition = Definition(
        1, "thu/1", questionnaire.index.items, frozenset({5}), "Quyết định thử", pooling,
        not_applicable, shares_of if pooling == "weights" else {},
    )  # fmt: skip
    items = list(questionnaire.index.items)
    rated = [*LEVELS, 9] if not_applicable == "not_satisfied" else LEVELS
    pools = {
        "answers": [(1, items)],
        "items": [(1, [item]) for item in items],
        "factors": [(1, codes) for codes in scored.values()],
        "weights": [(float(shares_of[code]), codes) for code, codes in scored.items()],
    }[pooling]

    def theta(people: pd.DataFrame) -> float:
        total = sum(share for share, _codes in pools)
        return sum(
            share
            / total
            * people[codes].isin([5]).sum().sum()
            / people[codes].isin(rated).sum().sum()
            for share, codes in pools
        )

    made = indices.index(survey, questionnaire, definition)
    assert float(made.value) == pytest.approx(theta(frame), abs=1e-12)
    # Leaving one person out at a time knows nothing of Taylor's series.
    people = frame[frame[items].isin(rated).any(axis=1)].reset_index(drop=True)
    left = np.array([theta(people.drop(index=at)) for at in range(len(people))])
    jackknife = np.sqrt((len(left) - 1) / len(left) * ((left - left.mean()) ** 2).sum())
    assert made.n == len(people)
    assert made.se == pytest.approx(jackknife, rel=0.02)
    by_agency = indices.by_agency(survey, questionnaire, definition)
    (snv,) = (found for agency, found in by_agency.items() if agency.code == "SNV")
    assert float(snv.value) == pytest.approx(theta(frame[frame["agency"] == "SNV"]))


def test_filters_are_what_a_person_filters(survey, questionnaire, frame):
    # The rows leave in no order of the responses: what they are is read from the rows themselves.
    frame["flagged"] = frame["flagged"].astype(int).astype(bool)
    items = list(questionnaire.index.items)
    for wanted, part in [
        (Wanted(with_flagged=False), frame[~frame["flagged"]]),
        (Wanted(channel="kiosk"), frame[frame["channel"] == "kiosk"]),
    ]:
        assert_same(estimate(results.moments_by_scope(survey, wanted)[""]), pooled(part, items))
        made = figures.crosstab(survey, questionnaire, "sex", "I16", wanted)
        both = part[part["sex"].isin(made.rows) & part["I16"].isin(LEVELS)]
        assert made.total == len(both)


def test_weights_and_the_weighted_index(survey, questionnaire, frame):
    officer = staff("to.cong.tac", "satisfaction.define_measures")
    row = make_weighting(survey, officer)
    drain()
    row.refresh_from_db()
    assert row.state == "made", row.failure
    assert row.report["converged"]
    weights = {tuple(group.profile): group.weight for group in row.groups.all()}
    known = {name: {int(code) for code in shares_of} for name, shares_of in TARGETS.items()}
    profile = [
        tuple(int(v) if v in known[name] else None for name, v in zip(known, pair, strict=True))
        for pair in zip(frame["age"], frame["sex"], strict=True)
    ]
    w = pd.Series([weights[key] for key in profile])
    n = len(w)
    assert w.sum() == pytest.approx(n)
    for name, aims in TARGETS.items():
        said = frame[name].isin(known[name])
        for code, aim in aims.items():
            got = w[frame[name] == int(code)].sum() / w[said].sum()
            assert got == pytest.approx(aim / sum(aims.values()), abs=1e-7)
    assert float(row.report["deff"]) == pytest.approx(n * (w**2).sum() / w.sum() ** 2, abs=1e-6)
    items = list(questionnaire.index.items)
    made = weighting.by_scope(row)
    for scope, codes in questionnaire.scopes().items():
        assert_same(made[scope], weighed(frame, w, list(codes)))
    for agency, found in weighting.by_agency(row).items():
        part = frame["agency"] == agency.code
        assert_same(found, weighed(frame[part], w[part], items))


def weighed(frame: pd.DataFrame, w: pd.Series, items: list[str]) -> tuple[float, float, int]:
    x, y = frame[items].isin(LEVELS).sum(axis=1), frame[items].isin([4, 5]).sum(axis=1)
    kept = x > 0
    x, y, w = x[kept], y[kept], w[kept]
    r, n = (w * y).sum() / (w * x).sum(), len(x)
    se = np.sqrt(n / (n - 1) * (w**2 * (y - r * x) ** 2).sum()) / (w * x).sum()
    return r, se, n


def test_a_trend_tests_each_step_and_marks_a_break(at):
    at(NOON)
    first = make_survey("ky-1")
    crowd(first, {"SNV": 80, "STC": 70}, seed=2)
    second = make_survey("ky-2", follows=first, period_kind="month")
    crowd(second, {"SNV": 90, "STC": 60}, seed=5)
    points = trend(second)
    assert [(point.survey.code, point.period) for point in points] == [
        ("ky-1", ""), ("ky-2", "2026-11"), ("ky-2", "2026-12"), ("ky-2", "2027-01"),
    ]  # fmt: skip
    assert points[0].change is None
    one, other = points[1].estimate, points[0].estimate
    z = (float(one.value) - float(other.value)) / np.hypot(one.se, other.se)
    assert points[1].change.p == pytest.approx(2 * stats.norm.sf(abs(z)))
    definitions.define(
        second,
        staff("to.cong.tac", "satisfaction.define_measures"),
        items=["I15", "I16"],
        satisfied=[4, 5],
        pooling="items",
        basis="Quyết định thử",
    )
    broken = trend(second)
    assert [point.is_break for point in broken] == [False, True, False, False]
    assert broken[1].change is None
    assert broken[2].change is not None


def test_the_hash_of_the_data_follows_the_counts(survey, questionnaire):
    before = figures.data_sha256(survey)
    assert figures.data_sha256(survey) == before
    crowd(survey, {"SNV": 1}, seed=77)
    assert figures.data_sha256(survey) != before
