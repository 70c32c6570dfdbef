"""Paper forms: entered by two people, compared, settled, counted once."""

from __future__ import annotations

import pytest

from satisfaction import tallies
from satisfaction.collecting import paper
from satisfaction.models import Audience, PaperForm, Response, TextAnswer
from tests.accounts import staff
from tests.satisfaction.factories import NOON, answers, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(at):
    at(NOON)
    return make_survey()


@pytest.fixture
def people():
    return [staff(name, "satisfaction.enter_paper") for name in ("nhap.mot", "nhap.hai")]


def enter(client, survey, person, form=None, reference: str = "HN-001", day: str = "2026-11-18"):
    client.force_login(person)
    data = {**(form or answers()), "reference": reference, "filled_on": day}
    return client.post(f"/quan-tri/khao-sat/{survey.pk}/giay/nhap/", data)


def test_two_entries_that_agree_are_one_response(survey, client, people):
    form = answers(comment="Đống Đa <b>tốt</b>")
    assert enter(client, survey, people[0], form).status_code == 302
    assert not Response.objects.exists()
    assert enter(client, survey, people[1], form, reference=" hn-001 ").status_code == 302
    response = Response.objects.get()
    assert (response.channel, response.day.isoformat(), response.status) == (
        "paper",
        "2026-11-18",
        "valid",
    )
    assert TextAnswer.objects.get().text == "Đống Đa <b>tốt</b>"
    sheet = PaperForm.objects.get()
    assert (sheet.state, sheet.first, sheet.second, sheet.response) == ("done", {}, {}, response)
    assert tallies.differences(survey.versions.get()) == []


def test_the_first_entry_is_not_shown_to_the_second_person(survey, client, people):
    enter(client, survey, people[0], answers(5, comment="bí mật"))
    client.force_login(people[1])
    html = client.get(f"/quan-tri/khao-sat/{survey.pk}/giay/nhap/?so=HN-001").content.decode()
    assert "bí mật" not in html
    assert 'value="5" checked' not in html


def test_nobody_enters_a_sheet_twice_alone(survey, client, people):
    enter(client, survey, people[0])
    assert enter(client, survey, people[0]).status_code == 422
    assert PaperForm.objects.get().state == "entered"


def test_entries_that_differ_are_settled_from_the_sheet(survey, client, people):
    enter(client, survey, people[0], answers(4, I15="2"))
    enter(client, survey, people[1], answers(4, I16="1", comment="thêm"))
    sheet = PaperForm.objects.get()
    assert sheet.state == "differs"
    assert {question.code for question in paper.differences(sheet)} == {"I15", "I16", "comment"}
    url = f"/quan-tri/khao-sat/giay/{sheet.pk}/"
    assert client.get(url).status_code == 200
    told = client.post(url, {"I15": "first", "I16": "second"})
    assert told.status_code == 422
    assert not Response.objects.exists()
    client.post(url, {"I15": "first", "I16": "second", "comment": "first"})
    response = Response.objects.get()
    assert (response.answers["I15"], response.answers["I16"]) == (2, 1)
    assert not TextAnswer.objects.exists()
    # A second click settles nothing twice.
    client.post(url, {"I15": "second", "I16": "second", "comment": "second"})
    assert Response.objects.count() == 1


def test_what_was_left_open_on_paper_stays_open(survey, client, people):
    form = {"agency": "SNV", "I15": "4"}
    for person in people:
        enter(client, survey, person, form)
    assert Response.objects.get().answers == {"I15": 4}


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"agency": ""}, "2026-11-18"),
        ({"I15": "77"}, "2026-11-18"),
        ({}, "2026-11-25"),
        ({}, "2026-10-01"),
        ({}, "hôm qua"),
    ],
)
def test_a_sheet_at_fault_is_told_and_what_was_typed_stays(survey, client, people, changes, day):
    form = answers(4, comment="giữ lại", **changes) if "agency" not in changes else answers(4)
    told = enter(client, survey, people[0], {**form, "comment": "giữ lại", **changes}, day=day)
    assert told.status_code == 422
    assert "giữ lại" in told.content.decode()
    assert not PaperForm.objects.exists()


def test_a_discarded_sheet_counts_nowhere_and_keeps_its_number(survey, client, people):
    enter(client, survey, people[0])
    sheet = PaperForm.objects.get()
    client.post(f"/quan-tri/khao-sat/giay/{sheet.pk}/huy/")
    sheet.refresh_from_db()
    assert (sheet.state, sheet.first) == ("discarded", {})
    assert enter(client, survey, people[1]).status_code == 422
    assert not Response.objects.exists()


def test_without_the_permission_nothing_is_entered_or_seen(survey, client, people):
    enter(client, survey, people[0])
    stranger = staff("khac", "satisfaction.view_results")
    assert enter(client, survey, stranger, reference="HN-002").status_code in (302, 403)
    assert PaperForm.objects.count() == 1
    for url in (
        f"/quan-tri/khao-sat/{survey.pk}/giay/",
        f"/quan-tri/khao-sat/giay/{PaperForm.objects.get().pk}/",
    ):
        assert client.get(url).status_code in (302, 403)


def test_a_closed_survey_has_no_paper(at, client, people):
    at(NOON)
    closed = make_survey(audience=Audience.INVITED)
    assert enter(client, closed, people[0]).status_code == 404
