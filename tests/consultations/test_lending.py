"""A survey of the portal stands on a topic's page, lent through the registry (Art. 7.1)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from consultations.models import DraftKind, Embedded
from portal import clock
from tests.consultations import factories as make
from tests.consultations import saying
from tests.editorial.office import signed_in
from tests.pages import assert_valid_html
from tests.satisfaction import factories as surveys

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def topic(at):
    at("2026-11-26 10:00")
    return saying.open_to_all(kind=DraftKind.TOPIC)


@pytest.fixture
def survey(topic):
    now = clock.now()
    made = surveys.make_survey(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=3))
    return made, surveys.make_page(made)


def lend(topic, *values: str):
    url = f"/quan-tri/lay-y-kien/{topic[0].pk}/"
    client = signed_in(make.organiser())
    assert "gan-khao-sat" in client.get(url).content.decode()
    return client.post(f"{url}gan-khao-sat/", {"gan-khao-sat-lent": list(values)})


def test_the_working_group_lends_it_and_a_reader_follows_it(topic, survey, client, at):
    _consultation, page = topic
    made, survey_page = survey
    assert survey_page.title not in client.get(page.url).content.decode()
    assert lend(topic, f"survey:{survey_page.pk}").status_code == 302
    response = client.get(page.url)
    assert_valid_html(response)
    link = re.search(
        rf'<a href="([^"]*)">{re.escape(survey_page.title)}</a>', response.content.decode()
    )
    assert link
    assert client.get(link[1]).status_code == 200
    # Closed, it is gone from the page by itself.
    at(made.closes_at)
    assert survey_page.title not in client.get(page.url).content.decode()


def test_it_is_taken_away_again_and_nothing_unknown_is_shown(topic, survey, client):
    _made, survey_page = survey
    lend(topic, f"survey:{survey_page.pk}")
    assert lend(topic, "survey:999999").status_code == 200
    assert Embedded.objects.get().object_id == survey_page.pk
    lend(topic)
    assert not Embedded.objects.exists()
    # A kind that no room knows any more shows nothing and breaks nothing.
    Embedded.objects.create(consultation=topic[0], kind="gone", object_id=1)
    assert client.get(topic[1].url).status_code == 200


def test_neighbours_do_not_import_each_other():
    for room, other in (("consultations", "satisfaction"), ("satisfaction", "consultations")):
        for path in (ROOT / room).rglob("*.py"):
            assert not re.search(rf"^\s*(from|import) {other}\b", path.read_text(), re.M), path
