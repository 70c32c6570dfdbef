"""Flags of odd answers: set, shown, moved in the figures, never a reason to drop anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.agencies.models import Agency
from portal.protection import throttle
from portal.protection.models import ThrottleCount
from satisfaction import results, submission, tallies
from satisfaction.models import AgencyNetwork, Cell, Response
from satisfaction.quality import reviewing
from satisfaction.quality.flags import Signals, is_straight
from satisfaction.quality.signals import signals_of
from satisfaction.questionnaires import read, template
from satisfaction.results import Wanted
from tests.accounts import staff
from tests.satisfaction.factories import (
    NOON,
    answers,
    begin,
    make_page,
    make_survey,
    respond,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(at):
    at(NOON)
    return make_survey()


def varied(**others) -> dict[str, str]:
    """Levels that go up and down as a reader's do."""
    items = read(template("sipas_service")).index.items
    levels = {item: str(3 + place % 3) for place, item in enumerate(items)}
    return answers(**{**levels, **others})


def test_an_ordinary_answer_bears_no_mark(survey):
    response = respond(survey, varied())
    assert (response.is_flagged, response.flags) == (False, [])


def test_a_fast_one_is_marked_and_counts(survey):
    response = respond(survey, varied(), seconds=40)
    assert response.flags == ["speeding"]
    assert response.status == "valid"
    assert Cell.objects.get(is_flagged=True).n == 1


def test_the_same_level_in_every_row_is_marked(survey):
    assert respond(survey, answers(4)).flags == ["straight_lining"]


def test_one_other_level_in_a_block_is_a_reader():
    questionnaire = read(template("sipas_service"))
    items = questionnaire.index.items
    same = dict.fromkeys(items, 4)
    assert is_straight(questionnaire, same)
    assert not is_straight(questionnaire, {**same, items[2]: 5})
    # Too few rows say nothing.
    assert not is_straight(questionnaire, dict.fromkeys(items[:4], 4))


def test_many_from_one_device_within_an_hour_are_marked_from_the_sixth_on(survey, rf):
    def sent(browser: str) -> Signals:
        request = rf.post("/", HTTP_USER_AGENT=browser, REMOTE_ADDR="203.0.113.7")
        return signals_of(request)

    assert [sent("A").is_burst for _time in range(6)] == [False] * 5 + [True]
    # Another device behind the same address is another device.
    assert not sent("B").is_burst


def test_what_is_kept_of_a_device_is_a_count_under_a_hash_for_a_day(survey, rf, at):
    signals_of(rf.post("/", HTTP_USER_AGENT="Trình duyệt", REMOTE_ADDR="203.0.113.7"))
    row = ThrottleCount.objects.get(scope="satisfaction.device")
    assert "203.0.113" not in row.caller
    assert len(row.caller) == 64
    at("2026-11-22 12:00")
    throttle.purge()
    assert not ThrottleCount.objects.filter(scope="satisfaction.device").exists()


def test_an_answer_from_the_rated_agencys_own_network_is_marked_without_its_address(survey, client):
    page = make_page(survey)
    own = Agency.objects.get(code="SNV")
    AgencyNetwork.objects.create(agency=own, network="198.51.100.0/24")
    for agency, flags in (("SNV", ["own_network"]), ("STC", [])):
        key, _draft = begin(survey, varied(agency=agency))
        client.cookies["phieu-vi"] = key
        later = clock.now() + timedelta(minutes=5)
        with clock.stopped_at(later):
            client.post(f"{page.url}kiem-tra/", REMOTE_ADDR="198.51.100.20")
        response = Response.objects.get(agency__code=agency)
        assert response.flags == flags
        assert "198.51" not in str(response.__dict__)


def test_a_mark_moves_the_answer_between_the_figures_and_back(survey):
    reviewer = staff("ra.soat", "satisfaction.review_responses")
    response = respond(survey, varied())
    everyone, sound = Wanted(), Wanted(with_flagged=False)
    assert results.received(survey, sound).valid == 1
    assert reviewing.doubt(response.pk, reviewer)
    assert not reviewing.doubt(response.pk, reviewer)
    assert results.received(survey, everyone).valid == 1
    assert results.received(survey, sound).valid == 0
    assert reviewing.clear(response.pk, reviewing.Flag.DOUBTED, reviewer)
    assert results.received(survey, sound).valid == 1
    assert tallies.differences(survey.versions.get()) == []


def test_marking_goes_through_the_admin_with_its_permission_and_trail(survey, client):
    response = respond(survey, varied())
    url = f"/quan-tri/khao-sat/phieu/{response.pk}/danh-dau/"
    client.force_login(staff("xem", "satisfaction.view_results"))
    client.post(url)
    response.refresh_from_db()
    assert not response.is_flagged
    client.force_login(staff("ra.soat", "satisfaction.review_responses"))
    client.post(url)
    response.refresh_from_db()
    assert response.flags == ["doubted"]
    html = client.get(f"/quan-tri/khao-sat/{survey.pk}/phieu/").content.decode()
    assert "Nghi vấn khi rà soát" in html
    client.post(url, {"bo": "doubted"})
    response.refresh_from_db()
    assert response.flags == []


def test_at_night_times_are_compared_with_the_usual_one(survey):
    for number in range(30):
        respond(survey, varied(), seconds=600 + number)
    fast = respond(survey, varied(), seconds=150)
    assert fast.flags == []
    assert reviewing.look_over_open_surveys() == 1
    assert reviewing.look_over_open_surveys() == 0
    fast.refresh_from_db()
    assert fast.flags == ["speeding"]
    assert tallies.differences(survey.versions.get()) == []


def test_few_answers_have_no_usual_time(survey):
    respond(survey, varied(), seconds=600)
    respond(survey, varied(), seconds=100)
    assert reviewing.look_over_open_surveys() == 0


def test_signals_of_a_sent_answer_are_kept_as_marks_only(survey):
    _key, draft = begin(survey, varied())
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        submission.submit(draft.pk, Signals(is_burst=True))
    assert Response.objects.get().flags == ["burst"]


@pytest.mark.parametrize("network", ["10.0.0.1/8", "abc", "10.0.0.0/40", "<script>"])
def test_a_network_that_is_none_is_refused(survey, client, network):
    client.force_login(staff("mang", "satisfaction.run_fieldwork"))
    agency = Agency.objects.get(code="SNV")
    response = client.post("/quan-tri/khao-sat/mang/", {"agency": agency.pk, "network": network})
    assert response.status_code == 422
    assert not AgencyNetwork.objects.exists()


def test_networks_are_added_and_removed_with_a_trail(survey, client):
    client.force_login(staff("mang", "satisfaction.run_fieldwork"))
    agency = Agency.objects.get(code="SNV")
    client.post("/quan-tri/khao-sat/mang/", {"agency": agency.pk, "network": "10.12.0.0/16"})
    network = AgencyNetwork.objects.get()
    assert client.get("/quan-tri/khao-sat/mang/").status_code == 200
    client.post(f"/quan-tri/khao-sat/mang/{network.pk}/bo/")
    assert not AgencyNetwork.objects.exists()
