"""The demonstration's consultations come by the verbs and load once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from consultations import demo, demo_opinions, tree, window
from consultations.models import (
    Consultation,
    ConsultationPage,
    OpinionState,
    RespondentKind,
)
from consultations.window import WindowState
from demo import accounts
from portal.outbox.draining import drain
from portal.reporting.models import Edition
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(home, at):
    at("2026-11-26 10:00")
    call_command("lay")
    accounts.load()
    accounts.load_board()
    accounts.load_officials()
    for _time in range(2):
        demo.load()
        demo.load_opinions()


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


def test_people_speak_and_one_consultation_is_answered(loaded, client):
    rows = {window.of(row).state: row for row in Consultation.objects.filter(kind="normative")}
    opened, answered = rows[WindowState.OPEN], rows[WindowState.CLOSED]
    states = Counter(opened.opinions.values_list("state", flat=True))
    assert set(states) == set(OpinionState.values)
    kinds = opened.opinions.filter(state="published").values_list("respondent_kind", flat=True)
    assert set(kinds) == set(RespondentKind.values)
    drain()
    campaign = opened.opinions.exclude(like=None).values("like")
    assert campaign.count() == 3
    page = ConsultationPage.objects.get(consultation=answered, locale__language_code="vi")
    response = client.get(f"{page.url}ket-qua/")
    assert_valid_html(response)
    body = response.content.decode()
    for words in ("Tiếp thu một phần", "nhà văn hóa thôn, tổ dân phố", "(minh họa)"):
        assert words in body
    assert answered.publications.get().counts["received"] == 4
    assert Edition.objects.get().snapshot["consultation"]["is_demo"]
    hidden = opened.opinions.exclude(state="published").values_list("text", flat=True)
    page = ConsultationPage.objects.get(consultation=opened, locale__language_code="vi")
    for url in (page.url, f"{page.url}y-kien/"):
        told = client.get(url).content.decode()
        assert not [words for words in hidden if words and words in told]


def test_a_site_laid_weeks_ago_gets_its_opinions_too(home, at):
    now = at("2026-11-26 10:00")
    call_command("lay")
    accounts.load()
    accounts.load_board()
    demo.load()
    # As earlier versions left it: an official without a way in.
    earlier = demo_opinions.official("STP")
    at(now + timedelta(days=40))
    accounts.load_officials()
    demo.load_opinions()
    earlier.refresh_from_db()
    assert earlier.check_password(accounts.PASSWORD)
    rows = {row.title.split(" (")[0]: row for row in Consultation.objects.filter(kind="normative")}
    opened, answered = (rows[plan.title.split(" (")[0]] for plan in (demo.PLANS[0], demo.PLANS[2]))
    assert opened.opinions.exists()
    assert answered.publications.get().counts["received"] == 4
    # It is over: nobody is asked any more.
    assert not opened.invitations.filter(agency__code="STP").exists()


def test_an_official_signs_in_and_answers_for_the_agency(loaded):
    client = Client()
    typed = {"username": "canbo.stp", "password": accounts.PASSWORD}
    assert client.post("/quan-tri/login/", typed).status_code == 302
    opened = next(
        row for row in Consultation.objects.filter(kind="normative") if window.of(row).is_open
    )
    asked = opened.invitations.get(agency__code="STP")
    assert asked.answered_at is None
    address = reverse("consultation_invitation", args=[asked.pk])
    body = client.get(address).content.decode()
    assert opened.title in body
