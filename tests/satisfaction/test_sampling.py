"""Sample sizes, their spreading, plans and quotas."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from portal.agencies.models import Agency
from satisfaction import drafting, review, submission
from satisfaction.models import (
    Collector,
    FieldworkCount,
    RejectionReason,
    Response,
    SamplePlan,
    SampleUnit,
)
from satisfaction.sampling import progress, quotas, sizes
from tests.accounts import staff
from tests.satisfaction.factories import NOON, answers, begin, make_page, make_survey, respond

FIVE = Decimal("0.05")
MINUTES = timedelta(minutes=5)
# surveys.md B2: Yamane at e = 5 %.
KNOWN = {
    100: 80,
    500: 223,
    1_000: 286,
    5_000: 371,
    10_000: 385,
    50_000: 397,
    100_000: 399,
    1_000_000: 400,
}


@pytest.mark.parametrize(("population", "size"), KNOWN.items())
def test_yamane_gives_the_published_sizes(population, size):
    assert sizes.yamane(population, FIVE) == size


def test_a_share_gives_cochrans_sizes():
    assert sizes.by_share(10**9, FIVE, Decimal("0.5")) == 385
    assert sizes.by_share(1_000, FIVE, Decimal("0.5")) == 278
    assert sizes.by_share(0, FIVE, Decimal("0.5")) == 0
    assert sizes.by_share(1, FIVE, Decimal("0.5")) == 1


def test_hanois_plan_of_2024_is_nine_thousand():
    assert sizes.by_stages(sizes.read_stages("6 × 3 × 2 × 250")) == 9_000
    for wrong in ("", "6 × ", "6 + 3", "6 × -1", "sáu × 3", "6 × 3.5"):
        with pytest.raises(ValueError):  # noqa: PT011
            sizes.read_stages(wrong)


@given(st.integers(1, 10**8), st.decimals("0.005", "0.3", places=3))
@settings(deadline=None)
def test_a_size_is_within_its_population_and_grows_with_it(population, margin):
    for size_of in (
        lambda n: sizes.yamane(n, margin),
        lambda n: sizes.by_share(n, margin, Decimal("0.5")),
    ):
        size = size_of(population)
        assert 1 <= size <= population
        assert size <= size_of(population + 1)
        assert size <= 1 / Fraction(margin) ** 2 + 1


@given(st.integers(0, 5_000), st.lists(st.integers(0, 800), min_size=1, max_size=12))
@settings(deadline=None)
def test_spreading_gives_out_all_that_units_can_take(total, populations):
    for spread in (sizes.proportional, sizes.equal):
        given_out = spread(total, populations)
        assert sum(given_out) == min(total, sum(populations))
        assert all(0 <= n <= most for n, most in zip(given_out, populations, strict=True))


@given(st.lists(st.integers(100, 10_000), min_size=2, max_size=12))
@settings(deadline=None)
def test_a_proportional_part_is_its_share_rounded_down_or_up(populations):
    total = sum(populations) // 3
    for n, size in zip(sizes.proportional(total, populations), populations, strict=True):
        exact = Fraction(total * size, sum(populations))
        assert exact - 1 < n < exact + 1


# --- Plans ------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(at):
    at(NOON)
    return make_survey()


@pytest.fixture
def officer(client):
    person = staff("nguoi.lap", "satisfaction.run_fieldwork", "satisfaction.view_results")
    client.force_login(person)
    return person


PLAN = {
    "method": "yamane",
    "margin": "5",
    "share": "50",
    "allocation": "proportional",
    "units": "SNV; ; 600\nSTC; Tổ <b>5</b>; 400",
}


def plan_of(survey, client, **changes):
    client.post(f"/quan-tri/khao-sat/{survey.pk}/mau/", {**PLAN, **changes, "giu": "1"})
    return SamplePlan.objects.get(survey=survey)


def test_a_plan_is_worked_out_first_and_kept_when_asked(survey, client, officer):
    url = f"/quan-tri/khao-sat/{survey.pk}/mau/"
    looked = client.post(url, PLAN)
    assert looked.status_code == 200
    assert not SamplePlan.objects.exists()
    assert "286" in looked.content.decode()
    plan = plan_of(survey, client)
    assert plan.size == 286
    targets = {unit.agency.code: unit.target for unit in plan.units.all()}
    assert targets == {"SNV": 172, "STC": 114}
    html = client.get(f"/quan-tri/khao-sat/{survey.pk}/thuc-dia/").content.decode()
    assert "Tổ &lt;b&gt;5&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"units": "XXX; ; 600"}, "XXX"),
        ({"units": "SNV; ; không"}, "không"),
        ({"units": "SNV; ; 600\nSNV; ; 400"}, "2"),
        ({"method": "stages", "stages": "6 và 3"}, "6 × 3 × 2 × 250"),
        ({"method": "fixed"}, ""),
        ({"units": ""}, ""),
        ({"margin": "0"}, ""),
    ],
)
def test_a_plan_at_fault_is_told_and_nothing_is_lost(survey, client, officer, changes, told):
    data = {**PLAN, **changes, "giu": "1"}
    response = client.post(f"/quan-tri/khao-sat/{survey.pk}/mau/", data)
    assert response.status_code == 422
    assert not SamplePlan.objects.exists()
    assert told in response.content.decode()


def test_without_the_permission_there_is_no_plan(survey, client):
    client.force_login(staff("khac", "satisfaction.view_results"))
    assert client.get(f"/quan-tri/khao-sat/{survey.pk}/mau/").status_code in (302, 403)
    client.post(f"/quan-tri/khao-sat/{survey.pk}/mau/", {**PLAN, "giu": "1"})
    assert not SamplePlan.objects.exists()


def test_a_plan_made_later_counts_what_came_before_and_changed_it_keeps_its_units(
    survey, client, officer
):
    respond(survey)
    plan = plan_of(survey, client)
    unit = plan.units.get(agency__code="SNV")
    assert unit.taken == 1
    changed = plan_of(survey, client, units="SNV; ; 900")
    assert changed.units.get().pk == unit.pk
    assert changed.units.get().taken == 1


def _unit(survey, target: int, **fields) -> SampleUnit:
    plan = SamplePlan.objects.create(
        survey=survey, method="fixed", size=target, made_at=survey.opens_at, **fields
    )
    return plan.units.create(
        agency=Agency.objects.get(code="SNV"), population=target, target=target
    )


def test_the_last_place_is_given_once_and_the_answer_that_found_none_stays(survey):
    unit = _unit(survey, 1, is_enforced=True)
    respond(survey)
    _key, draft = begin(survey, answers())
    with clock.stopped_at(clock.now() + MINUTES), pytest.raises(quotas.QuotaFull):
        submission.submit(draft.pk)
    draft.refresh_from_db()
    assert draft.answers["agency"] == "SNV"
    assert Response.objects.count() == 1
    unit.refresh_from_db()
    assert unit.taken == 1
    # Another agency is not concerned.
    respond(survey, answers(agency="STC"))


def test_a_quota_that_is_not_closed_goes_on_counting(survey):
    unit = _unit(survey, 1)
    respond(survey)
    respond(survey)
    unit.refresh_from_db()
    assert unit.taken == 2
    assert progress.units_of(survey)[0].missing == 0


def test_a_rejected_answer_gives_its_place_back_and_takes_it_again(survey):
    unit = _unit(survey, 1, is_enforced=True)
    reviewer = staff("ra.soat", "satisfaction.review_responses")
    response = respond(survey)
    review.reject(response.pk, RejectionReason.TEST, reviewer)
    unit.refresh_from_db()
    assert unit.taken == 0
    review.restore(response.pk, reviewer)
    unit.refresh_from_db()
    assert unit.taken == 1


def test_an_answer_that_does_not_count_holds_no_place(survey):
    unit = _unit(survey, 1, is_enforced=True)
    respond(survey, seconds=5)
    unit.refresh_from_db()
    assert unit.taken == 0


def test_full_is_told_at_the_section_and_what_was_written_is_shown(survey, client):
    page = make_page(survey)
    _unit(survey, 1, is_enforced=True)
    respond(survey)
    key, _draft = drafting.start(survey, uuid.uuid4())
    client.cookies["phieu-vi"] = key
    told = client.post(f"{page.url}tra-loi/co-quan/", {"agency": "SNV"})
    assert told.status_code == 409
    assert "Sở Nội vụ" in told.content.decode()
    assert FieldworkCount.objects.get(step="full").n == 1
    # Another agency is free.
    assert client.post(f"{page.url}tra-loi/co-quan/", {"agency": "STC"}).status_code == 302


def test_full_at_the_end_loses_nothing(survey, client):
    page = make_page(survey)
    unit = _unit(survey, 5, is_enforced=True)
    key, draft = begin(survey, answers(comment="Giữ <b>lại</b>"))
    SampleUnit.objects.filter(pk=unit.pk).update(taken=5)
    client.cookies["phieu-vi"] = key
    with clock.stopped_at(clock.now() + MINUTES):
        told = client.post(f"{page.url}kiem-tra/")
    assert told.status_code == 409
    assert "Giữ &lt;b&gt;lại&lt;/b&gt;" in told.content.decode()
    draft.refresh_from_db()
    assert draft.answers["comment"] == "Giữ <b>lại</b>"
    assert not Response.objects.exists()


def test_the_table_of_rates_tells_begun_valid_and_rejected(survey):
    respond(survey)
    respond(survey, seconds=5)
    begin(survey, answers())
    row = progress.response_rates(survey)[0]
    assert (row.begun, row.valid, row.rejected) == (3, 1, {"too_fast": 1})
    assert row.rate == Fraction(1, 3)


def test_a_collectors_quota_is_its_own(survey):
    collector = Collector.objects.create(
        survey=survey,
        agency=Agency.objects.get(code="SNV"),
        channel="qr",
        code="TEST",
        quota=1,
        made_at=survey.opens_at,
    )
    quotas.take(collector, None)
    with pytest.raises(quotas.QuotaFull):
        quotas.take(collector, None)
