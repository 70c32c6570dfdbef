"""Questionnaires in and out through the admin: a dry run, then confirmed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from satisfaction.checks import problems
from satisfaction.exchange import importing
from satisfaction.models import QuestionnaireDraft, QuestionnaireImport, SurveyVersion
from satisfaction.questionnaires import template
from tests.accounts import staff

from .exchanged import FOREIGN, workbook
from .factories import make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Reports are asserted in the words of the source; the admin speaks Vietnamese all the same."""
    with translation.override("en"):
        yield


@pytest.fixture
def builder():
    return staff("soan.bang.hoi", "satisfaction.build_surveys")


def send(client, survey, content: bytes, name: str = "bang.xlsx"):
    return client.post(
        reverse("survey_imports", args=[survey.pk]),
        {"file": SimpleUploadedFile(name, content)},
        follow=True,
    )


def test_nothing_changes_before_the_editor_confirms(client, builder):
    survey = make_survey()
    client.force_login(builder)
    page = send(client, survey, workbook(**FOREIGN))
    made = QuestionnaireImport.objects.get()
    assert (made.state, made.created_by) == ("checked", builder)
    assert "choice_filter" not in page.content.decode()
    assert not QuestionnaireDraft.objects.exists()
    # What the editor still has to complete is told, too.
    assert any(
        line["effect"] == "open" and "chỉ số" in line["text"].casefold() for line in made.lines
    )
    for _twice in range(2):
        page = client.post(reverse("survey_import_take", args=[made.pk]))
        assert page["Location"] == reverse("survey_import_report", args=[made.pk]), (
            page.content.decode()[-600:]
        )
    draft = QuestionnaireDraft.objects.get(survey=survey)
    assert draft.definition == made.definition
    assert draft.revision == 1
    assert SurveyVersion.objects.filter(survey=survey).count() == 1
    made.refresh_from_db()
    assert made.state == "taken"


def test_a_refused_file_cannot_be_confirmed(client, builder):
    survey = make_survey()
    client.force_login(builder)
    page = send(client, survey, b"<html>", "bang.xlsx")
    made = QuestionnaireImport.objects.get()
    assert made.state == "refused"
    assert reverse("survey_import_take", args=[made.pk]) not in page.content.decode()
    client.post(reverse("survey_import_take", args=[made.pk]))
    assert not QuestionnaireDraft.objects.exists()
    send(client, survey, b"x", "bang.exe")
    assert QuestionnaireImport.objects.first().state == "refused"


def test_our_own_workbook_goes_round_through_the_admin(client, builder):
    survey = make_survey()
    client.force_login(builder)
    response = client.get(reverse("survey_xlsform", args=[survey.pk]))
    assert response["Content-Disposition"].endswith('.xlsx"')
    send(client, survey, response.content)
    made = QuestionnaireImport.objects.get()
    assert made.definition == template("sipas_service")
    assert problems(made.definition) == []
    assert json.loads(json.dumps(made.lines)) == made.lines


def test_only_who_builds_surveys_may_exchange_them(client, builder):
    survey = make_survey()
    made = importing.hand_in(survey.pk, SimpleUploadedFile("a.xlsx", b"x"), builder)
    client.force_login(staff("khac", "satisfaction.view_results"))
    for name, key in [("survey_imports", survey.pk), ("survey_xlsform", survey.pk),
                      ("survey_import_report", made.pk)]:  # fmt: skip
        assert client.get(reverse(name, args=[key])).status_code == 302
    client.post(reverse("survey_import_take", args=[made.pk]))
    assert not QuestionnaireDraft.objects.exists()


def test_dry_runs_are_forgotten(builder, at):
    survey = make_survey()
    at("2026-11-01 09:00")
    importing.hand_in(survey.pk, SimpleUploadedFile("a.xlsx", b"x"), builder)
    at("2026-12-02 09:00")
    assert importing.purge() == 1
