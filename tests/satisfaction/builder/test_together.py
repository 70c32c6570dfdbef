"""Several people at one questionnaire: two at once, and who may at all."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import ModelLogEntry

from editorial import roles
from portal.accounts.roles import Role
from satisfaction.building import drafts, surveys
from satisfaction.models import QuestionnaireDraft
from tests.accounts import staff
from tests.satisfaction.building import (
    add,
    builder,
    codes,
    draft,
    made,
    question,
    saved,
    shown,
    signed_in,
    url,
)

pytestmark = pytest.mark.django_db


class TestTwoAtOnce:
    @pytest.fixture
    def other(self, editor):
        return signed_in(builder("nguoi.khac"))

    @pytest.fixture
    def survey(self, client):
        survey = made(client)
        add(client, survey, "S1", "single", "Câu một", new_choices="A\nB")
        add(client, survey, "S1", "text", "Câu hai")
        return survey

    def test_the_second_save_is_told_who_and_what_and_loses_nothing(self, client, other, survey):
        address = url("build_question", survey, "Q1")
        mine, theirs = shown(client, address), shown(other, address)
        assert other.post(address, theirs | {"label_vi": "Của họ"}).status_code == 302
        answer = client.post(address, mine | {"label_vi": "Của tôi", "vi_1": "A của tôi"})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Nguyễn" in html[html.index("build-note") :][:400]  # who
        assert "Của họ" in html
        assert "Của tôi" in html
        assert "A của tôi" in html
        assert question(survey, "Q1")["label"]["vi"] == "Của họ"
        again = html.split('name="seen" value="')[1].split('"')[0]
        answer = client.post(address, mine | {"label_vi": "Của tôi", "seen": again})
        assert answer.status_code == 302
        assert question(survey, "Q1")["label"]["vi"] == "Của tôi"

    def test_different_questions_are_written_side_by_side(self, client, other, survey):
        first, second = (url("build_question", survey, code) for code in ("Q1", "Q2"))
        mine, theirs = shown(client, first), shown(other, second)
        assert other.post(second, theirs | {"label_vi": "Hai mới"}).status_code == 302
        assert client.post(first, mine | {"label_vi": "Một mới"}).status_code == 302
        labels = [question(survey, code)["label"]["vi"] for code in ("Q1", "Q2")]
        assert labels == ["Một mới", "Hai mới"]

    def test_words_for_a_removed_choice_or_question_are_given_back(self, client, other, survey):
        address = url("build_question", survey, "Q1")
        mine = shown(client, address)
        saved(other, address, remove_2="on")
        answer = client.post(address, mine | {"vi_2": "B viết lại"})
        assert answer.status_code == 409
        assert "B viết lại" in answer.content.decode()
        other.post(url("build_question_remove", survey, "Q1"))
        answer = client.post(address, mine | {"label_vi": "Tôi đã viết"})
        assert answer.status_code == 409
        assert "Tôi đã viết" in answer.content.decode()
        assert "Q1" not in codes(survey)

    def test_the_second_click_adds_no_second_question(self, client, survey):
        address = url("build_question_new", survey, "S1") + "?loai=text"
        data = shown(client, address) | {"label_vi": "Một lần"}
        assert client.post(address, data).status_code == 302
        assert client.post(address, data).status_code == 302
        assert codes(survey) == ["agency", "Q1", "Q2", "Q3"]

    def test_each_change_counts_a_revision_and_is_logged(self, client, survey, editor):
        row = QuestionnaireDraft.objects.get(survey=survey)
        assert row.revision == 2
        assert row.updated_by == editor
        saved(client, url("build_question", survey, "Q2"))  # nothing changed
        assert QuestionnaireDraft.objects.get(survey=survey).revision == 2
        assert ModelLogEntry.objects.filter(action="satisfaction.draft.change").count() == 2


def test_the_working_group_builds_and_nobody_else():
    holders = {role for role in Role if "satisfaction.build_surveys" in roles.granted(role)}
    assert holders == {Role.WORKING_GROUP}


def test_without_the_permission_no_page_opens_and_no_verb_works(client, editor):
    survey = made(client)
    before = draft(survey)
    reader = staff("nguoi.xem", "satisfaction.view_results", "satisfaction.review_responses")
    outsider = signed_in(reader)
    for name, args in [
        ("build", []), ("build_about", []), ("build_section_new", []), ("build_section", ["S1"]),
        ("build_question_new", ["S1"]), ("build_question", ["agency"]), ("build_index", []),
        ("build_condition", ["cau", "agency"]), ("build_publish", []), ("survey_set_up", []),
        ("survey_window", []), ("survey_trial", ["vi"]), ("survey_trial_phone", []),
        ("build_question_remove", ["agency"]), ("survey_compare", []),
    ]:  # fmt: skip
        for answer in (
            outsider.get(url(name, survey, *args)),
            outsider.post(url(name, survey, *args)),
        ):
            assert answer.status_code == 302, name
            assert answer.url == reverse("wagtailadmin_home")
    assert outsider.get(url("survey_record", survey)).status_code == 200
    with pytest.raises(PermissionDenied):
        drafts.change(survey.pk, lambda definition, spent: None, by=reader, what="x")
    with pytest.raises(PermissionDenied):
        surveys.change_window(survey.pk, by=reader, closes_at=survey.closes_at, reason="x")
    assert draft(survey) == before
