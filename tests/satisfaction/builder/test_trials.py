"""A draft is tried on the citizens' own pages, and nothing of it is ever counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from portal.outbox import registry
from portal.rules import values as rules
from satisfaction.models import (
    Draft,
    IndexMoment,
    QuestionnaireDraft,
    Response,
    Survey,
    Tally,
    TextAnswer,
    TrialAnswer,
)
from tests.pages import assert_valid_html
from tests.satisfaction.building import NOW, builder, made, saved, signed_in, url
from tests.satisfaction.factories import every_kind, full_form

pytestmark = pytest.mark.django_db
SLUGS = ["bat-dau", "lan-den", "ly-do", "loi-cuoi"]


@pytest.fixture
def survey(client):
    survey = made(client)
    QuestionnaireDraft.objects.filter(survey=survey).update(definition=every_kind())
    return survey


def base(survey: Survey, language: str = "vi") -> str:
    return url("survey_trial", survey, language)


def walk(client, survey, language: str = "vi", **others) -> str:
    """From the first page to the page of answers; where it ended."""
    answer = client.post(base(survey, language))
    while "/tra-loi/" in answer.url:
        assert_valid_html(client.get(answer.url))
        answer = client.post(answer.url, full_form(**others))
        assert answer.status_code == 302, answer.content.decode()
    return answer.url


def test_the_whole_way_is_walked_and_nothing_is_counted(client, survey, capsys):
    assert walk(client, survey) == base(survey) + "kiem-tra/"
    html = client.get(base(survey) + "kiem-tra/").content.decode()
    assert "1.234,5 phút" in html
    assert TrialAnswer.objects.get().answers["come"] == 1
    answer = client.post(base(survey) + "kiem-tra/", follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain[-1][0] == base(survey) + "da-gui/"
    assert 'class="receipt"' in html
    assert "demo-note" in html
    trial = TrialAnswer.objects.get()
    assert (trial.answers, trial.is_sent) == ({}, True)
    for model in (Response, Draft, Tally, IndexMoment, TextAnswer):
        assert not model.objects.exists(), model
    call_command("refold", "--check")


def test_every_page_is_marked_as_a_trial_and_has_the_public_look(client, survey):
    for address in [base(survey), *(f"{base(survey)}tra-loi/{slug}/" for slug in SLUGS[:1])]:
        client.post(base(survey))
        page = client.get(address)
        assert "site_pages/portal" in page.content.decode()
        assert "demo-note" in page.content.decode()
        assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert_valid_html(page)


def test_conditions_and_faults_are_those_of_citizens(client, survey):
    assert walk(client, survey, come="2").endswith("/kiem-tra/")
    html = client.get(base(survey) + "kiem-tra/").content.decode()
    assert "lan-den" not in html
    client.post(base(survey))
    answer = client.post(f"{base(survey)}tra-loi/bat-dau/", full_form(come=""))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert client.get(f"{base(survey)}tra-loi/lan-den/").status_code == 302
    unfinished = client.post(base(survey) + "kiem-tra/")
    assert unfinished.url == f"{base(survey)}tra-loi/bat-dau/?sua=1&thieu=1"


def test_it_is_tried_in_english_and_in_no_other_language(client, survey):
    client.post(base(survey, "en"))
    html = client.get(f"{base(survey, 'en')}tra-loi/bat-dau/").content.decode()
    assert '<html lang="en">' in html
    assert "Question come" in html
    assert client.get(base(survey, "fr")).status_code == 404


def test_a_trial_keeps_its_questionnaire_while_others_build_on(client, survey):
    client.post(base(survey))
    saved(client, url("build_section", survey, "S1"), title_vi="Đã sửa")
    html = client.get(f"{base(survey)}tra-loi/bat-dau/").content.decode()
    assert "Đã sửa" not in html
    client.post(base(survey))
    html = client.get(f"{base(survey)}tra-loi/bat-dau/").content.decode()
    assert "Đã sửa" in html


def test_each_person_has_a_trial_of_their_own_and_can_give_it_up(client, survey):
    other = signed_in(builder("nguoi.khac"))
    walk(client, survey)
    assert other.get(base(survey) + "kiem-tra/").url == base(survey)
    client.post(base(survey) + "xoa/")
    assert not TrialAnswer.objects.exists()


def test_what_has_no_questions_cannot_be_tried(client):
    survey = made(client)
    client.post(url("build_question_remove", survey, "agency"))
    assert client.get(base(survey)).url == url("build", survey)
    assert client.get(url("survey_trial_phone", survey)).status_code == 200


def test_a_trial_is_shown_to_no_reader_and_in_no_export(client, survey, capsys):
    walk(client, survey)
    QuestionnaireDraft.objects.get(survey=survey)
    assert not [name for name in dir(survey) if name == "responses" and survey.responses.exists()]
    page = client.get(url("survey_detail", survey)).content.decode()
    assert "Trả lại" not in page


def test_trials_go_at_night_as_old_drafts_do(client, survey, at):
    walk(client, survey)
    begun = at(NOW)
    kept = timedelta(days=rules.value("survey.draft_days").integer)
    at(begun + kept)
    run_the_night()
    assert TrialAnswer.objects.exists()
    at(begun + kept + timedelta(seconds=1))
    run_the_night()
    assert not TrialAnswer.objects.exists()
    assert QuestionnaireDraft.objects.filter(survey=survey).exists()


def run_the_night() -> None:
    """As the schedule does it: every chore that is registered."""
    for chore in registry.chores():
        chore()
