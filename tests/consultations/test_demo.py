"""The demonstration's consultations come by the verbs and load once."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from consultations import demo, tree, window
from consultations.models import Consultation, ConsultationPage
from consultations.window import WindowState
from demo import accounts
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(home, at):
    at("2026-11-26 10:00")
    call_command("lay")
    accounts.load()
    accounts.load_board()
    demo.load()
    demo.load()


def test_four_drafts_stand_in_every_state(loaded, client):
    found = {row.title.split(" (")[0]: row for row in Consultation.objects.all()}
    assert len(found) == 4
    states = sorted(window.of(row).state.value for row in found.values())
    assert states == ["closed", "open", "open", "upcoming"]
    for page in ConsultationPage.objects.filter(live=True):
        assert page.is_demo
        assert_valid_html(client.get(page.url))
    assert ConsultationPage.objects.filter(live=True).count() == 8
    for row in found.values():
        for text in row.texts.all():
            assert text.is_public
            assert tree.says_the_source(text, tree.rows_of(text))


def test_one_was_extended_and_one_has_a_second_version(loaded, client):
    closed = next(
        row for row in Consultation.objects.all() if window.of(row).state is WindowState.CLOSED
    )
    assert [record.act for record in closed.records.all()] == ["open", "extend"]
    revised = next(row for row in Consultation.objects.all() if row.texts.count() == 2)
    page = ConsultationPage.objects.get(consultation=revised, locale__language_code="vi")
    said = client.get(f"{page.url}so-sanh/1/2/").content.decode()
    assert "không phụ thuộc nơi cư trú" in said
    assert "<del>" in said
